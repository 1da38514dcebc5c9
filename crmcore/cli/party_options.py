"""What one can say about a customer or contact when entering or editing it, and how that is read."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, TypeVar

import click

from crmcore.cli.field_options import pairs, set_option
from crmcore.cli.output import tell
from crmcore.command import RECORD_ID
from crmcore.i18n import _

if TYPE_CHECKING:
    from crmcore.directory.likeness import Likeness
    from crmcore.directory.party_editing import Entry
    from crmcore.directory.reach import Way

F = TypeVar("F", bound=Callable[..., Any])


def id_said(text: str) -> int | None:
    """Return the id that an argument is; None for one that names the record in another way."""
    if not (text.isascii() and text.isdigit()):
        return None
    return int(RECORD_ID(text))


version_read = click.option(
    "--version", type=RECORD_ID, metavar="N", help="The version you read; what others changed since is not overwritten."
)


def party_options(function: F) -> F:
    """Add the options that adding and editing a customer or contact share."""
    for option in (
        click.option("--owner", metavar="LOGIN", help="Whose it is; default: your own."),
        click.option("--private/--public", default=None, help="Seen by its owner only, or by everybody."),
        click.option("--language", metavar="TAG", help="The language to use, such as zh or en."),
        click.option("--zone", metavar="ZONE", help="Where it is, such as Asia/Shanghai."),
        click.option("--note", metavar="TEXT", help="A remark."),
        set_option,
        click.option("--detail", multiple=True, metavar="KEY=VALUE", help="A field of your own; KEY= takes it away."),
    ):
        function = option(function)
    return function


def reach_options(prefix: str = "") -> Callable[[F], F]:
    """Return a decorator that adds --email, --phone and --point, with a prefix such as `add-`."""

    def add(function: F) -> F:
        for name, metavar in (("point", "KIND=VALUE"), ("phone", "NUMBER"), ("email", "ADDRESS")):
            function = click.option(f"--{prefix}{name}", multiple=True, metavar=metavar)(function)
        return function

    return add


def read_entry(given: dict[str, Any], fields: Iterable[str], region: str) -> "Entry":
    """Return what was typed as an entry; `fields` are the options that are fields of the record itself.

    What looks wrong but is kept is told. Raises `InvalidInput` for what cannot be read.
    """
    from crmcore.directory.party_editing import Entry
    from crmcore.directory.reach import stored_ways, ways

    added = ways([*_typed(given, ""), *_typed(given, "add_")], region)
    _tell_problems(added)
    return Entry(
        fields={name: given[name] for name in (*fields, "language", "zone", "note") if given.get(name) is not None},
        owner=given["owner"],
        private=given["private"],
        details=pairs(given["detail"]),
        custom=pairs(given["set_"]),
        add=added,
        remove=stored_ways(_typed(given, "remove_"), region),
    )


def _typed(given: dict[str, Any], prefix: str) -> list[tuple[str, str]]:
    named = [(kind, value) for kind in ("email", "phone") for value in given.get(prefix + kind, ())]
    points = (pairs([text]) for text in given.get(f"{prefix}point", ()))
    return named + [pair for one in points for pair in one.items()]


def _tell_problems(found: "list[Way]") -> None:
    for way in found:
        if way.problem:
            tell(_("Kept, but marked invalid: {problem}").format(problem=way.problem))


def tell_duplicates(found: "list[Likeness]", entity: str) -> None:
    """Say which records the new one looks like."""
    for one in found:
        tell(
            _("Looks like {entity} {id} {name}: {reasons}.").format(
                entity=entity, id=one.id, name=one.name, reasons=", ".join(one.reasons)
            )
        )
