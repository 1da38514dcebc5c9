"""Links: which record another became or led to, made where that happens; `crm trail` follows them (row S4-01)."""

from collections.abc import Iterable
from typing import Any

from crmcore.engine.bulk import Writer
from crmcore.engine.mapping import Entities
from crmcore.engine.tables import link
from crmcore.errors import PluginError
from crmcore.i18n import _

BECAME = "became"
"""What a link says unless something else is said."""

Place = tuple[str, int]
"""A record as (entity, id)."""


def place(entities: Entities, what: Any) -> Place:
    """Return a record, or an (entity, id) pair, as a place; raises `PluginError` for what is no record here."""
    try:
        if isinstance(what, tuple):
            name, record_id = what
            return entities.named(name).name, int(record_id)
        return entities.of(type(what)).name, int(what.id)
    except (KeyError, TypeError, ValueError):
        raise PluginError(_("{what} is no kind of record of this workspace.").format(what=repr(what))) from None


def keep(tx: Any, writer: Writer, pairs: Iterable[tuple[Any, Any]], kind: str) -> None:
    """Write links from one record to another and tell the journal under the first, at once: one statement.

    `tx` is the transaction; records that it has not written yet can be linked.
    """
    places = [(place(tx.entities, origin), place(tx.entities, target)) for origin, target in pairs]
    if not places:
        return
    tx.begin()
    names = ("from_entity", "from_id", "to_entity", "to_id", "kind", "at")
    rows = [
        dict(zip(names, (*origin, *target, kind, tx.now), strict=True), id=tx.new_id()) for origin, target in places
    ]
    writer.insert(tx.connection, link, rows)
    for origin, target in places:
        tx.record(f"{origin[0]}.linked", *origin, {"kind": kind, "to": list(target)})
