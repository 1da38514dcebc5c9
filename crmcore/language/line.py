"""Reading one line of a log: who, by which channel, when, how long, what about, and what is still to do (S0-21, S1-01).

`Li Wei 10 min call, wants quote by Friday` is a call of ten minutes with Li Wei and a task of ours, due on Friday.
What the line does not say is decided, never asked:

- the channel comes from what is told as done, not from what is to do; a duration without a channel is a call; with
  neither it is a note;
- the time is that of the date told as done, at noon where only the day is said, else now;
- a preference (`no call before 10:00`) is kept as such and is no task.
"""

import re
from datetime import datetime, time, timedelta

from attrs import frozen

from crmcore.language.channels import find_channel, find_direction
from crmcore.language.dates import FoundDate, find_dates
from crmcore.language.durations import FoundDuration, find_durations
from crmcore.language.followups import Clause, FollowUp, read_clauses
from crmcore.language.people import Lookup, find_people
from crmcore.language.preferences import Preference, find_preferences

_ABOUT = re.compile(
    r"(?:\babout|\bre:?|\bregarding|\bconcerning|\bdiscussed|\bsubject:)\s+(?P<about>[^,.;!?\n]+)"
    r"|(?:关于|谈了|聊了|讨论了|沟通了?|说了|咨询了?|介绍了)(?P<han>[^，。；！？\n,;]+)",
    re.IGNORECASE,
)
_LONGEST_SUBJECT = 80
_NOON = time(12)


@frozen(kw_only=True)
class LogLine:
    """One line, read. `body` is the line as typed.

    `who` holds candidate texts for the contact or customer, likeliest first; `organisation` the one named with the
    person. `channel` is call, email, chat, meeting, visit, letter, fax or note; `direction` out, in or empty; `at`
    aware, in the zone of the clock given.
    """

    who: tuple[str, ...]
    organisation: str
    channel: str
    direction: str
    at: datetime
    seconds: int | None
    subject: str
    body: str
    follow_ups: tuple[FollowUp, ...]
    preferences: tuple[Preference, ...]


def _instant(now: datetime, dates: list[FoundDate]) -> datetime:
    """Return when it happened: the first date told as done that is not after `now`."""
    for found in dates:
        if found.kind == "due" or found.date > now.date():
            continue
        if found.date == now.date():
            if found.time is None:
                continue
            then = datetime.combine(found.date, found.time, now.tzinfo)
            if then > now and found.kind == "happened":
                return then - timedelta(days=1)
            if then <= now:
                return then
        else:
            return datetime.combine(found.date, found.time or _NOON, now.tzinfo)
    return now


def _told(text: str, parts: list[Clause], apart: list[str]) -> str:
    """Return `text` with everything blanked that is to do or is a preference: what is left was told as done."""
    told = text
    for clause in parts:
        if clause.follow_up or any(clause.part.text.strip() in sentence for sentence in apart):
            told = told[: clause.part.start] + " " * (clause.part.end - clause.part.start) + told[clause.part.end :]
    return told


def _shortened(text: str) -> str:
    plain = " ".join(text.split())
    if len(plain) <= _LONGEST_SUBJECT:
        return plain
    cut = plain[:_LONGEST_SUBJECT]
    return (cut.rsplit(" ", 1)[0] if " " in cut[40:] else cut) + "…"


def _subject(text: str, follow_ups: list[FollowUp]) -> str:
    """Return what the line says it is about, else its first follow-up, else its beginning."""
    about = _ABOUT.search(text)
    if about:
        return _shortened((about["about"] or about["han"]).strip())
    return _shortened(follow_ups[0].text if follow_ups else text.strip())


def _duration(durations: list[FoundDuration], told: str, text: str) -> int | None:
    for found in durations:
        if told[found.start : found.end].strip() or len(durations) == 1:
            return found.seconds
    return None


def read_line(text: str, now: datetime, names: Lookup | None = None) -> LogLine:
    """Return `text` as an interaction with its follow-ups and preferences. Never raises for any text.

    `now` is aware: the clock of whoever writes. `names` looks a span of text up in the address book, to tell people
    from other words.
    """
    dates = find_dates(text, now.date())
    preferences = find_preferences(text)
    clauses = read_clauses(text, dates, now)
    wanted = [preference.text for preference in preferences]
    follow_ups = [c.follow_up for c in clauses if c.follow_up and not any(w in c.part.text for w in wanted)]
    told = _told(text, clauses, wanted)
    seconds = _duration(find_durations(text), told, text)
    channel = find_channel(told)
    people = find_people(text, names)
    return LogLine(
        who=people.who,
        organisation=people.organisation,
        channel=channel or ("call" if seconds is not None else "note"),
        direction=find_direction(told) if channel else "",
        at=_instant(now, [d for d in dates if told[d.start : d.end].strip()]),
        seconds=seconds,
        subject=_subject(text, follow_ups),
        body=text,
        follow_ups=tuple(dict.fromkeys(follow_ups)),
        preferences=tuple(preferences),
    )
