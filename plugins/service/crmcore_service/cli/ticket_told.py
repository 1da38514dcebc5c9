"""How tickets are shown: in a line, as a table, as a card with what was said, or to a program."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from crmcore_service.i18n import _

if TYPE_CHECKING:
    from datetime import datetime

    from crmcore.api import Here, Reader, Session
    from crmcore.reports.report import Report
    from crmcore_service.tickets.knowing import Known
    from crmcore_service.tickets.threads import Spoken
    from crmcore_service.tickets.views import TicketView


def data(one: "TicketView") -> dict[str, Any]:
    """Return a ticket as `--json` prints it."""
    import attrs

    return {each.name: getattr(one, each.name) for each in attrs.fields(type(one))}


def line(one: "TicketView") -> str:
    """Return a ticket in one line."""
    who = ", ".join(each.name for each in (one.contact, one.customer) if each)
    return _("{number} {priority} {status}: {subject}{who}").format(
        number=one.number, priority=one.priority, status=_(one.status), subject=one.subject,
        who=f" – {who}" if who else "",
    )  # fmt: skip


def print_changed(s: "Session", ids: Sequence[int], *, json_: bool, one: bool = True, whose: bool = False) -> None:
    """Print tickets after they were changed: a line each, which ends in `whose` it is, or as JSON.

    JSON is a list, unless only `one` can be.
    """
    from crmcore.api import print_json

    with s.read() as reader:
        found = views_of(reader, ids)
    if json_:
        print_json(data(found[0]) if one and len(found) == 1 else [data(each) for each in found])
        return
    for each in found:
        click.echo(f"{line(each)}; {_whose(each)}" if whose else line(each))


def _whose(one: "TicketView") -> str:
    return _("{login}'s").format(login=one.owner) if one.owner else _("nobody's")


def views_of(reader: "Reader", ids: Sequence[int]) -> "list[TicketView]":
    """Return tickets by their ids."""
    from sqlalchemy import select

    from crmcore_service.tables import ticket
    from crmcore_service.tickets.views import views

    return views(reader, select(ticket).where(ticket.c.id.in_(ids)))


def listed(found: "Sequence[TicketView]", here: "Here", now: "datetime") -> "Report":
    """Return tickets as a table: of each who asks, whose it is, and the clock that runs out next."""
    from crmcore.reports.report import Column, Report

    names = (_("ticket"), _("P"), _("status"), _("subject"), _("who"), _("whose"), _("due"))
    return Report(
        title=_("Tickets"),
        columns=[Column(one) for one in names],
        rows=[
            (
                one.number, one.priority, _(one.status), one.subject,
                ", ".join(each.name for each in (one.contact, one.customer) if each),
                one.owner or (one.queue.name if one.queue else ""), _due(one, here, now),
            )
            for one in found
        ],
        data=[data(one) for one in found],
    )  # fmt: skip


def _due(one: "TicketView", here: "Here", now: "datetime") -> str:
    """Return which clock of a ticket runs out next, and when; marked where it did."""
    if one.resolved_at is not None or one.closed_at is not None:
        return ""
    running = [
        (due, name)
        for name, due, done in (
            (_("owner"), one.owner_due, one.assigned_at), (_("answer"), one.first_response_due, one.responded_at),
            (_("solve"), one.resolution_due, None),
        )
        if due is not None and done is None
    ]  # fmt: skip
    if not running:
        return ""
    due, name = min(running)
    day = due.astimezone(here.zone)
    at = day.strftime("%H:%M") if day.date() == here.today else day.strftime("%m-%d %H:%M")
    return _("{clock} {at}, late").format(clock=name, at=at) if due < now else f"{name} {at}"


def print_card(reader: "Reader", one: "TicketView", beside: "Known", spoken: "Sequence[Spoken]") -> None:
    """Print a ticket for a person: what is known of it, and what was said, in its order."""
    from crmcore.api import here, print_table
    from crmcore_service.replying.queueing import ANSWER

    zone = here(reader).zone

    def at(moment: Any) -> str:
        return moment.astimezone(zone).strftime("%Y-%m-%d %H:%M") if moment else ""

    fields = (
        (_("status"), _(one.status)), (_("priority"), one.priority), (_("owner"), one.owner),
        (_("customer"), one.customer and one.customer.name), (_("contact"), one.contact and one.contact.name),
        (_("queue"), one.queue and one.queue.name), (_("category"), one.category and one.category.name),
        (_("service level"), one.level and one.level.name), (_("product"), one.asset and one.asset.name),
        (_("warranty until"), beside.entitled.warranty_until),
        (_("contract"), one.contract and one.contract.name), (_("contract until"), beside.entitled.contract_until),
        (_("channel"), _(one.channel) if one.channel else ""),
        (_("opened"), at(one.opened_at)), (_("answer by"), at(one.first_response_due)),
        (_("answered"), at(one.responded_at)), (_("solve by"), at(one.resolution_due)),
        (_("resolved"), at(one.resolved_at)), (_("closed"), at(one.closed_at)),
        (_("late"), ", ".join(_(each) for each in one.breaches)), (_("opened again"), one.reopened or ""),
        (_("at risk"), _("yes") if one.at_risk else ""), (_("cause"), one.cause), (_("resolution"), one.resolution),
        (_("merged into"), f"T{one.merged_into}" if one.merged_into else ""), (_("note"), one.note),
        (_("also open"), ", ".join(f"{each.number} {each.subject}" for each in beside.others)),
        (_("answer"), _answer(reader, one)), *one.custom.items(),
        *((_(name), value) for name, value in one.details.items() if name != ANSWER),
    )  # fmt: skip
    click.echo(f"{one.number}: {one.subject}  ({_('version')} {one.version})")
    print_table(["", ""], [(name, value) for name, value in fields if value not in (None, "")])
    for each in spoken:
        how = ", ".join(part for part in (_(each.channel), _("automatic") if each.automatic else "", each.why) if part)
        click.echo(f"\n{at(each.at)}  {_between(each)}  ({how})  {each.interaction_id}")
        for text in (each.subject if each.subject not in (one.subject, each.text) else "", each.text):
            if text.strip():
                click.echo("\n".join(f"  {row}" for row in text.strip().splitlines()))


def _answer(reader: "Reader", one: "TicketView") -> str:
    """Return what became of the last mail that a person wrote in a ticket; nothing of one that was sent."""
    from crmcore_service.replying.queueing import ANSWER
    from crmcore_service.replying.states import SENT
    from crmcore_service.replying.views import outgoings

    found = outgoings(reader, limit=1, key=one.details[ANSWER]) if ANSWER in one.details else []
    return "".join(
        _("mail {id}: {state}").format(id=each.id, state=_(each.status)) for each in found if each.status != SENT
    )


def _between(one: "Spoken") -> str:
    """Return who of us and who of them something is between, with an arrow to whom it was said."""
    from crmcore_service.tickets.posts import IN, NOTE, OUT

    if one.channel == NOTE:
        return one.user or _("we")
    if one.direction == OUT:
        return f"{one.user or _('we')} → {one.contact or _('nobody named')}"
    between = " ← " if one.direction == IN else ", "
    return between.join(name for name in (one.user, one.contact) if name) or _("nobody named")
