"""Notes that carry a tag, such as `#opportunity` or `#商机`: found among interactions, tasks and notes on parties."""

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from attrs import frozen
from sqlalchemy import ColumnElement, Table, or_, select

from crmcore.engine.reader import Reader
from crmcore.engine.tables import contact, customer, external_id, interaction, task, user_account
from crmcore.errors import NotFound
from crmcore.i18n import _
from crmcore.search.matching import contains
from crmcore.search.privacy import readable, task_seen

_AT_ONCE = 500
_NO_TAG = re.compile("(?!)")
_TITLE = 80
_TEXTS: Mapping[str, tuple[str, ...]] = {
    "interaction": ("subject", "body"),
    "task": ("subject", "sentence", "note"),
    "contact": ("note",),
    "customer": ("note",),
}
_TABLES: Mapping[str, Table] = {"interaction": interaction, "task": task, "contact": contact, "customer": customer}


@frozen(kw_only=True)
class Tagged:
    """A text that carries a tag, and what an item can take from it: title, party, owner and moment.

    `owner_id` is None where who wrote it is not active any more. `item_id` is the record that was made of it already,
    if one was.
    """

    entity: str
    id: int
    text: str
    title: str
    at: datetime
    customer_id: int | None
    contact_id: int | None
    owner_id: int | None
    item_id: int | None


def pattern(tags: Collection[str]) -> re.Pattern[str]:
    """Return the pattern of any of the tags: `#` (or `＃`) and the word, which ends where a word ends."""
    words = "|".join(re.escape(tag.lstrip("#＃")) for tag in tags)
    return re.compile(rf"[#＃](?:{words})(?!\w)", re.IGNORECASE)


Made = Callable[[Reader, str, Collection[int]], Mapping[int, int]]
"""Answers, of the ids of texts of a kind, which record was made of each already."""


def tagged(reader: Reader, made: Made, tags: Collection[str]) -> Iterator[Tagged]:
    """Yield the texts that carry one of the tags and that the actor may read, by kind and the oldest first.

    A task that was taken from an interaction which carries the tag is not told of again. Three statements for each 500
    of a kind.
    """
    wanted = pattern(tags)
    told: set[int] = set()
    for entity, table in _TABLES.items():
        last = 0
        while rows := _page(reader, entity, table, tags, last):
            last = rows[-1].id
            found = [row for row in rows if wanted.search(_text(entity, row))]
            if entity == "interaction":
                told.update(row.id for row in found)
            elif entity == "task":
                found = [row for row in found if row.interaction_id not in told]
            done = made(reader, entity, [row.id for row in found]) if found else {}
            active = _active(reader, {_owner(entity, row) for row in found} - {None})
            for row in found:
                yield _tagged(entity, row, wanted, done.get(row.id), active)


def texts_of(reader: Reader, made: Made, ids: Sequence[int]) -> list[Tagged]:
    """Return interactions, whatever tags they carry, in the order of `ids`: three statements.

    Raises `NotFound` for one that is absent, or that the actor may not read.
    """
    c = interaction.c
    rows = reader.rows(select(interaction).where(c.id.in_(ids), readable(reader.actor.user_id)))
    known = {row.id: row for row in rows}
    absent = next((key for key in ids if key not in known), None)
    if absent is not None:
        raise NotFound(_("There is no {entity} {id}.").format(entity="interaction", id=absent))
    done, active = made(reader, "interaction", ids), _active(reader, {row.user_id for row in rows} - {None})
    return [_tagged("interaction", known[key], _NO_TAG, done.get(key), active) for key in ids]


def _page(reader: Reader, entity: str, table: Table, tags: Collection[str], last: int) -> Sequence[Any]:
    dialect, me = reader.connection.dialect.name, reader.actor.user_id
    held: list[ColumnElement[bool]] = [contains("text_index", dialect, tag.lstrip("#＃"), table.c.id) for tag in tags]
    statement = select(table).where(or_(*held), table.c.id > last).order_by(table.c.id).limit(_AT_ONCE)
    if entity == "interaction":
        statement = statement.where(readable(me))
    elif entity == "task":
        statement = statement.where(task_seen(me))
    else:
        statement = statement.where(table.c.merged_into_id.is_(None))
    return reader.rows(statement)


def _text(entity: str, row: Any) -> str:
    return "\n".join(text for name in _TEXTS[entity] if (text := getattr(row, name)))


def _owner(entity: str, row: Any) -> int | None:
    found: int | None = row.user_id if entity == "interaction" else row.owner_id
    return found


def _active(reader: Reader, ids: Collection[int | None]) -> set[int]:
    c = user_account.c
    return {row.id for row in reader.rows(select(c.id).where(c.id.in_(ids), c.active.is_(True)))} if ids else set()


def made_into(table: Table, *conditions: ColumnElement[bool]) -> Made:
    """Return what answers which records of a table, that meet the conditions, were made of texts: one statement.

    Of an interaction by the column `interaction_id`, of other texts by the record's external id, whose scheme is the
    kind of the text.
    """
    t, e = table.c, external_id.c

    def made(reader: Reader, entity: str, ids: Collection[int]) -> Mapping[int, int]:
        if entity == "interaction":
            statement = select(t.interaction_id, t.id).where(t.interaction_id.in_(ids), *conditions)
            return {row.interaction_id: row.id for row in reader.rows(statement)}
        kept = select(e.value, t.id).join_from(external_id, table, t.id == e.record_id)
        kept = kept.where(e.kind == table.name, e.scheme == entity, e.value.in_([str(one) for one in ids]))
        return {int(row.value): row.id for row in reader.rows(kept.where(*conditions))}

    return made


def _tagged(entity: str, row: Any, wanted: re.Pattern[str], item_id: int | None, active: set[int]) -> Tagged:
    owner = _owner(entity, row)
    return Tagged(
        entity=entity,
        id=row.id,
        text=_text(entity, row),
        title=title(_text(entity, row), wanted),
        at=row.moment if entity == "interaction" else row.created_at,
        customer_id=row.id if entity == "customer" else getattr(row, "customer_id", None),
        contact_id=row.id if entity == "contact" else getattr(row, "contact_id", None),
        owner_id=owner if owner in active else None,
        item_id=item_id,
    )


def title(text: str, wanted: re.Pattern[str]) -> str:
    """Return the first sentence of a text that says more than the tag."""
    for line in re.split(r"[\n。！？!?]|(?<=\w)\.\s", wanted.sub(" ", text)):
        words = " ".join(line.split()).strip(" ,，;；:：-–#＃")
        if words:
            return words if len(words) <= _TITLE else words[: _TITLE - 1].rstrip() + "…"
    return ""
