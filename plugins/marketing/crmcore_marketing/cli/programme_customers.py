"""`crm marketing programme place`, `result`, `notice`, `customers` and `report`."""

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from crmcore.command import as_json, paged
from crmcore.reports.showing import out_option, present
from crmcore_marketing.i18n import _

if TYPE_CHECKING:
    from datetime import date

    from crmcore.api import Transaction
    from crmcore.reports.report import Report
    from crmcore_marketing.programmes.reporting import Month

F = TypeVar("F", bound=Callable[..., Any])


def _customers(function: F) -> F:
    file = click.Path(exists=True, dir_okay=False, path_type=Path)
    for add in (
        click.argument("customers", nargs=-1, metavar="[CUSTOMER]..."),
        click.option("--file", type=file, help="A table (CSV, XLSX) with a column customer, company or name."),
        click.option("--on", "day", metavar="DATE", help="From which day on; default: today."),
        click.option("--note", default=""),
    ):
        function = add(function)
    return function


@click.command()
@click.argument("programme_", metavar="PROGRAMME")
@click.argument("play", metavar="PLAY|GOAL")
@_customers
@as_json
def place(
    programme_: str, play: str, customers: tuple[str, ...], file: Path | None, day: str | None, note: str, json_: bool
) -> None:
    """Place customers in a play; where each was before stays in its history, and in past months."""
    from crmcore.api import session, tables
    from crmcore_marketing.cli.listed import named, print_done
    from crmcore_marketing.programmes.finding import play_named, programme_named
    from crmcore_marketing.programmes.placing import place

    with session() as s, s.write() as tx:
        asked = named(tx, customers, file, tables.customer)
        key = programme_named(tx, programme_)
        done = place(tx, key, play_named(tx, key, play), asked.ids, _day(tx, day), note)
    told = {"added": done.added, "moved": done.moved, "left": done.left, "unknown": done.unknown}
    print_done(told, asked.rejected, _("{added} placed, {moved} moved, {left} were there already."), json_=json_)


@click.command()
@click.argument("programme_", metavar="PROGRAMME")
@click.argument("result", type=click.Choice(("lost", "developed", "won")))
@_customers
@as_json
def result(
    programme_: str, result: str, customers: tuple[str, ...], file: Path | None, day: str | None, note: str, json_: bool
) -> None:
    """Note what came of customers where they are; who bought is noted by itself."""
    from crmcore.api import session, tables
    from crmcore_marketing.cli.listed import named, print_done
    from crmcore_marketing.programmes.finding import programme_named
    from crmcore_marketing.programmes.placing import note_result, present

    with session() as s, s.write() as tx:
        asked = named(tx, customers, file, tables.customer)
        there = present(tx, programme_named(tx, programme_), asked.ids)
        note_result(tx, list(there.values()), result, _day(tx, day), note)
    told = {"noted": list(there), "absent": [one for one in asked.ids if one not in there]}
    print_done(told, asked.rejected, _("{noted} noted; {absent} are not in the programme."), json_=json_)


@click.command()
@click.argument("programme_", metavar="[PROGRAMME]", required=False)
@as_json
def notice(programme_: str | None, json_: bool) -> None:
    """Note who bought since: won where it was to be won, developed where it was to be developed."""
    from crmcore.api import print_json, session, tell
    from crmcore_marketing.programmes.finding import programme_named
    from crmcore_marketing.programmes.noticing import notice

    with session() as s, s.write() as tx:
        count = notice(tx, programme_named(tx, programme_) if programme_ else None)
    if json_:
        print_json({"noted": count})
    else:
        tell(_("{n} results are noted.").format(n=count))


