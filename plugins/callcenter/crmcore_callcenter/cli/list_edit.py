"""`crm callcenter list add|edit|pause|resume|close`."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from crmcore.command import as_json
from crmcore_callcenter.cli.list_people import people, print_added, put
from crmcore_callcenter.cli.list_show import print_list
from crmcore_callcenter.i18n import _

if TYPE_CHECKING:
    from crmcore.api import Transaction

F = TypeVar("F", bound=Callable[..., Any])


def _said(function: F) -> F:
    for option in reversed(
        (
            click.option("--code", metavar="CODE", help="A short name."),
            click.option("--about", metavar="TEXT", help="What it is for, such as a campaign's code."),
            click.option("--script", metavar="SCRIPT", help="The script by which they are called."),
            click.option(
                "--attempts", type=click.IntRange(1, 100), metavar="N", help="How often one is tried; default 3."
            ),
            click.option(
                "--retry", type=click.IntRange(1), metavar="MINUTES", help="Before the next try; default 120."
            ),
            click.option("--team", metavar="NAME", help="Whose people call; default: everybody."),
            click.option("--owner", metavar="LOGIN", help="Whose list it is."),
        )
    ):
        function = option(function)
    return function


def _fields(tx: "Transaction", given: dict[str, Any]) -> dict[str, Any]:
    from crmcore.api import owner_named
    from crmcore_callcenter.scripts.editing import script_named

    found = {name: given[name].strip() for name in ("code", "about", "team", "name") if given.get(name) is not None}
    named = {"attempts": "most_attempts", "retry": "retry_minutes", "purpose": "purpose", "where": "condition"}
    found |= {field: given[name] for name, field in named.items() if given.get(name) is not None}
    if given["script"] is not None:
        found["script_id"] = script_named(tx, given["script"]) if given["script"] else None
    if given["owner"] is not None:
        found["owner_id"] = owner_named(tx, given["owner"]) if given["owner"] else None
    return found


@click.command()
@click.argument("name")
@click.option(
    "--purpose",
    type=click.Choice(("sales", "marketing", "service", "transactional")),
    default="sales",
    show_default=True,
    help="Why they are called: consent and policy depend on it.",
)
@_said
@people
@as_json
def add(
    name: str,
    purpose: str,
    where: str | None,
    file: Path | None,
    list_of: str | None,
    contacts: tuple[str, ...],
    json_: bool,
    **given: Any,
) -> None:
    """Add a calling list: whom a condition chooses, who stands in a file, or on another list.

    A condition asks for what is known of people: `sales.won_amount > 0 && contact.language == "de"`; `list names` tells
    what can be asked. Each is on the list once, with a number that is good, a mobile telephone's first.
    """
    from crmcore.api import session
    from crmcore_callcenter.outbound.lists import add as make

    with session() as s:
        with s.write() as tx:
            made = make(tx, _fields(tx, {**given, "name": name, "purpose": purpose, "where": where}))
            key = made.id
            tx.flush()
            added = put(tx, key, where, file, list_of, contacts)
        if not json_:
            print_added(added, file)
        print_list(s, key, json_=json_, added=added)


@click.command()
@click.argument("list_", metavar="LIST")
@click.option("--name", metavar="TEXT")
@click.option("--where", metavar="CONDITION", help="Whom `add-people` puts on it.")
@_said
@as_json
def edit(list_: str, json_: bool, **given: Any) -> None:
    """Change a calling list; what is not said stays, an empty text takes a value away."""
    from crmcore.api import session
    from crmcore_callcenter.model.outbound import CallingList
    from crmcore_callcenter.outbound.lists import edit as change
    from crmcore_callcenter.outbound.lists import list_named

    with session() as s:
        with s.write() as tx:
            record = tx.get(CallingList, list_named(tx, list_))
            change(tx, record, _fields(tx, given))
        print_list(s, record.id, json_=json_)


@click.command()
@click.argument("list_", metavar="LIST")
def pause(list_: str) -> None:
    """Let nobody of a list be called for now."""
    _put(list_, "paused")


@click.command()
@click.argument("list_", metavar="LIST")
def resume(list_: str) -> None:
    """Let those of a list be called again."""
    _put(list_, "open")


@click.command()
@click.argument("list_", metavar="LIST")
def close(list_: str) -> None:
    """End a calling list; who is on it stays there to be counted."""
    _put(list_, "closed")


def _put(text: str, status: str) -> None:
    from crmcore.api import session, tell
    from crmcore_callcenter.model.outbound import CallingList
    from crmcore_callcenter.outbound.lists import list_named

    with session() as s, s.write() as tx:
        record = tx.get(CallingList, list_named(tx, text))
        record.status = status
    tell(_("List “{name}” is {status}.").format(name=record.name, status=_(status)))
