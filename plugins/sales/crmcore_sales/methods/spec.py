"""The hooks of sales: what a sales method asks for, and what it finds in the evidence of many deals at once.

A method sees deals as `Deal` values and nothing else: who decides, what was said by whom and when, who competes. It
keeps nothing of its own, so that methods can be changed, or used side by side, without losing anything (row S2-08).
"""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal

from attrs import field, frozen

from crmcore.hooks.kinds import COLLECT, DECLARE, hook


@frozen(kw_only=True)
class Person:
    """Somebody who has a part in a decision.

    `role` is buyer, user, technical, budget, coach, boss or influencer; `support` is for, neutral, against or empty.
    """

    contact_id: int
    name: str
    role: str
    support: str = ""


@frozen(kw_only=True)
class Said:
    """A piece of evidence; `kind` is need, commitment, result, win, metric, criterion, step or competitor.

    `contact_id` and `name` tell who of them said it, if it is known.
    """

    kind: str
    text: str
    contact_id: int | None = None
    name: str = ""
    on: date | None = None


@frozen(kw_only=True)
class Deal:
    """An opportunity as methods see it."""

    id: int
    title: str
    customer: str = ""
    stage: str = ""
    status: str = "open"
    amount: Decimal | None = None
    currency: str = ""
    need_by: date | None = None
    people: tuple[Person, ...] = ()
    evidence: tuple[Said, ...] = ()

    def holding(self, *roles: str) -> tuple[Person, ...]:
        """Return the people who have one of the roles."""
        return tuple(one for one in self.people if one.role in roles)

    def of(self, *kinds: str) -> tuple[Said, ...]:
        """Return the evidence of these kinds."""
        return tuple(one for one in self.evidence if one.kind in kinds)


@frozen(kw_only=True)
class Question:
    """What a method asks of every deal: it is answered by a person in one of `roles`, or evidence of one of `kinds`."""

    key: str
    text: str
    roles: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()


@frozen(kw_only=True)
class Method:
    """A way of selling: what it asks, and its red flags, as (key, sentence)."""

    name: str
    title: str
    questions: tuple[Question, ...]
    flags: Mapping[str, str] = field(factory=dict)


@frozen(kw_only=True)
class Finding:
    """A red flag of a method on a deal; `about` names the person or thing it is about, `contact_id` the person."""

    deal_id: int
    method: str
    flag: str
    about: str = ""
    contact_id: int | None = None


@hook(DECLARE)
def sales_method() -> Iterable[Method]:  # type: ignore[empty-body] # a specification
    """Declare sales methods."""


@hook(COLLECT)
def sales_findings(deals: Mapping[str, tuple[Deal, ...]]) -> Iterable[Finding]:  # type: ignore[empty-body] # likewise
    """Find red flags in the deals a method is used on: `deals` has them by the method's name.

    One call is made for all deals of a page, so that a method costs the same for one deal and for a hundred.
    """
