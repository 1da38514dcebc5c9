"""`crm callcenter script add|edit|list|show`."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from crmcore.command import as_json, paged
from crmcore.reports.showing import out_option, present
from crmcore_callcenter.i18n import _

if TYPE_CHECKING:
    from crmcore.api import Session

F = TypeVar("F", bound=Callable[..., Any])


def _said(function: F) -> F:
    for option in reversed(
        (
            click.option("--code", metavar="CODE", help="A short name."),
            click.option(
                "--opening", metavar="TEXT", help="What is said first; {name}, {customer} and {agent} fill in."
            ),
            click.option("--closing", metavar="TEXT", help="What is said at the end."),
            click.option("--form", metavar="FORM", help="The form that the answers fill in, such as service.request."),
            click.option(
                "--question", "questions", multiple=True, metavar="NAME=WORDS", help="A question, in its words."
            ),
            click.option(
                "--file",
                type=click.Path(exists=True, dir_okay=False, path_type=Path),
                help="TOML with [[question]] tables, or CSV: name, ask, kind, choices, required, ends.",
            ),
        )
    ):
        function = option(function)
    return function


def _fields(given: dict[str, Any]) -> dict[str, Any]:
    from crmcore_callcenter.scripts.editing import WORDS, of_file, of_options

    found = of_file(given["file"]) if given["file"] is not None else {}
    if given["questions"]:
        found["questions"] = [*found.get("questions", []), *of_options(given["questions"])]
    found |= {name: given[name].strip() for name in WORDS if given.get(name) is not None}
    return found


@click.command()
@click.argument("name", required=False)
@_said
@as_json
def add(name: str | None, json_: bool, **given: Any) -> None:
    """Add a script: its questions in a file, or as options.

    Without questions it asks all that its form does; a question that the form does not have is the script's own.
    """
    from crmcore.api import session
    from crmcore_callcenter.scripts.editing import add as make

    with session() as s:
        with s.write() as tx:
            made = make(tx, {"name": "", **_fields({**given, "name": name})})
        _print(s, made.id, json_=json_)


@click.command()
@click.argument("script_", metavar="SCRIPT")
@click.option("--name", metavar="TEXT")
@_said
@click.option("--active/--inactive", default=None, help="Whether it is in use.")
@as_json
def edit(script_: str, active: bool | None, json_: bool, **given: Any) -> None:
    """Change a script; what is not said stays. Questions replace all that there were."""
    from crmcore.api import session
    from crmcore_callcenter.model.outbound import CallScript
    from crmcore_callcenter.scripts.editing import edit as change
    from crmcore_callcenter.scripts.editing import script_named

    with session() as s:
        with s.write() as tx:
            record = tx.get(CallScript, script_named(tx, script_))
            change(tx, record, _fields(given) | ({} if active is None else {"active": active}))
        _print(s, record.id, json_=json_)


@click.command("list")
@paged
@as_json
@out_option
def list_(limit: int, after: int | None, json_: bool, out: Path | None) -> None:
    """List scripts, and the forms that scripts can fill in."""
    from sqlalchemy import select

    from crmcore.api import forms, session
    from crmcore.reports.report import Column, Report
    from crmcore_callcenter.tables import script as table

    c = table.c
    with session() as s, s.read() as reader:
        rows = reader.rows(select(table).where(c.id > (after or 0)).order_by(c.id).limit(limit))
        kept = forms(reader)
    data = [
        {"id": row.id, "code": row.code, "name": row.name, "form": row.form, "questions": len(row.questions),
         "active": row.active}
        for row in rows
    ]  # fmt: skip
    report = Report(
        title=_("Scripts"),
        columns=[
            Column(_("id")), Column(_("code")), Column(_("script")), Column(_("form")),
            Column(_("own words"), number=True), Column(_("active")),
        ],
        rows=[
            (
                str(row["id"]), row["code"], row["name"], row["form"], row["questions"],
                _("yes") if row["active"] else _("no"),
            )
            for row in data
        ],
        notes=[_("Form {name}: {title}.").format(name=one.name, title=one.title) for one in kept],
        data=data,
    )  # fmt: skip
    present(report, json_=json_, out=out)


@click.command()
@click.argument("script_", metavar="SCRIPT")
@as_json
def show(script_: str, json_: bool) -> None:
    """Show a script: what is said and asked."""
    from crmcore.api import session
    from crmcore_callcenter.scripts.editing import script_named

    with session() as s:
        with s.read() as reader:
            key = script_named(reader, script_)
        _print(s, key, json_=json_)


def _print(s: "Session", key: int, *, json_: bool) -> None:
    from crmcore.api import print_json, print_table, tell
    from crmcore_callcenter.scripts.views import view

    with s.read() as reader:
        one = view(reader, key)
    if json_:
        print_json(one)
        return
    rows = [
        (_("code"), one.code), (_("form"), one.form), (_("opening"), one.opening),
        *((each.ask, _kind(each)) for each in one.questions), (_("closing"), one.closing),
    ]  # fmt: skip
    print_table([_("script"), f"{one.id} {one.name}"], [row for row in rows if row[1] or row[0]])
    if one.form and not one.form_there:
        tell(_("Nobody here keeps the form {form}: no plugin that does is enabled.").format(form=one.form))


def _kind(one: Any) -> str:
    told = ", ".join(one.choices) if one.choices else _(one.kind)
    marks = [_("required")] * one.required + [_("“{answer}” ends it").format(answer=one.ends)] * bool(one.ends)
    return f"{one.name}: {'; '.join([told, *marks])}"
