"""What marketing knows of people as it stood on a day: what they did, what passed, what they said they need.

Nothing of it is known only later, so that a card learns from what could be known before somebody bought.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from attrs import frozen
from sqlalchemy import ColumnElement, FromClause, case, func, select

from crmcore.api import PluginReader, Reader, askable, known, outcomes, tables
from crmcore_marketing.campaigns.touching import ENGAGING
from crmcore_marketing.i18n import _
from crmcore_marketing.scoring.card import MOMENT, NUMBER, TEXT, TRUTH
from crmcore_marketing.tables import qualification, touch

_YEAR = timedelta(days=365)
_COUNTED = ("sent", "click", "reply", "visit", "form", "registered", "attended", "material", "answer")


@frozen(kw_only=True, eq=False)
class Fact:
    """Something known of contacts: `value`, a column of `source` with at most one row for each contact, `key`."""

    name: str
    title: str
    kind: str
    source: FromClause
    key: ColumnElement[int]
    value: ColumnElement[Any]
    empty: int | None = None

    @property
    def known(self) -> ColumnElement[Any]:
        """The value, with what stands for no row."""
        return self.value if self.empty is None else func.coalesce(self.value, self.empty)


def facts(reader: Reader | PluginReader, at: datetime) -> Iterator[Fact]:
    """Yield what is known before an instant, of a year: touches, talks, answers, what sales said of a lead."""
    yield from _touches(at)
    yield from _talks(at)
    yield _needs(at)
    yield from _decisions(reader, at)


def asked(reader: Reader | PluginReader, names: tuple[str, ...], at: datetime) -> Iterator[Fact]:
    """Yield fields and traits by their names, as selections have them; raises `InvalidInput` for an unknown one.

    They are as they are now, but for what a trait itself tells by the day.
    """
    kinds = {"number": NUMBER, "text": TEXT, "truth": TRUTH, "date": MOMENT, "instant": MOMENT}
    if not names:
        return
    titles = {one.name: one.title for one in askable(reader)}
    found = known(reader, names, at=at)
    source = found.statement.subquery()
    for number, (name, kind) in enumerate(zip(names, found.kinds, strict=True)):
        yield Fact(
            name=name, title=titles.get(name) or name, kind=kinds[kind], source=source, key=source.c.id,
            value=source.c[f"value_{number}"],
        )  # fmt: skip


def _touches(at: datetime) -> Iterator[Fact]:
    c = touch.c
    counts = [func.count().filter(c.kind == kind).label(kind) for kind in _COUNTED]
    last = func.max(c.at).filter(c.kind.in_(sorted(ENGAGING))).label("last")
    several = func.count(c.campaign_id.distinct()).filter(c.engaging.is_(True)).label("campaigns")
    source = (
        select(c.contact_id, *counts, several, last)
        .where(c.contact_id.is_not(None), c.at < at, c.at >= at - _YEAR)
        .group_by(c.contact_id)
        .subquery()
    )
    key = source.c.contact_id
    titles = {
        "sent": _("mails sent"), "click": _("links clicked"), "reply": _("replies"), "visit": _("visits to the site"),
        "form": _("forms filled in"), "registered": _("registrations"), "attended": _("events attended"),
        "material": _("materials taken"), "answer": _("answers to surveys"),
    }  # fmt: skip
    for kind in _COUNTED:
        value = source.c[kind]
        yield Fact(name=f"touch.{kind}", title=titles[kind], kind=NUMBER, source=source, key=key, value=value, empty=0)
    yield Fact(
        name="touch.campaigns", title=_("campaigns answered"), kind=NUMBER, source=source, key=key,
        value=source.c.campaigns, empty=0,
    )  # fmt: skip
    yield Fact(
        name="touch.last", title=_("days since anything was done"), kind=MOMENT, source=source, key=key,
        value=source.c.last,
    )  # fmt: skip


def _talks(at: datetime) -> Iterator[Fact]:
    c = tables.interaction.c
    source = (
        select(
            c.contact_id,
            func.count().label("talks"),
            func.count().filter(c.direction == "in").label("inward"),
            func.max(c.moment).label("last"),
        )
        .where(c.contact_id.is_not(None), c.moment < at, c.moment >= at - _YEAR)
        .group_by(c.contact_id)
        .subquery()
    )
    key = source.c.contact_id
    for name, title in (("talks", _("interactions")), ("inward", _("interactions that came from them"))):
        yield Fact(name=f"talk.{name}", title=title, kind=NUMBER, source=source, key=key, value=source.c[name], empty=0)
    yield Fact(
        name="talk.last", title=_("days since anything passed"), kind=MOMENT, source=source, key=key,
        value=source.c.last,
    )  # fmt: skip


def _needs(at: datetime) -> Fact:
    c = qualification.c
    order = func.row_number().over(partition_by=c.contact_id, order_by=(c.at.desc(), c.id.desc())).label("place")
    each = select(c.contact_id, c.result, order).where(c.contact_id.is_not(None), c.at < at).subquery()
    source = select(each.c.contact_id, each.c.result).where(each.c.place == 1).subquery()
    return Fact(name="need", title=_("need"), kind=TEXT, source=source, key=source.c.contact_id, value=source.c.result)


def _decisions(reader: Reader | PluginReader, at: datetime) -> Iterator[Fact]:
    """Yield what became of the last lead of each, where somebody keeps leads: rejections count against who is alike."""
    for lead in outcomes(reader, "lead")[:1]:
        order = func.row_number().over(partition_by=lead.contact, order_by=lead.closed.desc()).label("place")
        said = case((lead.state == "won", "accepted"), else_="rejected").label("decision")
        each = (
            select(lead.contact.label("contact_id"), said, order)
            .select_from(lead.source)
            .where(lead.contact.is_not(None), lead.closed < at, lead.state.in_(("won", "lost")))
            .subquery()
        )
        source = select(each.c.contact_id, each.c.decision).where(each.c.place == 1).subquery()
        yield Fact(
            name="lead", title=_("last lead, as sales found it"), kind=TEXT, source=source,
            key=source.c.contact_id, value=source.c.decision,
        )  # fmt: skip
