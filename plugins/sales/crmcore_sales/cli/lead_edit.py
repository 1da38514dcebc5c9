"""`crm sales lead add|edit|assign|remove`."""

from typing import TYPE_CHECKING, Any

import click

from crmcore.command import RECORD_ID, as_json
from crmcore_sales.cli.lead_show import lead_meant, tell_lead
from crmcore_sales.i18n import _

if TYPE_CHECKING:
    from crmcore.api import Reader, Transaction
    from crmcore_sales.model.lead import Lead

_WORDS = {"source": "lead_source", "campaign": "campaign", "region": "region", "note": "note"}


def _details(function: Any) -> Any:
    for option in (
        click.option("--customer", metavar="ID|NAME", help="Who may want something."),
        click.option("--contact", metavar="ID|NAME", help="The person; the customer follows from it."),
        click.option("--amount", metavar="AMOUNT", help="What it may be worth: 1600000, 1.6M, 160万 or $40k."),
        click.option("--source", metavar="NAME", help="Where it came from: fair, web, referral."),
        click.option("--campaign", metavar="NAME"),
        click.option("--region", metavar="NAME", help="Default: that of the account."),
        click.option("--owner", metavar="LOGIN", help="Whose it is; default: nobody's, it lies in the pool."),
        click.option("--note", metavar="TEXT"),
        click.option("--set", "values", multiple=True, metavar="FIELD=VALUE", help="A field of your workspace's own."),
    ):
        function = option(function)
    return function


@click.command()
@click.argument("title", required=False, default="")
@click.option("--interaction", type=RECORD_ID, metavar="ID", help="What it came from; all else follows from that.")
@click.option("--mine", is_flag=True, help="It is yours.")
@click.option("--received", metavar="TIME", help="When it came, such as 2026-11-22T09:30; default: now.")
@_details
@as_json
def add(title: str, interaction: int | None, mine: bool, received: str | None, json_: bool, **given: Any) -> None:
    """Add a lead: who may want something, or what they want. Its clocks run from now on."""
    from crmcore.api import here, moment_said, session
    from crmcore_sales.leads.keeping import Received
    from crmcore_sales.leads.keeping import add as add_lead

    with session() as s:
        with s.write() as tx:
            said = _said(tx, given)
            known = {name: said.pop(name, None) for name in ("customer_id", "contact_id", "owner_id")}
            if mine:
                known["owner_id"] = tx.actor.user_id
            record = add_lead(
                tx,
                Received(
                    title=title.strip(),
                    interaction_id=interaction,
                    received_at=moment_said("--received", received, here(tx)) if received else None,
                    fields=said,
                    **known,
                ),
            )
            _assign_own(tx, record, given["values"])
        tell_lead(s, record.id, json_=json_)


@click.command()
@click.argument("lead", metavar="ID|TITLE")
@click.option("--title", metavar="TEXT")
@_details
@as_json
def edit(lead: str, title: str | None, json_: bool, **given: Any) -> None:
    """Change a lead; what is not said stays."""
    from crmcore.api import session
    from crmcore_sales.leads.keeping import assign as give
    from crmcore_sales.leads.keeping import edit as edit_lead
    from crmcore_sales.model.lead import Lead

    with session() as s:
        with s.write() as tx:
            key = lead_meant(tx, lead)
            said = {**_said(tx, given), **({"title": title.strip()} if title else {})}
            owner_id = said.pop("owner_id", None)
            if said or not (owner_id or given["values"]):
                edit_lead(tx, key, said)
            record = tx.get(Lead, key)
            if owner_id:
                give(tx, record, owner_id)
            _assign_own(tx, record, given["values"])
        tell_lead(s, key, json_=json_)


@click.command()
@click.argument("leads", nargs=-1, required=True, metavar="ID|TITLE...")
@click.option("--to", metavar="LOGIN", help="To whom; default: you take them.")
@as_json
def assign(leads: tuple[str, ...], to: str | None, json_: bool) -> None:
    """Give leads to somebody, or take them yourself."""
    from crmcore.api import NotFound, owner_named, print_json, session, tell
    from crmcore_sales.leads.keeping import assign as give
    from crmcore_sales.model.lead import Lead
    from crmcore_sales.tables import lead as table

    with session() as s, s.write() as tx:
        owner_id = owner_named(tx, to) if to else tx.actor.user_id
        keys = [int(one) if one.isdecimal() else lead_meant(tx, one) for one in leads]
        found = {one.id: one for one in tx.load(Lead, table.c.id.in_(keys))}
        for key in keys:
            if key not in found:
                raise NotFound(_("There is no lead {id}.").format(id=key))
            give(tx, found[key], owner_id)
    if json_:
        print_json({"leads": list(found), "owner": to or s.actor.login})
    else:
        tell(_("{n} leads are {owner}'s.").format(n=len(found), owner=to or s.actor.login))


@click.command()
@click.argument("lead", metavar="ID|TITLE")
def remove(lead: str) -> None:
    """Remove a lead entered by mistake; `crm history` still has it."""
    from crmcore.api import session, tell
    from crmcore_sales.model.lead import Lead

    with session() as s, s.write() as tx:
        record = tx.get(Lead, lead_meant(tx, lead))
        tx.remove(record)
    tell(_("Lead {id} “{title}” is removed.").format(id=record.id, title=record.title))


def _said(reader: "Reader", given: dict[str, Any]) -> dict[str, Any]:
    """Return the fields of a lead that options say; raises `InvalidInput` or `NotFound` for what cannot be read."""
    from crmcore.api import money_said, owner_named, party_id, tables

    found = {name: given[option] for option, name in _WORDS.items() if given[option] is not None}
    if given["amount"]:
        found["amount"], currency = money_said("amount", given["amount"])
        found |= {"currency": currency} if currency else {}
    for option, table in (("customer", tables.customer), ("contact", tables.contact)):
        if given[option]:
            found[f"{option}_id"] = party_id(reader, table, given[option])
    if given["owner"]:
        found["owner_id"] = owner_named(reader, given["owner"])
    return found


def _assign_own(tx: "Transaction", record: "Lead", pairs: tuple[str, ...]) -> None:
    from crmcore.api import assign as assign_values
    from crmcore.api import here, values_said
    from crmcore_sales.leads.states import process

    if pairs:
        of = process(tx.definitions)
        assign_values(tx, of, record, values_said(tx.definitions, tx.entities, of, pairs, here(tx).region))
