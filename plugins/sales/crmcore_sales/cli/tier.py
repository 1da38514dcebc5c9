"""`crm sales tier`: classes of customers, each with its contact plan."""

from typing import Any

import click

from crmcore.command import as_json
from crmcore_sales.i18n import _

_MANY = click.IntRange(1, 10_000)


@click.group()
def tier() -> None:
    """Define classes of customers, and how often we talk to those in them."""


@tier.command("list")
@as_json
def list_(json_: bool) -> None:
    """List the tiers by rank."""
    from crmcore.api import print_json, print_table, session
    from crmcore_sales.accounts.tiers import tiers

    with session() as s, s.read() as reader:
        found = tiers(reader)
    if json_:
        print_json(found)
        return
    print_table(
        [_("rank"), _("tier"), _("plan"), _("executive level"), _("written to by"), _("who")],
        [
            (
                one.rank,
                one.name,
                _("{times} in {days} days").format(times=one.times, days=one.days),
                _("{times} in {days} days").format(times=1, days=one.executive_days) if one.executive_days else "",
                _("the plugin") if one.automatic else _("a person"),
                _("everybody else") if one.everybody_else else "",
            )
            for one in found
        ],
    )


@tier.command("set")
@click.argument("name")
@click.option("--times", type=_MANY, help="How often we talk to each.  [default: 1]")
@click.option("--days", type=_MANY, help="Within how many days.  [default: 30]")
@click.option("--executive-days", type=_MANY, help="Within how many days with somebody at executive level.")
@click.option("--rank", type=_MANY, help="Its place among the tiers.")
@click.option("--automatic/--by-hand", default=None, help="Who is in it is written to by the plugin.")
@click.option("--everybody-else/--named-only", default=None, help="Who is in no tier is in this one.")
@click.option("--subject", help="Subject of what the plugin writes.")
@click.option("--text", help="What the plugin writes; {contact}, {customer} and {owner} are filled in.")
@as_json
def set_(name: str, json_: bool, **given: Any) -> None:
    """Define a tier, or change what is said of it."""
    from crmcore.api import session
    from crmcore_sales.accounts.tiers import set_tier

    with session() as s, s.write() as tx:
        made = set_tier(tx, name, {field: value for field, value in given.items() if value is not None})
    _told(made, json_)


@tier.command()
@as_json
def suggest(json_: bool) -> None:
    """Define the three tiers most begin with: key, major and mass."""
    from crmcore.api import print_json, session, tell
    from crmcore_sales.accounts import tiers

    with session() as s, s.write() as tx:
        made = tiers.suggest(tx)
    if json_:
        print_json(made)
    else:
        tell(_("There are now: {names}.").format(names=", ".join(one.name for one in made)))


@tier.command()
@click.argument("name")
def remove(name: str) -> None:
    """Remove a tier that no customer is in."""
    from crmcore.api import session, tell
    from crmcore_sales.accounts.tiers import remove_tier

    with session() as s, s.write() as tx:
        remove_tier(tx, name)
    tell(_("Tier {name} is removed.").format(name=name))


def _told(made: Any, json_: bool) -> None:
    from crmcore.api import print_json, tell

    if json_:
        print_json(made)
    else:
        tell(_("Tier {name}: {times} in {days} days.").format(name=made.name, times=made.times, days=made.days))
