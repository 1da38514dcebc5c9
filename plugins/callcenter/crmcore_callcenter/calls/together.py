"""One call of what several sources told of it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from attrs import evolve

from crmcore_callcenter.calls.facts import Facts, Leg
from crmcore_callcenter.calls.folding import ANSWERED, COMPLETED, UNKNOWN, fold
from crmcore_callcenter.calls.seconds import talked, whole
from crmcore_callcenter.protocol.events import CallEvent, Party
from crmcore_callcenter.protocol.partly import whole as whole_told

_DETAIL = {"ami": 0, "esl": 0, "post": 0, "cel": 1, "cdr": 2, "queue-log": 3}
"""Who tells most of a call comes first."""
_OTHER = 2
SILENCE = timedelta(hours=12)
"""After that a call of which no more is told is over."""
_CLOCKS = timedelta(seconds=2)
"""By so much sources may differ on when something happened."""

Source = tuple[str, str]
"""A telephone system and what of it tells: asterisk, cdr."""


def facts_of(events: Iterable[CallEvent]) -> Facts:
    """Return what a call was by all that was heard of it; raises `ValueError` for nothing."""
    heard: dict[Source, list[CallEvent]] = defaultdict(list)
    for event in events:
        heard[event.system, event.source].append(event)
    told = {source: whole_told(those) for source, those in heard.items()}
    joined: dict[str, set[str]] = defaultdict(set)
    for (system, _source), those in told.items():
        joined[system].update(event.joins for event in those if event.joins)
    return together({source: fold(those, joined[source[0]]) for source, those in told.items()})


def together(by_source: Mapping[Source, Facts]) -> Facts:
    """Return what a call was: as the source says that tells most, completed by what only others say.

    Where that one does not know of the end, as when it was not listened to then, the others do. Raises `ValueError` for
    no source.
    """
    facts, *others = [by_source[source] for source in sorted(by_source, key=_most_first)]
    for other in others:
        facts = _completed(facts, other)
    return facts


def _most_first(source: Source) -> tuple[int, Source]:
    return _DETAIL.get(source[1], _OTHER), source


def _completed(one: Facts, other: Facts) -> Facts:
    """Return what a call was by one source, completed by another that tells less."""
    is_surer = one.about and not other.about
    ends = other.ended and (not one.ended or one.guessed or is_surer) and (is_surer or _outlasts(other, one))
    legs = other.legs if not one.legs or (ends and other.answered and not one.answered) else one.legs
    answered = one.answered or (other.answered and (ends or not one.legs))
    told = evolve(
        one,
        direction=one.direction or other.direction,
        caller=_caller(one.caller, other.caller),
        dialled=one.dialled or other.dialled,
        queue=one.queue or other.queue,
        queued_at=one.queued_at or other.queued_at,
        started_at=one.started_at or other.started_at,
        answered=answered,
        answered_at=one.answered_at or (other.answered_at if answered else None),
        last_at=max((at for at in (one.last_at, other.last_at) if at is not None), default=None),
        legs=legs,
        transfers=one.transfers or other.transfers,
        hold_seconds=one.hold_seconds or other.hold_seconds,
        abandoned=(one.abandoned or other.abandoned) and not answered,
        recordings=tuple(dict.fromkeys([*one.recordings, *other.recordings])),
    )
    if ends:
        told = evolve(told, status="ended", ended_at=other.ended_at, guessed=other.guessed, about=other.about)
        told = evolve(told, reason=one.reason if is_surer and one.reason not in ("", UNKNOWN) else other.reason)
    elif told.ended and other.ended:
        told = evolve(
            told,
            ended_at=one.ended_at or other.ended_at,
            reason=other.reason if one.reason in ("", UNKNOWN) and other.reason else one.reason,
        )
    if not told.ended:
        return told
    told = evolve(told, legs=tuple(_closed(leg, told, one.ended_at if one.guessed else None) for leg in told.legs))
    seconds = None if told.about else whole(told.started_at, told.ended_at)
    talk = None if answered and (told.about or one.about) else talked(told)
    return evolve(
        told,
        seconds=other.seconds if seconds is None else seconds,
        talk_seconds=other.talk_seconds if talk is None else talk,
    )


def presumed_over(facts: Facts, now: datetime) -> Facts:
    """Return a call of which a file tells no end as over, nobody knows why, if it is long since anything happened."""
    if facts.ended or facts.last_at is None or now - facts.last_at < SILENCE:
        return facts
    over = evolve(facts, status="ended", reason=UNKNOWN, ended_at=facts.last_at, guessed=True)
    return evolve(over, legs=tuple(_closed(leg, over, None) for leg in over.legs))


def _closed(leg: Leg, facts: Facts, guess: datetime | None) -> Leg:
    """Return a leg that ends with its call at the latest; one that ended with what was guessed ends with it too."""
    is_open = leg.ended_at is None and leg.reason in ("", ANSWERED)
    if not is_open and (guess is None or leg.ended_at != guess):
        return leg
    return evolve(leg, ended_at=facts.ended_at, reason=COMPLETED if leg.answered else facts.reason)


def _outlasts(other: Facts, one: Facts) -> bool:
    """Return whether a source that tells of the end does so after the last that the other heard."""
    return one.last_at is None or other.ended_at is None or other.ended_at + _CLOCKS >= one.last_at or one.guessed


def _caller(one: Party, other: Party) -> Party:
    if not (one.number or one.device):
        return other
    return one if one.name else evolve(one, name=other.name)
