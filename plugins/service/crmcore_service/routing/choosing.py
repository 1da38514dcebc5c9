"""Whose a ticket becomes: who of its queue's people fits it best, and why."""

from collections.abc import Sequence
from typing import Any

from attrs import frozen

from crmcore_service.i18n import _
from crmcore_service.model.spots import km
from crmcore_service.routing.candidates import AnyReader, Concerned, Needed, Person, needed, people

ASSIGN = "service.assign"
AUTOMATIC = "automatic"
_SKILL, _MODEL, _LOAD, _FIXING, _NEAR = 25, 10, 45, 10, 10
"""What each counts, of a hundred."""
_BUSY, _FAR, _BEST = 4.0, 50.0, 5
"""What is added to the greatest load, so that small ones hardly differ; how far away (kilometres) somebody counts half;
the best level of a skill."""


@frozen(kw_only=True)
class Candidate:
    """One of our people for a ticket: `score` of a hundred, the figures behind it, and why not, where that is so.

    `level` is how well the needed skill is mastered, `model_level` how well the product is known; `fix_rate` is the
    share of visits that fixed it at once, `distance` in kilometres. None is not known.
    """

    user_id: int
    login: str
    score: float
    level: int | None
    model_level: int | None
    open: int
    load: float
    visits: int
    fix_rate: float | None
    distance: float | None
    why_not: str

    @property
    def figures(self) -> str:
        """The figures in one line."""
        parts = [
            _("skill {level}").format(level=self.level) if self.level is not None else "",
            _("product {level}").format(level=self.model_level) if self.model_level is not None else "",
            _("load {load} ({n} open)").format(load=f"{self.load:g}", n=self.open),
            _("fixed at once {share} of {n}").format(share=f"{self.fix_rate:.0%}", n=self.visits)
            if self.fix_rate is not None
            else "",
            _("{n} km").format(n=round(self.distance)) if self.distance is not None else "",
        ]
        return ", ".join(each for each in parts if each)


def candidates(reader: AnyReader, about: Concerned) -> list[Candidate]:
    """Return who may be given a ticket, the best first, and behind them who may not, with the reason.

    Nine statements at most.
    """
    wants = needed(reader, about)
    return _ranked(wants, people(reader, wants.team))


def chosen(reader: AnyReader, about: Concerned) -> Candidate | None:
    """Return who gets a new ticket at once; None where its queue assigns none by itself, or nobody may have it."""
    wants = needed(reader, about)
    if wants.assign != AUTOMATIC and (wants.assign or reader.setting(ASSIGN) != AUTOMATIC):
        return None
    return next((one for one in _ranked(wants, people(reader, wants.team)) if not one.why_not), None)


def _ranked(wants: Needed, found: Sequence[Person]) -> list[Candidate]:
    most = max((one.load for one in found), default=0.0) + _BUSY
    judged = [_judged(one, wants, most) for one in found]
    return sorted(judged, key=_order)


def _order(one: Candidate) -> tuple[Any, ...]:
    return bool(one.why_not), -one.score, one.load, one.user_id


def _judged(one: Person, wants: Needed, most: float) -> Candidate:
    level = one.skills.get(wants.skill.casefold()) if wants.skill else None
    model_level = one.skills.get(wants.model.casefold()) if wants.model else None
    distance = km(one.spot, wants.spot) if one.spot and wants.spot else None
    parts = (
        (_SKILL, 1.0 if not wants.skill else min(level or 0, _BEST) / _BEST),
        (_MODEL, min(model_level or 0, _BEST) / _BEST),
        (_LOAD, 1 - one.load / most),
        (_FIXING, (one.fixed + 1) / (one.visits + 2)),
        (_NEAR, 0.5 if distance is None else 1 / (1 + distance / _FAR)),
    )
    return Candidate(
        user_id=one.id, login=one.login, score=round(sum(weight * share for weight, share in parts), 1), level=level,
        model_level=model_level, open=one.open, load=one.load, visits=one.visits,
        fix_rate=one.fixed / one.visits if one.visits else None, distance=distance,
        why_not=_why_not(one, wants, level),
    )  # fmt: skip


def _why_not(one: Person, wants: Needed, level: int | None) -> str:
    if one.away_until is not None:
        return _("away until {day}").format(day=one.away_until.isoformat())
    if one.is_off:
        return _("takes nothing at present")
    if wants.skill and level is None:
        return _("does not know {skill}").format(skill=wants.skill)
    if wants.skill and level is not None and level < wants.level:
        return _("knows {skill} at level {level}, {needed} is needed").format(
            skill=wants.skill, level=level, needed=wants.level
        )
    return ""
