"""`crm service gain`: what came of tickets, claimed and confirmed."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from crmcore.command import RECORD_ID, as_json, paged
from crmcore.reports.showing import out_option, present
from crmcore_service.i18n import _

if TYPE_CHECKING:
    from crmcore_service.returns.gains import GainView

_KINDS = click.Choice(("renewal", "save", "sale"))
_KEYS = click.argument("keys", metavar="ID...", type=RECORD_ID, nargs=-1, required=True)


@click.group()
def gain() -> None:
    """Trace what tickets brought: contracts renewed, customers who stayed, sales; each counts when it is confirmed."""


@gain.command()
@click.argument("kind", type=_KINDS)
@click.argument("amount", metavar="SUM", required=False, default="")
@click.option("--ticket", required=True, metavar="TICKET", help="What it came of.")
@click.option("--contract", default="", metavar="CONTRACT", help="The contract that shows it.")
@click.option("--record", default="", metavar="KIND:ID", help="The deal or order that shows it: opportunity:12.")
@click.option("--because", "reason", default="", metavar="TEXT", help="Why, needed where no record shows it.")
@click.option("--on", metavar="DAY", help="Default: the record's day, else today.")
@click.option("--rate", metavar="RATE", help="What a unit of another currency was worth; default: as it was last.")
@as_json
def add(
    kind: str,
    amount: str,
    ticket: str,
    contract: str,
    record: str,
    reason: str,
    on: str | None,
    rate: str | None,
    json_: bool,
) -> None:
    """Claim a gain: of a contract, deal or order (its amount is taken), or of a sum for a reason."""
    from crmcore.api import day_said, here, money_said, session
    from crmcore_service.assets.contracts import contract_named
    from crmcore_service.returns.gains import claim, gains
    from crmcore_service.returns.records import contract_shown, record_shown
    from crmcore_service.tickets.finding import ticket_named

    value, code = money_said("SUM", amount) if amount else (None, "")
    with session() as s, s.write() as tx:
        shown = contract_shown(tx, contract_named(tx, contract)) if contract else None
        shown = record_shown(tx, record) if record else shown
        made = claim(
            tx, kind, ticket_named(tx, ticket), shown=shown, amount=value, code=code, reason=reason,
            day=day_said("--on", on, here(tx).today) if on else None,
            rate=money_said("--rate", rate)[0] if rate else None,
        )  # fmt: skip
        tx.flush()
        found = gains(tx, limit=1, key=made.id)
    _told(found, _("Claimed {n}."), json_, one=True)


@gain.command()
@_KEYS
@click.option("--amount", metavar="SUM", help="If it came to less, in its currency.")
@click.option("--note", default="", metavar="TEXT")
@as_json
def confirm(keys: tuple[int, ...], amount: str | None, note: str, json_: bool) -> None:
    """Let claims count; whoever claimed one lets somebody else confirm it."""
    from crmcore.api import money_said, session
    from crmcore_service.returns.gains import confirm, gains
    from crmcore_service.tables import gain as table

    value = money_said("--amount", amount)[0] if amount else None
    with session() as s, s.write() as tx:
        for key in keys:
            confirm(tx, key, amount=value, note=note)
        tx.flush()
        found = gains(tx, limit=len(keys), conditions=(table.c.id.in_(keys),))
    _told(found, _("Confirmed {n}."), json_)


@gain.command()
@_KEYS
@click.option("--because", "note", required=True, metavar="TEXT")
@as_json
def reject(keys: tuple[int, ...], note: str, json_: bool) -> None:
    """Say that claims do not count; they are not proposed again."""
    from crmcore.api import session
    from crmcore_service.returns.gains import gains, reject
    from crmcore_service.tables import gain as table

    with session() as s, s.write() as tx:
        for key in keys:
            reject(tx, key, note=note)
        tx.flush()
        found = gains(tx, limit=len(keys), conditions=(table.c.id.in_(keys),))
    _told(found, _("Rejected {n}."), json_)


@gain.command()
@as_json
def propose(json_: bool) -> None:
    """Claim what the facts suggest: renewals after tickets, and what customers bought; the worker does so nightly."""
    from crmcore.api import session, tell
    from crmcore_service.returns.gains import gains
    from crmcore_service.returns.proposing import propose
    from crmcore_service.tables import gain as table

    with session() as s, s.write() as tx:
        keys = [one.id for one in propose(tx)]
        found = gains(tx, limit=10_000, conditions=(table.c.id.in_(keys[:10_000]),))
    if not found and not json_:
        tell(_("Nothing more follows from the facts; what was proposed is in `crm service gain list`."))
        return
    _told(found, _("Claimed {n}."), json_)


@gain.command("list")
@click.option("--kind", type=_KINDS)
@click.option("--status", type=click.Choice(("claimed", "confirmed", "rejected")))
@click.option("--ticket", default="", metavar="TICKET")
@click.option("--customer", default="", metavar="CUSTOMER")
@click.option("--from", "since", metavar="DAY", help="Of this day or after.")
@click.option("--to", "until", metavar="DAY", help="Of this day or before.")
@paged
@as_json
@out_option
def list_(
    kind: str | None,
    status: str | None,
    ticket: str,
    customer: str,
    since: str | None,
    until: str | None,
    limit: int,
    after: int | None,
    json_: bool,
    out: Path | None,
) -> None:
    """List gains, each with the ticket it came of and the record that shows it."""
    from crmcore.api import session
    from crmcore_service.cli.period import days
    from crmcore_service.cli.returns import about_said
    from crmcore_service.returns.gains import gains
    from crmcore_service.returns.telling import gains_report

    with session() as s, s.read() as reader:
        about = about_said(reader, ticket, customer=customer)
        begin, end = days(reader, since, until)
        found = gains(
            reader, limit=limit, after=after, kind=kind or "", status=status or "", ticket_id=about.ticket_id,
            customer_id=about.customer_id, since=begin, until=end,
        )  # fmt: skip
    present(gains_report(found, _("Gains")), json_=json_, out=out)


def _told(found: "list[GainView]", said: str, json_: bool, *, one: bool = False) -> None:
    from crmcore.api import print_json, tell
    from crmcore_service.returns.telling import gains_report

    if json_:
        print_json(found[0] if one else found)
    elif one:
        tell(_("Claimed as gain {id}.").format(id=found[0].id))
    else:
        present(gains_report(found, said.format(n=len(found))))
