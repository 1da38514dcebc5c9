"""What one can say of an opportunity at the command line, and how that is read."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from crmcore.api import Reader, Transaction
    from crmcore_sales.model.opportunity import Opportunity

F = TypeVar("F", bound=Callable[..., Any])


def details(function: F) -> F:
    """Add the options that adding and editing share."""
    for option in reversed(
        (
            click.option("--amount", metavar="AMOUNT", help="Such as 1600000, 1.6M, 160万 or $40k."),
            click.option("--need-by", metavar="DAY", help="When the customer needs it: 2026-09-30, “30 Sep”, 下周五."),
            click.option(
                "--odds", type=click.IntRange(0, 100), metavar="PERCENT", help="How likely it is won, as you see it."
            ),
            click.option(
                "--category", type=click.Choice(["commit", "best", "pipeline", "omitted"]), help="In the forecast."
            ),
            click.option("--next", "next_step", metavar="TEXT", help="The next step."),
            click.option("--region", metavar="NAME"),
            click.option("--campaign", metavar="NAME", help="Where it came from."),
            click.option("--lead-source", metavar="NAME", help="Where it came from: fair, web, referral."),
            click.option("--channel", metavar="NAME", help="Through which it is sold: direct, partner, web."),
            click.option("--partner", metavar="ID|NAME", help="The partner it is sold with."),
            click.option("--agent", metavar="LOGIN", help="The partner's user who follows it with the owner."),
            click.option("--must-win/--no-must-win", default=None, help="A deal that must be won."),
            click.option("--sponsor", metavar="LOGIN", help="Who of ours backs it."),
            click.option("--note", metavar="TEXT"),
            click.option(
                "--set", "values", multiple=True, metavar="FIELD=VALUE", help="A field of your workspace's own."
            ),
        )
    ):
        function = option(function)
    return function


_WORDS = ("category", "next_step", "region", "campaign", "lead_source", "channel", "note")


def fields_said(reader: "Reader", given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of an opportunity that options say; those that were not said are left out.

    Raises `InvalidInput` or `NotFound` that names the option for what cannot be read.
    """
    from crmcore.api import day_said, here, money_said, owner_named, party_id, tables

    found: dict[str, Any] = {name: given[name] for name in _WORDS if given.get(name) is not None}
    if given.get("amount"):
        found["amount"], currency = money_said("amount", given["amount"])
        found |= {"currency": currency} if currency else {}
    if given.get("need_by"):
        found["need_by"] = day_said("need by", given["need_by"], here(reader).today)
    if given.get("odds") is not None:
        found["probability"] = given["odds"]
    if given.get("must_win") is not None:
        found["must_win"] = given["must_win"]
    if given.get("partner"):
        found["partner_id"] = party_id(reader, tables.customer, given["partner"])
    for option, name in (("agent", "agent_id"), ("sponsor", "sponsor_id"), ("owner", "owner_id")):
        if given.get(option):
            found[name] = owner_named(reader, given[option])
    return found


def assign_said(tx: "Transaction", record: "Opportunity", pairs: tuple[str, ...]) -> None:
    """Give an opportunity the values of `FIELD=VALUE` texts; raises `InvalidInput` that names the field."""
    from crmcore.api import assign, here, values_said
    from crmcore_sales.pipeline.guidance import pipeline

    if pairs:
        process = pipeline(tx.definitions)
        assign(tx, process, record, values_said(tx.definitions, tx.entities, process, pairs, here(tx).region))
