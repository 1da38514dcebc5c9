"""Leads that leak: nobody's for too long, or without a word of ours (row S1-04)."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from attrs import frozen
from sqlalchemy import ColumnElement, Select, func, select

from crmcore.api import Reader
from crmcore.reports.report import Column, Report
from crmcore_sales.i18n import _
from crmcore_sales.leads.clocks import Clocks, clocks
from crmcore_sales.leads.listing import LeadView, late, views
from crmcore_sales.leads.states import of_kind
from crmcore_sales.tables import lead

_AT_ONCE = 20_000


@frozen(kw_only=True)
class Leak:
    """A lead that leaks: `without` is owner, contact or both; `hours` since it came; whether a manager was told."""

    lead: LeadView
    without: Sequence[str]
    hours: int
    escalated: bool


@frozen(kw_only=True)
class Leaks:
    """How the leads that came `since` were handled, and all open ones that leak, those waiting longest first.

    `contacted_in_time` got our first word within `contact_hours`. `without_owner` and `without_contact` have passed
    their clock; of the latter `escalated` were told to a manager, and `unnoticed` were not. `leaking` is either.
    """

    since: datetime
    owner_hours: float
    contact_hours: float
    received: int
    contacted: int
    contacted_in_time: int
    accepted: int
    rejected: int
    leaking: int
    without_owner: int
    without_contact: int
    escalated: int
    unnoticed: int
    leaks: Sequence[Leak]


def leaks(reader: Reader, *, days: int = 7, limit: int = 50, owner_id: int | None = None) -> Leaks:
    """Return how the leads of the last days were handled, and which leak: eight statements."""
    c, times, since = lead.c, clocks(reader), reader.now - timedelta(days=days)
    mine = () if owner_id is None else (c.owner_id == owner_id,)
    accepted, rejected = (of_kind(reader.definitions, kind) for kind in ("won", "lost"))
    counts = {
        "contacted": c.contacted_at.is_not(None), "accepted": c.status.in_(accepted), "rejected": c.status.in_(rejected)
    }  # fmt: skip
    came = reader.rows(_counted(counts, "received").where(c.received_at >= since, *mine))[0]
    waiting = select(lead).where(late(reader.now, times), *mine).order_by(c.received_at, c.id).limit(limit)
    return Leaks(
        since=since,
        owner_hours=times.owner_hours,
        contact_hours=times.contact_hours,
        **came._mapping,
        contacted_in_time=_in_time(reader, times, since, mine),
        **_late(reader, times, mine),
        leaks=[_leak(one, times, reader.now) for one in views(reader, waiting, times)],
    )


def _counted(counts: Mapping[str, ColumnElement[bool]], whole: str) -> Select[Any]:
    """Return the statement that counts rows: all of them as `whole`, and those that meet each condition."""
    columns: list[Any] = [func.count().filter(one).label(name) for name, one in counts.items()]
    return select(func.count().label(whole), *columns).select_from(lead)


def _in_time(reader: Reader, times: Clocks, since: datetime, mine: Sequence[Any]) -> int:
    """Return how many of the leads that came since then were contacted in time: a statement for each 20,000.

    By a business calendar this is no sum of hours, so that it is reckoned here and not in the database.
    """
    c, last = lead.c, 0
    found: int = 0
    while True:
        contacted = select(c.id, c.received_at, c.contacted_at).where(
            c.received_at >= since, c.contacted_at.is_not(None), c.id > last, *mine
        )
        rows = reader.rows(contacted.order_by(c.id).limit(_AT_ONCE))
        found += sum(bool(row.contacted_at <= times.due(row.received_at, times.contact_hours)) for row in rows)
        if len(rows) < _AT_ONCE:
            return found
        last = rows[-1].id


def _late(reader: Reader, times: Clocks, mine: Sequence[Any]) -> dict[str, int]:
    """Return how many open leads have passed each clock: one statement."""
    c = lead.c
    silent = c.contacted_at.is_(None) & (c.received_at <= times.before(reader.now, times.contact_hours))
    nobodys = c.owner_id.is_(None) & (c.received_at <= times.before(reader.now, times.owner_hours))
    counts = {
        "without_owner": nobodys,
        "without_contact": silent,
        "escalated": silent & c.escalated_at.is_not(None),
        "unnoticed": silent & c.escalated_at.is_(None),
    }
    row = reader.rows(_counted(counts, "leaking").where(late(reader.now, times), *mine))[0]
    return dict(row._mapping)


def _leak(one: LeadView, times: Clocks, now: datetime) -> Leak:
    due = (("owner", one.owner_due), ("contact", one.contact_due))
    return Leak(
        lead=one,
        without=[what for what, until in due if until is not None and until <= now],
        hours=int((now - one.received_at) / timedelta(hours=1)),
        escalated=one.escalated_at is not None,
    )


def report(found: Leaks) -> Report:
    """Return the leaks as a table to show or pass on."""
    words = {"owner": _("no owner"), "contact": _("no word of ours")}
    return Report(
        title=_("Leads that leak: {n}").format(n=found.leaking),
        columns=(
            Column(_("id"), number=True), Column(_("lead")), Column(_("about")), Column(_("owner")), Column(_("leak")),
            Column(_("hours"), number=True), Column(_("manager told")),
        ),
        rows=[
            (
                one.lead.id,
                one.lead.title,
                about(one.lead),
                one.lead.owner,
                ", ".join(words[each] for each in one.without),
                one.hours,
                _("yes") if one.escalated else "",
            )
            for one in found.leaks
        ],
        notes=(
            _(
                "{received} leads came since {since}: {in_time} contacted within {hours:g} hours, {accepted} accepted,"
                " {rejected} rejected."
            ).format(
                received=found.received,
                since=found.since.date().isoformat(),
                in_time=found.contacted_in_time,
                hours=found.contact_hours,
                accepted=found.accepted,
                rejected=found.rejected,
            ),
            _(
                "Without owner after {owner:g} h: {ownerless}. Without our word after {contact:g} h: {silent},"
                " {escalated} of them told to a manager."
            ).format(
                owner=found.owner_hours,
                ownerless=found.without_owner,
                contact=found.contact_hours,
                silent=found.without_contact,
                escalated=found.escalated,
            ),
        ),
        data=found,
    )  # fmt: skip


def about(one: LeadView) -> str:
    """Return whom a lead is about, in words."""
    return " / ".join(each.name for each in (one.contact, one.customer) if each is not None)
