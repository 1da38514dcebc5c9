"""The names that a selection may use, and the joins that bring what they stand for."""

from collections.abc import Iterator, Mapping
from datetime import date
from difflib import get_close_matches
from typing import Any

from attrs import define, field, frozen
from sqlalchemy import ColumnElement, FromClause, Subquery, Table, literal, or_, select

from crmcore.definitions.syntax import Call, Node, Path
from crmcore.engine.borrowed import PluginReader
from crmcore.engine.reader import Reader
from crmcore.engine.rows import unlimited
from crmcore.engine.tables import contact, customer, position
from crmcore.errors import InvalidInput, PluginError
from crmcore.fields.columns import column as field_column
from crmcore.hooks.selecting import CONTACT, CUSTOMER, DATE, NUMBER, TEXT, TRUTH, Trait
from crmcore.i18n import _
from crmcore.model.definitions import Definitions, Field
from crmcore.selecting.values import Value, kind_kept

TABLES: Mapping[str, Table] = {CONTACT: contact, CUSTOMER: customer}
_WITHIN = frozenset({"version", "details", "custom", "sort_key", "name_key", "search", "merged_into_id", "batch_id"})
"""Columns that are the core's own business."""
_CORE = "core."
_KINDS = {"number": NUMBER, "money": NUMBER, "date": DATE, "boolean": TRUTH}


@frozen(kw_only=True)
class Askable:
    """A name that may be asked: how it is written, its kind, what it means, and of whom it is known."""

    name: str
    kind: str
    title: str
    of: str
    takes_text: bool = False


@define(kw_only=True, eq=False)
class Names:
    """What may be asked of contacts, or of customers, and what was asked so far: that is joined.

    A contact's customer is that of its oldest position that has not ended by `today`.
    """

    of: str
    reader: Reader | PluginReader
    traits: Mapping[str, Trait]
    today: date
    _sources: dict[int, tuple[FromClause, ColumnElement[bool], bool]] = field(factory=dict)
    _by: dict[tuple[str, str], Trait] = field(factory=dict)
    _current: Subquery | None = None
    _customer: ColumnElement[int] | None = None

    def source(self, needed: frozenset[FromClause] = frozenset()) -> FromClause:
        """Return who is selected, joined with all that was asked; who has no row in a `needed` table is left out."""
        joined: FromClause = TABLES[self.of]
        if self._current is not None:
            through = [one for one, _on, leads in self._sources.values() if leads]
            sure = not needed.isdisjoint([customer, *through])
            joined = joined.join(self._current, self._current.c.contact_id == contact.c.id, isouter=not sure)
        if self._customer is not None:
            joined = joined.join(customer, customer.c.id == self._customer, isouter=customer not in needed)
        for one, on, _leads in self._sources.values():
            joined = joined.join(one, on, isouter=one not in needed)
        return joined

    def value(self, node: Path) -> Value | None:
        """Return what a name stands for; None for an unknown name. Raises `InvalidInput` as `trait` does."""
        trait = self.traits.get(node.text)
        if trait is not None:
            if trait.by is not None:
                raise misplaced(node, _('{name} is asked with a text: {name}("…")').format(name=node.text))
            return self._joined(node, trait)
        table = TABLES.get(node.names[0])
        if table is None:
            return None
        match node.names[1:]:
            case ("custom", name):
                found = _custom(table, self.reader.definitions, name)
            case (name,) if name in table.c and name not in _WITHIN and kind_kept(table.c[name].type):
                found = Value(kind=kind_kept(table.c[name].type), sql=table.c[name])
            case _:
                return None
        if found is not None:
            self._reach(node, table.name)
            if table is customer and self.of == CONTACT:
                self._customer = self._customer_id()
        return found

    def trait(self, node: Call, name: str, text: str) -> Value:
        """Return a trait that is asked with a text; raises `InvalidInput` for one that is not, or not of these."""
        trait = self.traits[name]
        if trait.by is None:
            raise misplaced(node, _("{name} is asked without a text").format(name=name))
        if (name, text) not in self._by:
            found = trait.by(self.reader, text)
            if not isinstance(found, Trait) or found.source is None:
                raise PluginError(_("The trait {name} answers no trait for “{text}”.").format(name=name, text=text))
            self._by[name, text] = found
        return self._joined(node, self._by[name, text])

    def unknown(self, node: Path) -> InvalidInput:
        """Return the sentence for a name that nobody knows, with those that are like it."""
        near = get_close_matches(node.text, [one.name for one in every(self.reader.definitions, self.traits)], n=3)
        hint = _("; did you mean {names}?").format(names=", ".join(near)) if near else ""
        return misplaced(node, _("there is no “{name}”{hint}").format(name=node.text, hint=hint).rstrip("?"))

    def _joined(self, node: Node, trait: Trait) -> Value:
        self._reach(node, trait.of)
        leads = trait.of != self.of
        key = self._customer_id() if leads else TABLES[self.of].c.id
        if trait.value is None:
            there = select(literal(1)).select_from(trait.source).where(trait.key == key)
            return Value(kind=TRUTH, sql=there.exists())
        self._sources.setdefault(id(trait.source), (trait.source, trait.key == key, leads))
        return Value(kind=trait.kind, sql=trait.value, empty=trait.empty)

    def _reach(self, node: Node, of: str) -> None:
        if of == CONTACT and self.of == CUSTOMER:
            raise misplaced(node, _("it is known of contacts, and customers are selected"))

    def _customer_id(self) -> ColumnElement[int]:
        if self._current is None:
            self._current = _stands_for(self.today)
        return self._current.c.customer_id


