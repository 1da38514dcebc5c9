"""The address book, asked about all names of a line at once."""

from collections.abc import Iterable, Sequence
from typing import Any

from attrs import field, frozen
from sqlalchemy import ColumnElement, Select, literal, select, union_all

from crmcore.engine.reader import Reader
from crmcore.engine.tables import contact, contact_point, customer, interaction
from crmcore.language.people import NameHit
from crmcore.language.reach import Mark
from crmcore.model.names import name_key, search_text
from crmcore.model.pinyin import HAN
from crmcore.model.points import normalise
from crmcore.search.matching import contains, name_contains
from crmcore.search.naming import Named

_PARTIES = (contact, customer)
_MOST = 200
_RECENT = 300
# What is said beside a family name, and is no part of the name.
_TITLES = (
    "总经理", "经理", "总监", "总", "主任", "老板", "处长", "科长", "部长", "院长", "校长", "工程师", "工",
    "老师", "先生", "女士", "小姐", "太太", "博士", "教授", "医生", "律师", "书记", "局长", "行长", "店长", "董",
)  # fmt: skip


@frozen(kw_only=True)
class Entry(Named):
    """A party in the address book, with the key of its name."""

    key: str = field(default="", eq=False)


def called(reader: Reader, spans: Iterable[str]) -> dict[str, list[Entry]]:
    """Return who is called just so, by the words of the line, whatever the order and script: one statement.

    Chinese words stand for a name in Chinese characters only when they are the same: many words sound like a name.
    """
    keys = {span: key for span in spans if (key := name_key(span))}
    if not keys:
        return {}
    wanted = set(keys.values())
    known: dict[str, list[Entry]] = {}
    for entry in _entries(reader, [(table, table.c.name_key.in_(wanted)) for table in _PARTIES], len(wanted) * 10):
        known.setdefault(entry.key, []).append(entry)
    found = {
        span: [entry for entry in known.get(key, ()) if _same_script(span, entry.name)] for span, key in keys.items()
    }
    return {span: entries for span, entries in found.items() if entries}


def hits(entries: Iterable[Entry]) -> list[NameHit]:
    """Return address book entries as the reader of lines wants them."""
    return [NameHit(name=entry.name, kind=entry.entity, id=str(entry.id)) for entry in entries]


def partly_called(reader: Reader, names: Sequence[str]) -> dict[str, list[Entry]]:
    """Return who has each name as a part of the name, such as `Li`, `李总` or `Acme`: two statements.

    Of contacts whose name is in another script those are found whose key begins with the word, as most keys of family
    names such as Li do, and those the actor was in touch with lately.
    """
    bare = {name: _bare(name) for name in names}
    dialect = reader.connection.dialect.name
    parts = [name for name in bare.values() if name_key(name)]
    if not parts:
        return {}
    # One part of the union for each condition: with OR between them PostgreSQL would read the whole table.
    indexed = [
        (table, contains("name_index", dialect, part, table.c.id) & name_contains(table.c.search, part))
        for table in _PARTIES
        for part in parts
    ]
    keys = [key for part in parts if " " not in (key := name_key(part))]
    indexed += [(contact, (contact.c.name_key > f"{key} ") & (contact.c.name_key < f"{key}!")) for key in keys]
    entries = {entry.id: entry for entry in [*_entries(reader, indexed, _MOST), *_lately(reader)]}
    found = {name: [entry for entry in entries.values() if _is_part(part, entry)] for name, part in bare.items()}
    return {name: those for name, those in found.items() if those}


def reached(reader: Reader, marks: Sequence[Mark], region: str) -> dict[str, list[Entry]]:
    """Return who is reached at the addresses, numbers and handles of a line: one statement."""
    wanted = {
        mark.value: normalise("messenger" if mark.kind == "handle" else mark.kind, mark.value, region) for mark in marks
    }
    if not wanted:
        return {}
    c = contact_point.c
    parts = []
    for table, owner in ((contact, c.contact_id), (customer, c.customer_id)):
        parts.append(
            select(
                literal(table.name).label("entity"), table.c.id, table.c.name, table.c.name_key.label("key"), c.normal
            )
            .join_from(contact_point, table, table.c.id == owner)
            .where(c.normal.in_(set(wanted.values())), table.c.merged_into_id.is_(None))
        )
    rows = reader.connection.execute(reader.visibility.limit(union_all(*parts).limit(_MOST))).all()
    found = {value: [_entry(row) for row in rows if row.normal == normal] for value, normal in wanted.items()}
    return {value: entries for value, entries in found.items() if entries}


def _entries(reader: Reader, wanted: Iterable[tuple[Any, ColumnElement[bool]]], limit: int) -> list[Entry]:
    parts: list[Select[Any]] = []
    for table, condition in wanted:
        part = (
            select(literal(table.name).label("entity"), table.c.id, table.c.name, table.c.name_key.label("key"))
            .where(condition, table.c.merged_into_id.is_(None))
            .order_by(table.c.id)
            .limit(limit)
            .subquery()
        )
        parts.append(select(part))
    return [_entry(row) for row in reader.connection.execute(reader.visibility.limit(union_all(*parts)))]


def _lately(reader: Reader) -> list[Entry]:
    """Return the contacts of the actor's last three hundred interactions."""
    i, c = interaction.c, contact.c
    last = select(i.contact_id).where(i.user_id == reader.actor.user_id).order_by(i.moment.desc(), i.id.desc())
    statement = select(literal("contact").label("entity"), c.id, c.name, c.name_key.label("key")).where(
        c.id.in_(select(last.limit(_RECENT).subquery().c.contact_id)), c.merged_into_id.is_(None)
    )
    return [_entry(row) for row in reader.rows(statement)]


def _entry(row: Any) -> Entry:
    return Entry(entity=row.entity, id=row.id, name=row.name, key=row.key)


def _same_script(span: str, name: str) -> bool:
    ours, theirs = "".join(HAN.findall(span)), "".join(HAN.findall(name))
    return not (ours and theirs) or sorted(ours) == sorted(theirs)


def _bare(name: str) -> str:
    """Return a name without what only goes with a family name: 李总 and 老李 are 李."""
    if not HAN.search(name):
        return name
    for title in _TITLES:
        if name.endswith(title) and len(name) > len(title):
            return name.removesuffix(title)
    return name[1:] if name[0] in "老小" and len(name) == 2 else name


def _is_part(part: str, entry: Entry) -> bool:
    """Return whether the words of `part` are words of the name: Li is one of Li Wei, and none of Oliver."""
    if HAN.search(part) and HAN.search(entry.name):
        theirs = "".join(HAN.findall(entry.name))
        return theirs.startswith(part) if entry.entity == "contact" else part in theirs
    words = set(search_text(part).split())
    return words <= set(search_text(entry.name).split()) or set(name_key(part).split()) <= set(entry.key.split())
