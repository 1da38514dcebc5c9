"""`crm service ticket assign|take`."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from crmcore.command import as_json
from crmcore.reports.showing import out_option, present
from crmcore_service.cli.ticket_said import tickets_said
from crmcore_service.cli.ticket_told import print_changed
from crmcore_service.i18n import _

if TYPE_CHECKING:
    from crmcore.reports.report import Report
    from crmcore_service.routing.choosing import Candidate


@click.command()
@click.argument("tickets", nargs=-1, required=True, metavar="TICKET...")
@click.option("--to", "login", metavar="LOGIN", help="Whom to give them to.")
@click.option("--best", is_flag=True, help="Give each to whom it fits best.")
@click.option("--nobody", is_flag=True, help="Give them back to their queue.")
@click.option("--suggest", is_flag=True, help="Only show who fits, with the figures; of one ticket.")
@as_json
@out_option
def assign(
    tickets: tuple[str, ...],
    login: str | None,
    best: bool,
    nobody: bool,
    suggest: bool,
    json_: bool,
    out: Path | None,
) -> None:
    """Give tickets to somebody: by skill and its level, load, first-fix record and distance, with --best.

    Who is away, or has not the skill that the category or queue asks for, is not chosen.
    """
    from crmcore.api import InvalidInput, Refused, owner_named, session
    from crmcore_service.model.ticket import Ticket
    from crmcore_service.routing.choosing import candidates
    from crmcore_service.tickets.moving import assign_to

    if (login is not None) + best + nobody + suggest != 1:
        raise InvalidInput(_("Say one of --to LOGIN, --best, --nobody, --suggest."))
    if suggest and len(tickets) > 1:
        raise InvalidInput(_("--suggest is of one ticket."))
    with session() as s:
        if suggest:
            with s.write() as tx:
                report = _suggested(candidates(tx, tx.get(Ticket, tickets_said(tx, tickets)[0])))
            present(report, json_=json_, out=out)
            return
        with s.write() as tx:
            ids = tickets_said(tx, tickets)
            owner_id = owner_named(tx, login) if login else None
            for key in ids:
                record = tx.get(Ticket, key)
                if best:
                    fits = next((one for one in candidates(tx, record) if not one.why_not), None)
                    if fits is None:
                        raise Refused([_("Nobody fits {ticket}; see --suggest.").format(ticket=f"T{key}")])
                    owner_id = fits.user_id
                assign_to(tx, record, owner_id)
                tx.flush()
        print_changed(s, ids, json_=json_, whose=True)


def _suggested(found: "list[Candidate]") -> "Report":
    import attrs

    from crmcore.reports.report import Column, Report

    return Report(
        title=_("Who fits"),
        columns=[Column(_("login")), Column(_("score"), number=True), Column(_("figures")), Column(_("why not"))],
        rows=[(one.login, str(one.score), one.figures, one.why_not) for one in found],
        notes=(_("Score of 100: skill 25, product 10, load 45, fixed at once 10, distance 10."),),
        data=[attrs.asdict(one) for one in found],
    )


@click.command()
@click.argument("tickets", nargs=-1, required=True, metavar="TICKET...")
@as_json
def take(tickets: tuple[str, ...], json_: bool) -> None:
    """Take tickets: they are your own."""
    from crmcore.api import session
    from crmcore_service.model.ticket import Ticket
    from crmcore_service.tickets.moving import assign_to

    with session() as s:
        with s.write() as tx:
            ids = tickets_said(tx, tickets)
            for key in ids:
                assign_to(tx, tx.get(Ticket, key), s.actor.user_id)
        print_changed(s, ids, json_=json_, whose=True)
