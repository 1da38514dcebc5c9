"""What a plugin kept of a party, read without it: rows of its recorded tables that point there, as plain text.

So nothing is lost to its readers when a plugin's package is gone, and what a disabled one kept can be looked up.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from attrs import frozen
from sqlalchemy import ColumnElement, Connection, Select, column, exists, inspect, or_, select, table
from sqlalchemy.engine.interfaces import ReflectedColumn

from crmcore.engine import tables
from crmcore.engine.journal import plain
from crmcore.engine.types import Fixed
from crmcore.hooks.kinds import impl
from crmcore.hooks.reading import Block, Subject
from crmcore.i18n import _
from crmcore.lifecycle import states
from crmcore.lifecycle.states import Recorded

_MOST = 10
_WEIGHT = 950
_HIDING = {each.name: each for each in (tables.contact, tables.customer, tables.interaction, tables.task)}
_UNTOLD = frozenset({"id", "version"})


@frozen(kw_only=True, eq=False)
class Kept:
    """A feature of the core: it shows what enabled plugins kept whose packages are not there."""

    plugins: tuple[Recorded, ...]

    @impl
    def crm_brief(self, subject: Subject, reader: Any) -> Iterable[Block]:
        """Show what each of them kept, if anything."""
        return blocks(reader, subject, {one: states.absence() for one in self.plugins})


def disabled(connection: Connection) -> dict[Recorded, str]:
    """Return the plugins that are disabled and have tables here, each with a word for that."""
    return {one: _("disabled") for one in states.recorded(connection).values() if one.tables and not one.enabled}


def blocks(reader: Any, subject: Subject, plugins: Mapping[Recorded, str]) -> Iterator[Block]:
    """Yield a block for each plugin that kept something of a party; `plugins` gives the reason it is shown here.

    The tables are looked up at once for all plugins; each that points at parties is asked by one statement, bounded.
    A row that points at anything the reader may not see is left out.
    """
    wanted = [each for one in plugins for each in one.tables]
    if not wanted:
        return
    inspector = inspect(reader.connection)
    columns = {key[1]: found for key, found in inspector.get_multi_columns(filter_names=wanted).items()}
    keys = {key[1]: found for key, found in inspector.get_multi_foreign_keys(filter_names=wanted).items()}
    for one, why in plugins.items():
        rows: list[tuple[str, ...]] = []
        data: list[dict[str, Any]] = []
        for name in [each for each in one.tables if each in columns]:
            links = {
                key["constrained_columns"][0]: key["referred_table"]
                for key in keys.get(name, ())
                if len(key["constrained_columns"]) == 1
            }
            statement = _about(name, columns[name], links, subject)
            found = reader.rows(statement) if statement is not None else ()
            for row in found[:_MOST]:
                told = {key: plain(value) for key, value in row._mapping.items() if value not in (None, "")}
                data.append({"table": name, **told})
                rows.append((name.removeprefix(f"{one.name}_"), _said(told, links, subject)))
            if len(found) > _MOST:
                rows.append(("", _("and more")))
        if rows:
            title = _("{plugin} ({why}): what it kept").format(plugin=one.name, why=why)
            yield Block(title=title, weight=_WEIGHT, rows=tuple(rows), data=data)


def _about(
    name: str, columns: Sequence[ReflectedColumn], links: Mapping[str, str], subject: Subject
) -> Select[Any] | None:
    """Return the statement for the rows of a table that point at a party; None for a table that never does."""
    fixed = {each["name"]: each["type"] for each in columns if isinstance(each["type"], Fixed)}
    of = table(name, *[column(each["name"], fixed.get(each["name"])) for each in columns])
    ids = {"customer": subject.customer_ids, "contact": subject.contact_ids}
    if subject.entity == "contact":
        ids["customer"] = ()
    pointing = [of.c[each].in_(ids[to]) for each, to in links.items() if ids.get(to)]
    if not pointing:
        return None
    visible: list[ColumnElement[bool]] = []
    for each, to in links.items():
        if to in _HIDING:
            one = _HIDING[to].alias(f"pointed_{each}")
            visible.append(or_(of.c[each].is_(None), exists(select(one.c.id).where(one.c.id == of.c[each]))))
    ordered = of.c.id.desc() if "id" in of.c else of.c[columns[0]["name"]]
    return select(*of.c).where(or_(*pointing), *visible).order_by(ordered).limit(_MOST + 1)


def _said(told: Mapping[str, Any], links: Mapping[str, str], subject: Subject) -> str:
    """Return a row in words; that it points at the party whose brief it is needs none."""
    return "; ".join(
        f"{name} {value}"
        for name, value in told.items()
        if name not in _UNTOLD and not (name in links and value == subject.id)
    )


def absent_ones(recorded: Mapping[str, Recorded]) -> tuple[Recorded, ...]:
    """Return those of the enabled plugins that have tables here and whose packages are not there."""
    return tuple(recorded[name] for name in states.absent(recorded) if recorded[name].tables)
