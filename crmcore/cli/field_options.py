"""Options for a workspace's own fields: --set when entering, --where and --show in lists."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

import click

from crmcore.errors import InvalidInput
from crmcore.i18n import _

if TYPE_CHECKING:
    from crmcore.model.definitions import Definitions

F = TypeVar("F", bound=Callable[..., Any])

set_option = click.option(
    "--set", "set_", multiple=True, metavar="KEY=VALUE", help="A field that this workspace defined; KEY= empties it."
)


def filter_options(function: F) -> F:
    """Add --where and --show to a list."""
    where = click.option(
        "--where", multiple=True, metavar="KEY=VALUE", help="Only where a field of yours is so; also != > >= < <=."
    )
    show = click.option("--show", multiple=True, metavar="NAME", help="A column for a field of yours.")
    return where(show(function))


def pairs(said: Sequence[str]) -> dict[str, str]:
    """Return KEY=VALUE options as a mapping; raises `InvalidInput` for one of another form."""
    found: dict[str, str] = {}
    for text in said:
        name, equals, value = text.partition("=")
        if not equals or not name.strip():
            raise InvalidInput(_("“{text}” is not of the form KEY=VALUE.").format(text=text))
        found[name.strip()] = value.strip()
    return found


def columns(
    definitions: "Definitions", entity: str, names: Sequence[str], records: Sequence[Any]
) -> tuple[list[str], list[list[str]]]:
    """Return the headings of the columns that --show asks for, and their cells for each record of a list."""
    from crmcore.fields.entering import as_text, headings

    shown = headings(definitions, entity, names)
    cells = [{field.name: text for field, text in as_text(definitions, entity, one.custom)} for one in records]
    return shown, [[each.get(name, "") for name in names] for each in cells]
