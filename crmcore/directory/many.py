"""Finding many parties by what people wrote: ids, names, e-mail addresses; set-wise, for lists and files."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from attrs import field, frozen
from sqlalchemy import Table, select

from crmcore.engine.borrowed import PluginReader
from crmcore.engine.portions import portions
from crmcore.engine.reader import Reader
from crmcore.engine.tables import contact, contact_point
from crmcore.i18n import _
from crmcore.model.names import name_key
from crmcore.model.points import normalise

_SHOWN = 5


@frozen(kw_only=True)
class Meant:
    """Whom texts mean: `ids` by text, and for those that mean nobody or several a sentence by text (`problems`)."""

    ids: Mapping[str, int] = field(factory=dict)
    problems: Mapping[str, str] = field(factory=dict)


def party_ids(reader: Reader | PluginReader, table: Table, texts: Iterable[str]) -> Meant:
    """Return the customers or contacts that texts mean: as `party_id` finds one, three statements for up to 5,000.

    A text that is an id, an e-mail address or a name of one party is found; what was merged is found under the party it
    was merged into.
    """
    wanted = dict.fromkeys(texts)
    ids = {text: int(text) for text in wanted if text.isascii() and text.isdigit() and len(text) < 19}
    mails = {text: normalise("email", text) for text in wanted if "@" in text}
    names = {text: name_key(text) for text in wanted if text not in ids and text not in mails}
    found: dict[str, set[int]] = defaultdict(set)
    own, alive = table.c.id, table.c.merged_into_id.is_(None)
    _match(reader, ids, own, select(own.label("key"), table.c.merged_into_id, own), found)
    column = contact_point.c.contact_id if table is contact else contact_point.c.customer_id
    reached = select(contact_point.c.normal.label("key"), table.c.merged_into_id, own).join(table, own == column)
    _match(reader, mails, contact_point.c.normal, reached.where(alive, contact_point.c.kind == "email"), found)
    called = select(table.c.name_key.label("key"), table.c.merged_into_id, own).where(alive)
    _match(reader, names, table.c.name_key, called, found)
    return Meant(
        ids={text: next(iter(meant)) for text, meant in found.items() if len(meant) == 1},
        problems={text: _problem(table, text, found.get(text, set())) for text in wanted if len(found[text]) != 1},
    )


def _match(
    reader: Reader | PluginReader, keys: Mapping[str, Any], column: Any, statement: Any, found: dict[str, set[int]]
) -> None:
    """Add to what was found the parties whose `key` is that of a text."""
    by_key: dict[Any, list[str]] = defaultdict(list)
    for text, key in keys.items():
        if key not in ("", None):
            by_key[key].append(text)
    for some in portions(by_key):
        for row in reader.rows(statement.where(column.in_(some))):
            for text in by_key[row.key]:
                found[text].add(row.merged_into_id or row.id)


def _problem(table: Table, text: str, meant: set[int]) -> str:
    if not meant:
        return _("There is no {entity} “{text}”.").format(entity=_(table.name), text=text)
    listed = ", ".join(map(str, sorted(meant)[:_SHOWN]))
    return _("“{text}” may be one of several: {listed}. Give the id.").format(text=text, listed=listed)
