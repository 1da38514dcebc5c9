"""What it keeps about a party goes with the party: moved by a merge, emptied by erasing."""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import ForeignKey, Table, func, select

from crmcore.app import App
from crmcore.conformance.filling import Filler
from crmcore.conformance.subject import Subject
from crmcore.conformance.tables import all_tables, declared_references
from crmcore.engine.tables import metadata
from crmcore.erasing.run import erase
from crmcore.hooks.references import Reference
from crmcore.i18n import _
from crmcore.model.party import Contact, Customer
from crmcore.review.load import Kind
from crmcore.review.merge import merge

_POINTED_AT = {"contact", "customer", "user_account", "interaction"}
_ROWS = 7
_TEXT = "likes green tea"


def merging(subject: Subject) -> Iterator[str]:
    """Ask whether every column that points at a party is told of, and a merge moves every row."""
    with subject.workspace() as app:
        told = {(each.table.name, each.column): each for each in declared_references(app, subject)}
        for table, column, target in _pointing(app, subject):
            if (table, column) not in told:
                yield _("{table}.{column} points at a {target}, but crm_references does not tell of it.").format(
                    table=table, column=column, target=target
                )
            elif told[table, column].target != target:
                yield _("{table}.{column} points at a {target}; crm_references says {said}.").format(
                    table=table, column=column, target=target, said=told[table, column].target
                )
        kinds: tuple[Kind, ...] = ("contact", "customer")
        for kind in kinds:
            yield from _merged(app, subject, kind)


def _pointing(app: App, subject: Subject) -> Iterator[tuple[str, str, str]]:
    """Yield the columns that point at records of the core: by a foreign key, or by their name."""
    for table in all_tables(app, subject):
        for column in table.columns:
            keys = {_referred(key) for key in column.foreign_keys}
            named = {each for each in ("contact", "customer") if column.name in (f"{each}_id", each)}
            named |= {each for each in ("contact", "customer") if column.name.endswith(f"_{each}_id")}
            for target in sorted((keys & _POINTED_AT) or (named if not keys else set())):
                yield table.name, column.name, target


def _referred(key: ForeignKey) -> str:
    return key.target_fullname.split(".")[-2]


def _merged(app: App, subject: Subject, kind: Kind) -> Iterator[str]:
    winner, loser = two_parties(app, kind)
    others = everything(app)
    Filler(app, subject).fill(_ROWS, {**others, kind: [loser]})
    columns = [each for each in declared_references(app, subject) if each.target == kind]
    before = [_count(app, each, loser) for each in columns]
    with app.transaction() as tx:
        merge(tx, kind, winner, loser, cause="conformance")
    for column, had in zip(columns, before, strict=True):
        has = _count(app, column, winner)
        if has != had:
            yield _("{had} rows of {table} pointed at a {kind} by {column}; after merging {has} do.").format(
                had=had, table=column.table.name, kind=kind, column=column.column, has=has
            )


def _count(app: App, reference: Reference, party: int) -> int:
    column = reference.table.c[reference.column]
    statement = select(func.count()).select_from(reference.table).where(column == party)
    if reference.where:
        statement = statement.where(reference.table.c[reference.where[0]] == reference.where[1])
    with app.engine.connect() as connection:
        return int(connection.execute(statement).scalar_one())


def erasing(subject: Subject) -> Iterator[str]:
    """Ask whether erasing a person leaves no row that points at the person, and no text about nobody else."""
    with subject.workspace() as app:
        person, _other = two_parties(app, "contact")
        others = everything(app)
        Filler(app, subject, _TEXT).fill(
            _ROWS, {**others, "contact": [person], "customer": [], "some customer": others["customer"]}
        )
        columns = [each for each in declared_references(app, subject) if each.target == "contact"]
        theirs = {each.table: _keys(app, each, person) for each in columns}
        with app.transaction() as tx:
            erase(tx, "contact", person, certain=True)
        for column in columns:
            if _count(app, column, person):
                yield _(
                    "After erasing a person rows of {table} still point there by {column}; implement crm_erase."
                ).format(table=column.table.name, column=column.column)
        for table, keys in theirs.items():
            left = [row for row in rows(app, table) if tuple(row[each.name] for each in table.primary_key) in keys]
            for name in sorted({name for row in left for name, value in row.items() if _TEXT in str(value)}):
                yield _("After erasing a person {table}.{column} still says what was written about nobody else; "
                        "empty it in crm_erase.").format(table=table.name, column=name)  # fmt: skip


def _keys(app: App, reference: Reference, party: int) -> set[tuple[Any, ...]]:
    """Return the keys of the rows that point at a contact and at no customer."""
    found = set()
    for row in rows(app, reference.table):
        alone = not any(value for name, value in row.items() if name.endswith("customer_id"))
        if row[reference.column] == party and alone:
            found.add(tuple(row[each.name] for each in reference.table.primary_key))
    return found


def two_parties(app: App, kind: str) -> tuple[int, int]:
    """Add two records of a kind and return their ids."""
    with app.transaction() as tx:
        made = [tx.add(Contact(name=name) if kind == "contact" else Customer(name=name)) for name in ("One", "Two")]
    return made[0].id, made[1].id


def everything(app: App) -> Mapping[str, list[int]]:
    """Return the ids of what a plugin's rows can point at, by table: at least one of each where the core has any."""
    contact, _other = two_parties(app, "contact")
    customer, _other = two_parties(app, "customer")
    found: dict[str, list[int]] = {"contact": [contact], "customer": [customer]}
    with app.engine.connect() as connection:
        for name, table in metadata.tables.items():
            if name not in found and "id" in table.c:
                found[name] = list(connection.execute(select(table.c.id).limit(10)).scalars())
    return found


def rows(app: App, table: Table) -> list[dict[str, Any]]:
    """Return all rows of a table, as the database has them."""
    with app.engine.connect() as connection:
        return [dict(row) for row in connection.execute(select(table)).mappings()]
