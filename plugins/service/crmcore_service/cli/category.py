"""`crm service category`: what tickets are about."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from crmcore.command import as_json, paged
from crmcore.reports.showing import out_option, present
from crmcore_service.cli.priorities import ONE_OF_THEM, PRIORITIES_OR_NONE
from crmcore_service.i18n import _

if TYPE_CHECKING:
    from crmcore.api import Reader, Session

F = TypeVar("F", bound=Callable[..., Any])


@click.group()
def category() -> None:
    """Keep what tickets are about, and what follows: their queue, priority and skill."""


def _said(function: F) -> F:
    for option in reversed(
        (
            click.option("--parent", metavar="CATEGORY", help="The category it is a part of."),
            click.option("--queue", metavar="NAME|CODE", help="Where its tickets go."),
            click.option(
                "--priority", type=PRIORITIES_OR_NONE, metavar=ONE_OF_THEM, help="Of its tickets; empty: none."
            ),
            click.option("--skill", metavar="NAME", help="What it takes to solve one."),
            click.option("--skill-level", type=click.IntRange(1, 5), help="How well that must be mastered, 1 to 5."),
            click.option("--minutes", type=click.IntRange(0), metavar="N", help="How long one takes an engineer."),
            click.option("--note", metavar="TEXT"),
        )
    ):
        function = option(function)
    return function


def _fields(reader: "Reader", given: dict[str, Any]) -> dict[str, Any]:
    from crmcore_service.tickets.finding import category_named, queue_named

    found = {name: given[name].strip() for name in ("priority", "skill", "note") if given[name] is not None}
    found |= {name: given[name] for name in ("skill_level", "minutes") if given[name] is not None}
    if given["parent"] is not None:
        found["parent_id"] = category_named(reader, given["parent"]) if given["parent"] else None
    if given["queue"] is not None:
        found["queue_id"] = queue_named(reader, given["queue"]) if given["queue"] else None
    return found


@category.command()
@click.argument("name")
@_said
@as_json
def add(name: str, json_: bool, **given: Any) -> None:
    """Add a category."""
    from crmcore.api import session
    from crmcore_service.tickets.categories import add as make

    with session() as s:
        with s.write() as tx:
            made = make(tx, {**_fields(tx, given), "name": name.strip()})
        _print(s, made.id, json_=json_)


@category.command()
@click.argument("category_", metavar="CATEGORY")
@click.option("--name", metavar="TEXT")
@_said
@as_json
def edit(category_: str, name: str | None, json_: bool, **given: Any) -> None:
    """Change a category; what is not said stays, an empty text takes a value away."""
    from crmcore.api import session
    from crmcore_service.model.queue import Category
    from crmcore_service.tickets.categories import edit as change
    from crmcore_service.tickets.finding import category_named

    with session() as s:
        with s.write() as tx:
            record = tx.get(Category, category_named(tx, category_))
            change(tx, record, _fields(tx, given) | ({"name": name.strip()} if name else {}))
        _print(s, record.id, json_=json_)


@category.command()
@click.argument("category_", metavar="CATEGORY")
def remove(category_: str) -> None:
    """Remove a category without tickets."""
    from crmcore.api import session, tell
    from crmcore_service.model.queue import Category
    from crmcore_service.tickets.categories import remove as take_away
    from crmcore_service.tickets.finding import category_named

    with session() as s, s.write() as tx:
        record = tx.get(Category, category_named(tx, category_))
        take_away(tx, record)
    tell(_("Category “{name}” is removed.").format(name=record.name))


@category.command("list")
@paged
@as_json
@out_option
def list_(limit: int, after: int | None, json_: bool, out: Path | None) -> None:
    """List categories with their tickets."""
    import attrs
    from sqlalchemy import select

    from crmcore.api import session
    from crmcore.reports.report import Column, Report
    from crmcore_service.tables import category as table
    from crmcore_service.tickets.categories import views

    with session() as s, s.read() as reader:
        found = views(reader, select(table).where(table.c.id > (after or 0)).order_by(table.c.id).limit(limit))
    report = Report(
        title=_("Categories"),
        columns=[
            Column(_("category")), Column(_("part of")), Column(_("queue")), Column(_("P")), Column(_("skill")),
            Column(_("open"), number=True), Column(_("all"), number=True),
        ],
        rows=[
            (
                one.name, one.parent.name if one.parent else "", one.queue.name if one.queue else "", one.priority,
                f"{one.skill} {one.skill_level or ''}".strip(), one.open, one.tickets,
            )
            for one in found
        ],
        data=[attrs.asdict(one) for one in found],
    )  # fmt: skip
    present(report, json_=json_, out=out)


@category.command()
@click.argument("category_", metavar="CATEGORY")
@as_json
def show(category_: str, json_: bool) -> None:
    """Show a category."""
    from crmcore.api import session
    from crmcore_service.tickets.finding import category_named

    with session() as s:
        with s.read() as reader:
            key = category_named(reader, category_)
        _print(s, key, json_=json_)


def _print(s: "Session", key: int, *, json_: bool) -> None:
    from crmcore.api import print_json, print_table
    from crmcore_service.tickets.categories import view

    with s.read() as reader:
        one = view(reader, key)
    if json_:
        print_json(one)
        return
    fields = (
        (_("name"), one.name), (_("part of"), one.parent and one.parent.name),
        (_("queue"), one.queue and one.queue.name), (_("priority"), one.priority), (_("skill"), one.skill),
        (_("skill level"), one.skill_level), (_("minutes"), one.minutes), (_("open"), one.open),
        (_("tickets"), one.tickets), (_("note"), one.note),
    )  # fmt: skip
    print_table([_("category"), str(one.id)], [(name, value) for name, value in fields if value not in (None, "")])
