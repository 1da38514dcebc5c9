"""`crm sales partner`: partners, the deals they register, and customers that two of them work on."""

from typing import TYPE_CHECKING, Any

import click

from crmcore.command import RECORD_ID, as_json, paged
from crmcore_sales.i18n import _

if TYPE_CHECKING:
    from crmcore.api import Session

_STATUSES = ("protected", "shared", "conflict", "refused", "withdrawn", "expired")


@click.group()
def partner() -> None:
    """Register partners' deals, see whose a customer is and until when, and decide conflicts."""


@partner.command("list")
@paged
@as_json
def list_(limit: int, after: int | None, json_: bool) -> None:
    """List the partners: what they registered, what is open, won and lost with them."""
    from crmcore.api import here, print_json, print_table, session
    from crmcore_sales.accounts.partners import partners

    with session() as s, s.read() as reader:
        found = partners(reader, here(reader).today, limit=limit, after=after)
    if json_:
        print_json(found)
        return
    print_table(
        [_("id"), _("partner"), _("registered"), _("protected"), _("in conflict"), _("open"), _("won"), _("lost"),
         _("agents")],
        [(one.id, one.name, one.registered, one.protected, one.conflicts, one.open, one.won, one.lost,
          ", ".join(one.agents)) for one in found],
    )  # fmt: skip


@partner.command()
@click.argument("partner_name", metavar="PARTNER")
@click.argument("customer")
@click.argument("title")
@click.option("--amount", metavar="AMOUNT", help="Such as 1600000, 1.6M, 160万 or $40k.")
@click.option("--on", metavar="DAY", help="When it was registered; default: today.")
@click.option("--days", type=click.IntRange(1, 3650), default=90, show_default=True, help="How long it is protected.")
@click.option("--deal", type=RECORD_ID, metavar="ID", help="The opportunity it is about; default: a new one.")
@click.option("--agent", metavar="LOGIN", help="Who of the partner's people follows it.")
@click.option("--owner", metavar="LOGIN", help="Who of ours follows it; default: the customer's owner.")
@as_json
def register(partner_name: str, customer: str, title: str, json_: bool, **given: Any) -> None:
    """Register a deal of PARTNER with CUSTOMER: while it is protected no other partner gets that customer.

    When another has it already, or we work on it ourselves, the registration waits in conflict for a decision.
    """
    from crmcore.api import day_said, here, money_said, owner_named, party_id, session, tables
    from crmcore_sales.accounts import registering

    with session() as s:
        with s.write() as tx:
            today = here(tx).today
            fields: dict[str, Any] = {"opportunity_id": given["deal"]}
            if given["amount"]:
                fields["amount"], fields["currency"] = money_said("amount", given["amount"])
            for option in ("agent", "owner"):
                if given[option]:
                    fields[f"{option}_id"] = owner_named(tx, given[option])
            made = registering.register(
                tx,
                partner_id=registering.partner_said(tx, partner_name),
                customer_id=party_id(tx, tables.customer, customer),
                title=title,
                on=day_said("on", given["on"], today) if given["on"] else today,
                days=given["days"],
                fields=fields,
            )
        _tell(s, made.id, json_=json_)


@partner.command()
@click.option("--partner", "partner_name", metavar="ID|NAME")
@click.option("--customer", metavar="ID|NAME")
@click.option("--status", type=click.Choice(_STATUSES))
@paged
@as_json
def deals(limit: int, after: int | None, json_: bool, **given: str | None) -> None:
    """List registered deals, the newest first, and how long each is protected."""
    from crmcore.api import here, party_id, print_json, session, tables
    from crmcore_sales.accounts.registrations import registrations

    with session() as s, s.read() as reader:
        ids = {
            key: party_id(reader, tables.customer, name)
            for key, name in (("partner_id", given["partner_name"]), ("customer_id", given["customer"]))
            if name
        }
        status = given["status"] or ""
        found = registrations(reader, here(reader).today, limit=limit, after=after, status=status, **ids)
    if json_:
        print_json(found)
    else:
        _print(found)


@partner.command()
@click.option("--customer", metavar="ID|NAME")
@as_json
def conflicts(customer: str | None, json_: bool) -> None:
    """List the end customers that two partners work on, or a partner and we; who was there first comes first."""
    from crmcore.api import here, party_id, print_json, print_table, session, tables
    from crmcore_sales.accounts.flags import flags

    with session() as s, s.read() as reader:
        key = party_id(reader, tables.customer, customer) if customer else None
        found = flags(reader, here(reader).today, customer_id=key)
    if json_:
        print_json(found)
        return
    print_table(
        [_("customer"), _("who"), _("deal"), _("since"), _("protected until")],
        [
            ("" if place else one.customer.name, each.partner.name if each.partner else _("we"), each.title,
             each.since, each.until)
            for one in found
            for place, each in enumerate(one.working)
        ],
    )  # fmt: skip


@partner.command()
@click.argument("registration", type=RECORD_ID, metavar="ID")
@click.argument("decision", type=click.Choice(["accept", "share", "refuse"]))
@click.option("--reason", required=True, help="Why; both partners may ask.")
@as_json
def decide(registration: int, decision: str, reason: str, json_: bool) -> None:
    """Decide a conflict: accept takes the customer from who had it, share lets both stand, refuse leaves it there."""
    from crmcore.api import session
    from crmcore_sales.accounts import registering

    with session() as s:
        with s.write() as tx:
            registering.decide(tx, registration, decision, reason)
        _tell(s, registration, json_=json_)


@partner.command()
@click.argument("registration", type=RECORD_ID, metavar="ID")
@click.option("--days", type=click.IntRange(1, 3650), required=True, help="How much longer.")
@click.option("--reason", default="")
@as_json
def extend(registration: int, days: int, reason: str, json_: bool) -> None:
    """Protect a registered deal for longer."""
    from crmcore.api import session
    from crmcore_sales.accounts import registering

    with session() as s:
        with s.write() as tx:
            registering.extend(tx, registration, days, reason)
        _tell(s, registration, json_=json_)


@partner.command()
@click.argument("registration", type=RECORD_ID, metavar="ID")
@click.option("--reason", default="")
@as_json
def withdraw(registration: int, reason: str, json_: bool) -> None:
    """Take a registration back; the customer is free again."""
    from crmcore.api import session
    from crmcore_sales.accounts import registering

    with session() as s:
        with s.write() as tx:
            registering.withdraw(tx, registration, reason)
        _tell(s, registration, json_=json_)


def _tell(s: "Session", key: int, *, json_: bool) -> None:
    from crmcore.api import here, print_json
    from crmcore_sales.accounts.registrations import registrations

    with s.read() as reader:
        found = registrations(reader, here(reader).today, limit=1, registration_id=key)
    if json_:
        print_json(found[0])
    else:
        _print(found)


def _print(found: Any) -> None:
    from crmcore.api import print_table

    print_table(
        [_("id"), _("partner"), _("customer"), _("deal"), _("protected until"), _("days left"), _("status"), _("why")],
        [
            (
                one.id, one.partner and one.partner.name, one.customer and one.customer.name, one.title,
                one.protected_until, one.days_left, _(one.status), one.reason,
            )
            for one in found
        ],
    )  # fmt: skip
