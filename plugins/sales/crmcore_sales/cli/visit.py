"""`crm sales visit`: customers to be visited until a day, by whom, and how far it is."""

from pathlib import Path

import click

from crmcore.command import as_json, paged
from crmcore.reports.showing import out_option, present
from crmcore_sales.i18n import _


@click.group()
def visit() -> None:
    """Plan which customers are visited until a day; visits count by themselves, from what is logged."""


@visit.command()
@click.argument("title")
@click.option("--until", required=True, metavar="DAY", help="The last day, such as 2026-12-16 or “20 Dec”.")
@click.option("--from", "begins", metavar="DAY", help="The first day; default: today.")
@click.option("--customer", "customers", multiple=True, metavar="ID|NAME", help="Who is to be visited; several.")
@click.option("--tier", default="", metavar="NAME", help="All accounts of this tier.")
@click.option("--region", default="", metavar="NAME", help="All accounts of this region.")
@click.option("--owner", metavar="LOGIN", help="All customers of this user.")
@click.option("--first", type=click.IntRange(1, 5000), default=5000, metavar="N", help="No more than these many.")
@click.option("--to", "reps", multiple=True, metavar="LOGIN", help="Who visits them, in turn; default: whose they are.")
@as_json
@out_option
def add(
    title: str,
    until: str,
    begins: str | None,
    customers: tuple[str, ...],
    tier: str,
    region: str,
    owner: str | None,
    first: int,
    reps: tuple[str, ...],
    json_: bool,
    out: Path | None,
) -> None:
    """Begin a programme: these customers are to be visited until a day."""
    from crmcore.api import day_said, here, owner_named, party_id, session, tables, user_named
    from crmcore_sales.guiding.countdown import countdown, report
    from crmcore_sales.guiding.programmes import Chosen
    from crmcore_sales.guiding.programmes import add as begin

    with session() as s:
        with s.write() as tx:
            today = here(tx).today
            chosen = Chosen(
                customer_ids=[party_id(tx, tables.customer, one) for one in customers],
                tier=tier,
                region=region,
                owner_id=user_named(tx, owner).id if owner else None,
                limit=first,
            )
            made = begin(
                tx,
                title,
                day_said("--until", until, today),
                chosen,
                begins=day_said("--from", begins, today) if begins else None,
                to=[owner_named(tx, one) for one in reps],
            )
        with s.read() as reader:
            found = countdown(reader, made.id)
    present(report(found), json_=json_, out=out)


@visit.command("list")
@paged
@as_json
def list_(limit: int, after: int | None, json_: bool) -> None:
    """List the programmes, the newest first."""
    from crmcore.api import print_json, print_table, session
    from crmcore_sales.guiding.countdown import programmes

    with session() as s, s.read() as reader:
        found = programmes(reader, limit=limit, after=after)
    if json_:
        print_json(found)
        return
    print_table(
        [_("id"), _("programme"), _("until"), _("assigned"), _("visited"), ""],
        [
            (
                one["id"], one["title"], one["until"], one["assigned"], one["visited"],
                _("over") if one["closed_at"] else "",
            )
            for one in found
        ],
    )  # fmt: skip


@visit.command()
@click.argument("programme", metavar="ID|TITLE")
@as_json
@out_option
def show(programme: str, json_: bool, out: Path | None) -> None:
    """Count down: how many are visited, how many days are left, and who will not be reached at this pace."""
    from crmcore.api import session
    from crmcore_sales.guiding.countdown import countdown, report
    from crmcore_sales.guiding.programmes import programme_id

    with session() as s, s.read() as reader:
        found = countdown(reader, programme_id(reader, programme))
    present(report(found), json_=json_, out=out)


@visit.command()
@click.argument("programme", metavar="ID|TITLE")
@click.argument("customers", nargs=-1, required=True, metavar="ID|NAME...")
@click.option("--to", metavar="LOGIN", help="Who visits them; default: you.")
@as_json
def assign(programme: str, customers: tuple[str, ...], to: str | None, json_: bool) -> None:
    """Let somebody visit these customers, be they in the programme already or not; or take them yourself."""
    from crmcore.api import owner_named, party_id, print_json, session, tables, tell
    from crmcore_sales.guiding.programmes import assign as give
    from crmcore_sales.guiding.programmes import programme_id

    with session() as s, s.write() as tx:
        rep = owner_named(tx, to) if to else tx.actor.user_id
        ids = [party_id(tx, tables.customer, one) for one in customers]
        count = give(tx, programme_id(tx, programme), ids, rep)
    if json_:
        print_json({"assigned": count, "owner": to or s.actor.login})
    else:
        tell(_("{n} visits are {owner}'s.").format(n=count, owner=to or s.actor.login))


@visit.command("return")
@click.argument("programme", metavar="ID|TITLE")
@click.argument("customers", nargs=-1, metavar="[ID|NAME...]")
@as_json
def return_(programme: str, customers: tuple[str, ...], json_: bool) -> None:
    """Return visits to the pool, for others to make: these customers', or all that you may and that are not made."""
    from crmcore.api import party_id, print_json, session, tables, tell
    from crmcore_sales.guiding.programmes import give_back, programme_id

    with session() as s, s.write() as tx:
        ids = [party_id(tx, tables.customer, one) for one in customers]
        count = give_back(tx, programme_id(tx, programme), ids)
    if json_:
        print_json({"returned": count})
    else:
        tell(_("{n} visits are in the pool.").format(n=count))


@visit.command()
@click.argument("programme", metavar="ID|TITLE")
def remove(programme: str) -> None:
    """Remove a programme entered by mistake; `crm history` still has it."""
    from crmcore.api import session, tell
    from crmcore_sales.guiding.programmes import programme_id
    from crmcore_sales.guiding.programmes import remove as take_away

    with session() as s, s.write() as tx:
        kept = take_away(tx, programme_id(tx, programme))
    tell(_("The programme “{title}” is removed.").format(title=kept.title))