@click.command()
@click.argument("programme_", metavar="PROGRAMME")
@click.option("--play", metavar="PLAY|GOAL", help="Only in this one.")
@click.option("--customer", metavar="CUSTOMER", help="Only this one.")
@click.option("--all", "past", is_flag=True, help="Where they were before, too.")
@paged
@as_json
@out_option
def customers(
    programme_: str,
    play: str | None,
    customer: str | None,
    past: bool,
    limit: int,
    after: int | None,
    json_: bool,
    out: Path | None,
) -> None:
    """List the customers of a programme, each with its play and what came of it."""
    from crmcore.api import party_id, session, tables
    from crmcore.reports.report import Column, Report
    from crmcore_marketing.programmes.finding import play_named, programme_named
    from crmcore_marketing.programmes.views import stays

    with session() as s, s.read() as reader:
        key = programme_named(reader, programme_)
        found = stays(
            reader,
            key,
            limit=limit,
            after=after,
            play_id=play_named(reader, key, play) if play else None,
            customer_id=party_id(reader, tables.customer, customer) if customer else None,
            past=past,
        )
    told = Report(
        title=_("Customers of the programme"),
        columns=[
            Column(_("id"), number=True), Column(_("customer")), Column(_("play")), Column(_("goal")),
            Column(_("since")), Column(_("until")), Column(_("what came of it")), Column(_("on")),
        ],
        rows=[
            (
                one.id, one.customer, one.play, _(one.goal), one.since, one.until, one.result and _(one.result),
                one.result_on,
            )
            for one in found
        ],
        data=found,
    )  # fmt: skip
    present(told, json_=json_, out=out)


@click.command()
@click.argument("programme_", metavar="PROGRAMME")
@click.option("--month", "said", metavar="YYYY-MM", help="Which; default: the present one.")
@as_json
@out_option
def report(programme_: str, said: str | None, json_: bool, out: Path | None) -> None:
    """Show a month of a programme: of the customers in each play, how many were kept, developed and won."""
    from crmcore.api import here, session
    from crmcore_marketing.programmes.finding import programme_named
    from crmcore_marketing.programmes.reporting import month
    from crmcore_marketing.programmes.views import view

    with session() as s, s.read() as reader:
        begin, end = _month(said, here(reader).today)
        key = programme_named(reader, programme_)
        name, found = view(reader, key).name, month(reader, key, begin, end)
    present(_months_report(name, found), json_=json_, out=out)


def _months_report(name: str, found: "Month") -> "Report":
    from attrs import asdict

    from crmcore.reports.report import Column, Report, percent

    plays = [{**asdict(one), "kept": one.kept, "share": one.share} for one in found.plays]
    return Report(
        title=f"{name} {found.begin:%Y-%m}",
        columns=[
            Column(_("play")), Column(_("goal")), Column(_("customers"), number=True), Column(_("kept"), number=True),
            Column(_("of them"), number=True), Column(_("lost"), number=True), Column(_("developed"), number=True),
            Column(_("won"), number=True),
        ],
        rows=[
            (one.play, _(one.goal), one.customers, one.kept, percent(one.share), one.lost, one.developed, one.won)
            for one in found.plays
        ],
        bars=[(one.play, Decimal(one.developed + one.won if one.goal != "keep" else one.kept)) for one in found.plays],
        notes=[_("{n} customers on the last day, each in one play.").format(n=found.customers)],
        data={
            "programme": name, "month": f"{found.begin:%Y-%m}", "customers": found.customers, "plays": plays,
        },
    )  # fmt: skip


def _month(said: str | None, today: "date") -> "tuple[date, date]":
    from datetime import date

    from crmcore.api import InvalidInput

    year, _dash, number = (said or f"{today:%Y-%m}").partition("-")
    try:
        begin = date(int(year), int(number), 1)
    except ValueError as error:
        raise InvalidInput(_("--month: “{said}” is no month; write 2026-11.").format(said=said)) from error
    return begin, date(begin.year + begin.month // 12, begin.month % 12 + 1, 1)


def _day(reader: "Transaction", said: str | None) -> "date":
    from crmcore.api import day_said, here

    today = here(reader).today
    return day_said("--on", said, today) if said else today
