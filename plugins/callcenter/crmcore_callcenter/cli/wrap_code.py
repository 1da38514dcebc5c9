"""`crm callcenter wrap-code`: how agents sum up calls."""

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
_MEANS = ("", "resolved", "reached", "not_reached", "refused", "wrong_number", "callback")


@click.group("wrap-code")
def wrap_code() -> None:
    """Keep the codes by which agents sum up calls."""


def _said(function: F) -> F:
    for option in reversed(
        (
            click.option("--code", metavar="CODE", help="A short name; default: as its name."),
            click.option("--means", type=click.Choice(_MEANS), help="What it says of the call, for figures."),
            click.option("--form", metavar="FORM", help="Which form is filled in with it."),
            click.option("--follow-days", type=click.IntRange(0), metavar="N", help="Days until it is followed up."),
            click.option("--active/--inactive", default=None, help="Whether it is in use."),
        )
    ):
        function = option(function)
    return function


@wrap_code.command()
@click.argument("name")
@_said
@as_json
def add(name: str, json_: bool, **given: Any) -> None:
    """Add a wrap-up code."""
    from crmcore.api import session
    from crmcore_callcenter.agents.codes import add as make

    with session() as s:
        with s.write() as tx:
            made = make(tx, {**_given(given), "name": name.strip()})
        _print(s, made.id, json_=json_)


@wrap_code.command()
@click.argument("code_", metavar="WRAP-CODE")
@click.option("--name", metavar="TEXT")
@_said
@as_json
def edit(code_: str, name: str | None, json_: bool, **given: Any) -> None:
    """Change a wrap-up code; what is not said stays, an empty text takes a value away."""
    from crmcore.api import session
    from crmcore_callcenter.agents.codes import edit as change
    from crmcore_callcenter.agents.naming import wrap_code_named
    from crmcore_callcenter.model.agent import WrapCode

    with session() as s:
        with s.write() as tx:
            record = tx.get(WrapCode, wrap_code_named(tx, code_))
            change(tx, record, _given(given) | ({"name": name.strip()} if name else {}))
        _print(s, record.id, json_=json_)


def _given(given: dict[str, Any]) -> dict[str, Any]:
    said = {name: value for name, value in given.items() if value is not None}
    return {name: value.strip() if isinstance(value, str) else value for name, value in said.items()}


@wrap_code.command("list")
@click.option("--all", "all_", is_flag=True, help="The inactive ones too.")
@paged
@as_json
@out_option
def list_(limit: int, after: int | None, all_: bool, json_: bool, out: Path | None) -> None:
    """List wrap-up codes."""
    from crmcore.api import session
    from crmcore.reports.report import Column, Report
    from crmcore_callcenter.agents.codes import page

    with session() as s, s.read() as reader:
        found = page(reader, limit=limit, after=after, all_=all_)
    report = Report(
        title=_("Wrap-up codes"),
        columns=[
            Column(_("id")), Column(_("code")), Column(_("name")), Column(_("means")), Column(_("form")),
            Column(_("follow up after days"), number=True), Column(_("active")),
        ],
        rows=[
            (
                str(one.id), one.code, one.name, _(one.means) if one.means else "", one.form, one.follow_days,
                "" if one.active else _("no"),
            )
            for one in found
        ],
        data=found,
    )  # fmt: skip
    present(report, json_=json_, out=out)


@wrap_code.command()
@click.argument("code_", metavar="WRAP-CODE")
@as_json
def show(code_: str, json_: bool) -> None:
    """Show a wrap-up code."""
    from crmcore.api import session
    from crmcore_callcenter.agents.naming import wrap_code_named

    with session() as s:
        with s.read() as reader:
            key = wrap_code_named(reader, code_)
        _print(s, key, json_=json_)


def _print(s: "Session", key: int, *, json_: bool) -> None:
    from crmcore.api import print_json, print_table
    from crmcore_callcenter.agents.codes import view

    with s.read() as reader:
        one = view(reader, key)
    if json_:
        print_json(one)
        return
    fields = (
        (_("name"), one.name), (_("code"), one.code), (_("means"), _(one.means) if one.means else ""),
        (_("form"), one.form), (_("follow up after days"), one.follow_days),
        (_("active"), "" if one.active else _("no")),
    )  # fmt: skip
    print_table([_("wrap-up code"), str(one.id)], [(name, value) for name, value in fields if value not in (None, "")])