def _stands_for(today: date) -> Subquery:
    """Return the customer of each contact's oldest position that has not ended.

    Whoever asks: it only leads from contacts to customers and traits, of which the actor sees what it may.
    """
    held, older = unlimited(position, "held").c, unlimited(position, "older").c
    before = select(older.id).where(older.contact_id == held.contact_id, older.id < held.id, _lasts(older, today))
    current = select(held.contact_id, held.customer_id).where(_lasts(held, today), ~before.exists())
    return current.subquery("stands_for")


def _lasts(c: Any, today: date) -> ColumnElement[bool]:
    return or_(c.ended.is_(None), c.ended >= today)


def names(reader: Reader | PluginReader, of: str, today: date) -> Names:
    """Return the names that a selection of contacts or customers may use in this workspace."""
    return Names(of=of, reader=reader, traits=traits(reader), today=today)


def traits(reader: Reader | PluginReader) -> dict[str, Trait]:
    """Return what the core and plugins declare, by the name as it is written; the first of a name counts."""
    found: dict[str, Trait] = {}
    for plugin, one in reader.declared_by_plugin("crm_traits"):
        found.setdefault(f"{one.of if plugin.startswith(_CORE) else plugin}.{one.name}", one)
    return found


def every(definitions: Definitions, known: Mapping[str, Trait]) -> Iterator[Askable]:
    """Yield the names that selections may use: fields, the workspace's own, and traits."""
    for of, table in TABLES.items():
        for column in table.c:
            kind = kind_kept(column.type)
            if column.name not in _WITHIN and kind:
                yield Askable(name=f"{of}.{column.name}", kind=kind, title="", of=of)
        for one in definitions.fields_of(of):
            yield Askable(name=f"{of}.custom.{one.name}", kind=_kind(one), title=one.label or one.name, of=of)
    for name, trait in known.items():
        yield Askable(name=name, kind=trait.kind, title=trait.title, of=trait.of, takes_text=trait.by is not None)


def misplaced(node: Node, why: str) -> InvalidInput:
    """Return the sentence for a part of an expression that cannot be selected by, with its place."""
    return InvalidInput(_("At character {n}: {why}.").format(n=node.start + 1, why=why))


def _custom(table: Table, definitions: Definitions, name: str) -> Value | None:
    found = next((one for one in definitions.fields_of(table.name) if one.name == name), None)
    return None if found is None else Value(kind=_kind(found), sql=field_column(table, found))


def _kind(one: Field) -> str:
    return _KINDS.get(one.type, TEXT)
