"""What one can say of a ticket at the command line, and how that is read."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

import click

from crmcore_service.cli.priorities import ONE_OF_THEM, PRIORITIES
from crmcore_service.i18n import _

if TYPE_CHECKING:
    from crmcore.api import Reader

F = TypeVar("F", bound=Callable[..., Any])


def details(function: F) -> F:
    """Add the options that opening and editing share."""
    for option in reversed(
        (
            click.option("--contact", metavar="ID|NAME|ADDRESS", help="Who asks."),
            click.option("--customer", metavar="ID|NAME", help="For which customer; default: the contact's."),
            click.option("--queue", metavar="NAME|CODE"),
            click.option("--category", metavar="NAME"),
            click.option(
                "--priority",
                type=PRIORITIES,
                metavar=ONE_OF_THEM,
                help="P1 is the most urgent; default: the category's, or P3.",
            ),
            click.option("--level", metavar="NAME|CODE", help="Service level; default: the contract's or the queue's."),
            click.option("--asset", metavar="ID|SERIAL", help="The product it is about."),
            click.option("--contract", metavar="ID|NUMBER"),
        )
    ):
        function = option(function)
    return function


def fields_said(reader: "Reader", given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of a ticket that options say; an empty text takes a value away.

    Raises `NotFound` or `InvalidInput` that names what was meant.
    """
    from crmcore.api import party_id, tables
    from crmcore_service.assets.contracts import contract_named
    from crmcore_service.assets.keeping import asset_named
    from crmcore_service.tickets.finding import category_named, level_named, queue_named

    found: dict[str, Any] = {}
    finding: dict[str, Callable[[Reader, str], int]] = {
        "contact": lambda reader, text: party_id(reader, tables.contact, text),
        "customer": lambda reader, text: party_id(reader, tables.customer, text),
        "queue": queue_named, "category": category_named, "level": level_named, "asset": asset_named,
        "contract": contract_named,
    }  # fmt: skip
    for name, find in finding.items():
        said = given.get(name)
        if said is not None:
            found[f"{name}_id"] = find(reader, said) if said.strip() else None
    if given.get("priority"):
        found["priority"] = given["priority"].upper()
    return found


def tickets_said(reader: "Reader", texts: tuple[str, ...]) -> list[int]:
    """Return the ids of the tickets that texts name, each once; raises `NotFound` for the first that is none."""
    from crmcore.api import InvalidInput
    from crmcore_service.tickets.finding import ticket_named

    if not texts:
        raise InvalidInput(_("Name a ticket, such as T12."))
    return list(dict.fromkeys(ticket_named(reader, one) for one in texts))
