"""`crm policy`: what speaks against doing something, and what was decided."""

from datetime import datetime, tzinfo
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import click

from crmcore.cli.card import local
from crmcore.cli.output import as_json, paged, print_json, print_table, tell
from crmcore.hooks.policy import CHANNELS, CONTACT, PURPOSES
from crmcore.i18n import _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crmcore.policy.explaining import Explanation
    from crmcore.policy.log import Asked


@click.group()
def policy() -> None:
    """Explain what speaks against an act, and list what was decided."""


@policy.command()
@click.argument("said", nargs=-1, required=True, metavar="ID|NAME|EMAIL")
@click.option("--act", "kind", default=CONTACT, show_default=True, help="contact, visit, quote, discount, close, ...")
@click.option("--channel", type=click.Choice(CHANNELS), help="For a contact.")
@click.option("--purpose", type=click.Choice(PURPOSES), help="For a contact.")
@click.option("--amount", metavar="NUMBER", help="For a quote.")
@click.option("--currency", default="", metavar="CODE", help="For a quote.")
@click.option("--product", "products", multiple=True, help="For a quote; may be given several times.")
@click.option("--percent", metavar="NUMBER", help="For a discount.")
@click.option("--material", "materials", multiple=True, help="A brochure that goes along, by its code; or several.")
@click.option("--at", metavar="WHEN", help="When it would happen; default: now.")
@as_json
def explain(said: tuple[str, ...], at: str | None, json_: bool, **given: Any) -> None:
    """Tell whether something might be done to a contact or customer: who objects, why, until when, what would lift it.

    Nothing is done, and nothing is written to the journal.
    """
    from crmcore.cli.session import session
    from crmcore.directory.moments import here, moment_said
    from crmcore.hooks.policy import Act
    from crmcore.policy.explaining import explain as explained
    from crmcore.search.naming import the_one

    with session() as s, s.write() as tx:
        place = here(tx)
        found = the_one(tx, " ".join(said), region=place.region)
        fields: dict[str, Any] = {name: value for name, value in given.items() if value is not None}
        for name in ("amount", "percent"):
            if name in fields:
                fields[name] = _number(name, fields[name])
        fields[f"{found.entity}_id"] = found.id
        act = Act(at=moment_said("--at", at, place) if at else tx.now, **fields)
        told = explained(tx, act)
        tx.abandon()
    if json_:
        print_json(_document(told))
    else:
        _print_explanation(told, found.name, place.zone)


def _number(name: str, text: str) -> Decimal:
    try:
        return Decimal(text)
    except ArithmeticError:
        raise click.BadParameter(_("“{text}” is no number.").format(text=text), param_hint=f"--{name}") from None


def _document(told: "Explanation") -> dict[str, Any]:
    decision = told.decision
    return {
        "act": decision.act,
        "allowed": decision.allowed,
        "until": decision.until,
        "objections": [
            {
                "plugin": plugin,
                "reason": one.reason,
                "severity": "blocks" if one.blocks else "warns",
                "until": one.until,
                "lift": one.lift,
            }
            for plugin, one in decision.objections
        ],
        "considered": told.considered,
    }


def _print_explanation(told: "Explanation", name: str, zone: tzinfo) -> None:
    decision = told.decision
    answer = _("{name}: allowed") if decision.allowed else _("{name}: refused")
    if decision.until is not None:
        answer = _("{name}: refused until {until}").replace("{until}", local(decision.until, zone))
    click.echo(answer.format(name=name))
    if decision.objections:
        print_table(
            [_("objection"), _("by"), _("reason"), _("until"), _("lifted by")],
            [
                (_("blocks") if one.blocks else _("warns"), plugin, one.reason, local(one.until, zone), one.lift)
                for plugin, one in decision.objections
            ],
        )
    if told.considered:
        print_table(
            [_("id"), _("by"), _("said"), _("at"), _("until"), _("counts")],
            [
                (one.id, _(one.by), one.text, local(one.at, zone), local(one.until, zone), _(one.standing))
                for one in told.considered
            ],
            title=_("Considered"),
        )


@policy.command()
@click.argument("said", nargs=-1, metavar="[ID|NAME|EMAIL]")
@click.option("--refused", is_flag=True, help="What was refused only.")
@click.option("--plugin", default="", metavar="NAME", help="What this plugin objected to.")
@click.option("--since", metavar="WHEN", help="From this moment on.")
@paged
@as_json
def log(
    said: tuple[str, ...], refused: bool, plugin: str, since: str | None, limit: int, after: int | None, json_: bool
) -> None:
    """List decisions, newest first: who asked for what, what was answered, and who objected."""
    from crmcore.cli.session import session
    from crmcore.directory.moments import here, moment_said
    from crmcore.policy.log import page
    from crmcore.search.naming import the_one

    with session() as s, s.read() as reader:
        place = here(reader)
        found = page(
            reader,
            limit=limit,
            after=after,
            subject_id=the_one(reader, " ".join(said), region=place.region).id if said else None,
            refused=refused,
            plugin=plugin,
            since=moment_said("--since", since, place) if since else None,
        )
    if json_:
        print_json(found)
    elif found:
        print_decisions(found, place.zone)
    else:
        tell(_("No decision of that kind is in the journal."))


def print_decisions(found: "Sequence[Asked]", zone: tzinfo) -> None:
    """Print decisions of the past as a table."""
    print_table(
        [_("id"), _("asked"), _("by"), _("about"), _("act"), _("at"), _("answer"), _("reasons")],
        [
            (
                one.id,
                local(one.at, zone),
                one.actor,
                f"{_(one.entity)} {one.subject_id}",
                " ".join(str(one.act[name]) for name in ("kind", "channel", "purpose") if name in one.act),
                local(datetime.fromisoformat(one.act["at"]), zone),
                _("allowed") if one.allowed else _("refused"),
                "; ".join(str(each[1]) for each in one.objections),
            )
            for one in found
        ],
    )
