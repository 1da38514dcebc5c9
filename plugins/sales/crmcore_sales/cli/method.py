"""`crm sales method`: the sales methods there are, which are used, and what they find."""

from typing import TYPE_CHECKING

import click

from crmcore.command import as_json, paged
from crmcore_sales.i18n import _

if TYPE_CHECKING:
    from crmcore_sales.methods.finding import Check

_NONE, _USUAL = "none", "usual"


@click.group()
def method() -> None:
    """List and use sales methods, and check deals by them. Methods are plugins; the evidence stays with the deal."""


@method.command("list")
@as_json
def list_(json_: bool) -> None:
    """List the methods that enabled plugins bring: what they ask, and which one is used on all deals."""
    from crmcore.api import print_json, print_table, session
    from crmcore_sales.methods.using import installed, used

    with session() as s, s.read() as reader:
        known = installed(reader)
        of_all = used(reader, [])[None]
    if json_:
        print_json([{"method": one, "used": one.name in of_all} for one in known.values()])
        return
    print_table(
        [_("name"), _("title"), _("asks for"), _("red flags"), _("used")],
        [
            (
                one.name,
                one.title,
                ", ".join(question.key for question in one.questions),
                len(one.flags),
                _("on all deals") if one.name in of_all else "",
            )
            for one in known.values()
        ],
    )


@method.command()
@click.argument("names", nargs=-1, required=True, metavar="NAME...|none|usual")
@click.option("--deal", metavar="ID|TITLE", help="On this deal only; default: on all without a choice of their own.")
@as_json
def use(names: tuple[str, ...], deal: str | None, json_: bool) -> None:
    """Use a method from now on, several side by side, or none. Nothing that was learned is lost or changed.

    `usual` with --deal takes back the choice of that deal.
    """
    from crmcore.api import print_json, session, tell
    from crmcore_sales.methods import using
    from crmcore_sales.pipeline.finding import opportunity_id

    with session() as s, s.write() as tx:
        key = opportunity_id(tx, deal) if deal else None
        if names == (_USUAL,) and key is not None:
            chosen = using.use_usual(tx, key)
        else:
            chosen = using.use(tx, [] if names == (_NONE,) else names, key)
    if json_:
        print_json({"deal": key, "methods": chosen})
        return
    place = _("deal {deal}").format(deal=deal) if deal else _("all deals")
    tell(_("Used on {place}: {methods}.").format(place=place, methods=", ".join(chosen) or _("no method")))


@method.command()
@click.argument("deal", metavar="[ID|TITLE]", required=False)
@click.option("--owner", metavar="LOGIN", help="Only the deals of this rep.")
@click.option("--flagged", is_flag=True, help="Only deals with a red flag.")
@paged
@as_json
def check(deal: str | None, owner: str | None, flagged: bool, limit: int, after: int | None, json_: bool) -> None:
    """Show what the methods in use find in a deal, or in all open ones: what is known, what is missing, red flags."""
    from crmcore.api import NotFound, print_json, session, user_named
    from crmcore_sales.methods.deals import open_deals
    from crmcore_sales.methods.finding import checks
    from crmcore_sales.pipeline.finding import opportunity_id

    with session() as s, s.read() as reader:
        if deal is None:
            owner_id = user_named(reader, owner).id if owner else None
            ids = [row.id for row in reader.rows(open_deals(limit=limit, after=after, owner_id=owner_id))]
        else:
            ids = [opportunity_id(reader, deal)]
        found = checks(reader, ids)
    if deal is not None and not found:
        raise NotFound(_("No method is used on deal {deal}; `crm sales method use` chooses one.").format(deal=deal))
    found = [one for one in found if one.flags or not flagged]
    if json_:
        print_json([_told(one) for one in found])
    elif deal is None:
        _print_all(found)
    else:
        for one in found:
            _print_one(one)


def _told(one: "Check") -> dict[str, object]:
    deal = {"id": one.deal.id, "title": one.deal.title, "customer": one.deal.customer, "stage": one.deal.stage}
    return {
        "deal": deal,
        "method": one.method,
        "answered": one.answered,
        "asked": len(one.answers),
        "answers": one.answers,
        "flags": one.flags,
    }


def _print_all(found: "list[Check]") -> None:
    from crmcore.api import print_table
    from crmcore_sales.methods.blocks import flags_of

    print_table(
        [_("deal"), "", _("customer"), _("method"), _("answered"), _("red flags")],
        [
            (one.deal.id, one.deal.title, one.deal.customer, one.method, f"{one.answered}/{len(one.answers)}", flag)
            for one in found
            for flag in ["\n".join(flags_of(one))]
        ],
    )


def _print_one(one: "Check") -> None:
    from crmcore.api import print_table
    from crmcore_sales.methods.blocks import flags_of

    print_table(
        ["", _("question"), _("answered by"), _("on")],
        [("✓" if each.answered else "–", each.question, each.by, each.on) for each in one.answers],
        title=f"{one.deal.title}: {one.title}, {one.answered}/{len(one.answers)}",
    )
    for flag in flags_of(one):
        click.echo(f"⚑ {flag}")
