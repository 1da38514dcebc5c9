"""`crm callcenter list add-people`, and the options that say whom."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from crmcore.command import as_json
from crmcore.reports.showing import out_option, present
from crmcore_callcenter.cli.list_show import print_list
from crmcore_callcenter.i18n import _

if TYPE_CHECKING:
    from crmcore.api import Rejection, Transaction
    from crmcore_callcenter.outbound.people import Added

F = TypeVar("F", bound=Callable[..., Any])


def people(function: F) -> F:
    """Add the options that say who is put on a list."""
    for option in reversed(
        (
            click.option("--where", metavar="CONDITION", help="Whom a condition chooses."),
            click.option(
                "--file",
                type=click.Path(exists=True, dir_okay=False, path_type=Path),
                help="A table: contact (id, name or e-mail address), phone; other columns are kept as what is known.",
            ),
            click.option("--list-of", metavar="LIST", help="Who is on another list."),
            click.option("--contact", "contacts", multiple=True, metavar="CONTACT", help="Somebody; several times."),
        )
    ):
        function = option(function)
    return function


@click.command("add-people")
@click.argument("list_", metavar="LIST")
@people
@as_json
def add_people(
    list_: str, where: str | None, file: Path | None, list_of: str | None, contacts: tuple[str, ...], json_: bool
) -> None:
    """Put people on a calling list, each once; without options whom its own condition chooses by now."""
    from crmcore.api import InvalidInput, session
    from crmcore_callcenter.outbound.lists import list_named
    from crmcore_callcenter.outbound.views import one_list

    with session() as s:
        with s.write() as tx:
            key = list_named(tx, list_)
            if not (where or file or list_of or contacts):
                where = one_list(tx, key).condition
                if not where:
                    raise InvalidInput(_("Say who: --where, --file, --list-of or --contact."))
            added = put(tx, key, where, file, list_of, contacts)
        if not json_:
            print_added(added, file)
        print_list(s, key, json_=json_, added=added)


@click.command("names")
@click.argument("part", required=False, default="")
@as_json
@out_option
def names_(part: str, json_: bool, out: Path | None) -> None:
    """List what conditions can ask: fields, the workspace's own fields, and what plugins know."""
    from crmcore.api import askable, session
    from crmcore.reports.report import Column, Report

    with session() as s, s.read() as reader:
        found = [one for one in askable(reader) if part.lower() in f"{one.name} {one.title}".lower()]
    report = Report(
        title=_("What conditions can ask"),
        columns=[Column(_("name")), Column(_("kind")), Column(_("of")), Column(_("means"))],
        rows=[(f'{one.name}("…")' if one.takes_text else one.name, _(one.kind), _(one.of), one.title) for one in found],
        data=found,
    )
    present(report, json_=json_, out=out)


def put(
    tx: "Transaction",
    list_id: int,
    where: str | None,
    file: Path | None,
    list_of: str | None,
    contacts: tuple[str, ...],
) -> "Added":
    """Put on a list whom the options say; return how many, and which rows of the file say nobody."""
    from itertools import chain

    from attrs import evolve

    from crmcore.api import here, party_id, tables
    from crmcore_callcenter.outbound import people as by
    from crmcore_callcenter.outbound.lists import list_named

    place = here(tx)
    rejected: list[Rejection] = []
    ways: list[Any] = []
    if contacts:
        ways.append(by.of_contacts([party_id(tx, tables.contact, one) for one in contacts]))
    if file is not None:
        options = {"region": place.region, "zone": str(place.zone)}
        found, rejected = by.of_file(tx, file, options, _questions(tx, list_id))
        ways.append([found])
    if list_of:
        ways.append(by.of_list(tx, list_named(tx, list_of)))
    if where:
        ways.append(by.chosen(tx, where))
    added = by.add(tx, list_id, chain.from_iterable(ways), source=file.name if file is not None else "")
    return evolve(added, rejected=rejected)


def _questions(tx: "Transaction", list_id: int) -> list[str]:
    """Return the names of what the list's script asks."""
    from crmcore_callcenter.outbound.views import one_list
    from crmcore_callcenter.scripts.views import view

    script = one_list(tx, list_id).script
    return [one.name for one in view(tx, script.id).questions] if script is not None else []


def print_added(added: "Added", file: Path | None) -> None:
    """Say how many were put on a list, and why others were not."""
    from crmcore.api import tell

    for one in added.rejected:
        tell(
            _("{file}, line {line}: {reason}").format(
                file=file.name if file is not None else "", line=one.line, reason=one.reason
            )
        )
    tell(
        _("{added} added, {already} were on it, {no_number} have no telephone number, {rejected} rejected.").format(
            added=added.added, already=added.already, no_number=added.no_number, rejected=len(added.rejected)
        )
    )
