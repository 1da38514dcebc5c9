"""What one can say of a campaign at the command line, and how that is read."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from crmcore.api import Transaction
    from crmcore_marketing.model.campaign import Campaign

F = TypeVar("F", bound=Callable[..., Any])

_WORDS = ("code", "type", "place", "channel", "industry", "note", "planned_reached", "planned_leads", "planned_orders")


def details(function: F) -> F:
    """Add the options that adding and editing share."""
    for option in reversed(
        (
            click.option("--code", metavar="CODE", help="What people call it, such as C7."),
            click.option("--parent", metavar="CAMPAIGN", help="The campaign it is a part of."),
            click.option("--programme", metavar="NAME|ID", help="The programme it belongs to."),
            click.option("--type", metavar="WORD", help="Such as exhibition, lecture, visit drive, telemarketing."),
            click.option("--from", "starts_on", metavar="DAY", help="The first day."),
            click.option("--to", "ends_on", metavar="DAY", help="The last day."),
            click.option("--place", metavar="NAME"),
            click.option("--channel", metavar="NAME", help="Such as event, email, call, web."),
            click.option("--industry", metavar="NAME"),
            click.option("--product", "products", multiple=True, metavar="CODE|NAME", help="What it is for."),
            click.option("--planned-cost", metavar="AMOUNT", help="Such as 100000, 100k or 10万."),
            click.option("--planned-revenue", metavar="AMOUNT"),
            click.option("--planned-reached", type=click.IntRange(0), metavar="N", help="How many people."),
            click.option("--planned-leads", type=click.IntRange(0), metavar="N"),
            click.option("--planned-orders", type=click.IntRange(0), metavar="N"),
            click.option("--currency", metavar="CODE", help="Of what is planned; default: the workspace's."),
            click.option("--owner", metavar="LOGIN", help="Whose it is; default: your own."),
            click.option("--note", metavar="TEXT"),
            click.option(
                "--outcome", "outcomes", multiple=True, metavar="NAME=N",
                help="What came of it, as its type counts it: visitors=1200.",
            ),
            click.option(
                "--set", "values", multiple=True, metavar="FIELD=VALUE", help="A field of your workspace's own."
            ),
        )
    ):  # fmt: skip
        function = option(function)
    return function


def fields_said(tx: "Transaction", given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of a campaign that options say; those that were not said are left out.

    An empty text takes a day, a parent or an amount away. Raises `InvalidInput` or `NotFound` that names the option.
    """
    from crmcore.api import day_said, here, money_said, owner_named
    from crmcore_marketing.campaigns.finding import campaign_named
    from crmcore_marketing.programmes.finding import programme_named

    found: dict[str, Any] = {name: given[name] for name in _WORDS if given.get(name) is not None}
    for name in ("code", "type", "place", "channel", "industry"):
        if name in found:
            found[name] = found[name].strip()
    for name in ("planned_cost", "planned_revenue"):
        if given.get(name) is not None:
            amount, currency = money_said(name.replace("_", " "), given[name]) if given[name] else (None, "")
            found[name] = amount
            found |= {"currency": currency} if currency else {}
    if given.get("currency"):
        found["currency"] = given["currency"].upper()
    today = here(tx).today
    for name, option in (("starts_on", "--from"), ("ends_on", "--to")):
        if given.get(name) is not None:
            found[name] = day_said(option, given[name], today) if given[name] else None
    if given.get("parent") is not None:
        found["parent_id"] = campaign_named(tx, given["parent"]) if given["parent"] else None
    if given.get("programme") is not None:
        found["programme_id"] = programme_named(tx, given["programme"]) if given["programme"] else None
    if given.get("products"):
        found["products"] = [one.strip() for one in given["products"] if one.strip()]
    if given.get("owner"):
        found["owner_id"] = owner_named(tx, given["owner"])
    return found


def assign_said(tx: "Transaction", record: "Campaign", given: Mapping[str, Any]) -> None:
    """Give a campaign the outcomes and the workspace's own fields that were said; raises `InvalidInput`."""
    from crmcore.api import assign, here, values_said
    from crmcore_marketing.campaigns.editing import process_of
    from crmcore_marketing.campaigns.outcomes import set_outcomes

    set_outcomes(tx, record, given["outcomes"])
    if given["values"]:
        process = process_of(tx)
        assign(tx, process, record, values_said(tx.definitions, tx.entities, process, given["values"], here(tx).region))
