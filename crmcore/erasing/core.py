"""The core's own tables: the person's rows emptied or removed, counts and sums left as they are."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import Table, bindparam, delete, insert, or_, select, update

from crmcore.engine import tables as t
from crmcore.engine.transaction import Transaction
from crmcore.erasing.linked import Linked, chunks, theirs
from crmcore.erasing.person import TABLES, Person
from crmcore.erasing.report import Report
from crmcore.erasing.texts import NOBODY, Redactor
from crmcore.i18n import _
from crmcore.search.index import renew

_SAID: Mapping[Table, Mapping[str, str]] = {
    t.interaction: dict.fromkeys(("subject", "body", "quoted", "location", "thread", "source"), ""),
    t.task: {"subject": NOBODY, "sentence": "", "note": "", "topic": "", "source": ""},
    t.process_item: {"title": NOBODY, "note": ""},
}
"""By table: the texts of a record, and what is written in their place."""
_STAYS = frozenset({"number", "money", "boolean", "choice", "term", "date"})
"""Types of custom fields that figures are made of; texts, addresses and numbers of telephones go."""


def erase(tx: Transaction, person: Person, linked: Linked, report: Report) -> list[tuple[str, str]]:
    """Empty the core's tables of a person; return the (channel, purpose) pairs that were denied."""
    denied = _consents(tx, person, report)
    _parts(tx, person, report)
    participants = update(t.participant).where(theirs(person)).values(name="", address="", normal="")
    report.add("core", _("names in lists of participants"), tx.connection.execute(participants).rowcount, "emptied")
    for table, ids, what in (
        (t.interaction, linked.alone, _("interactions with nobody else")),
        (t.task, linked.tasks, _("tasks and promises")),
        (t.process_item, linked.items, _("cases of processes")),
    ):
        _empty(tx, table, ids, person.nearby)
        report.add("core", what, len(ids), "emptied", _("they are counted as before; what was said is gone"))
    _mentions(tx, t.interaction, linked.shared, person.nearby)
    _mentions(tx, t.task, linked.came_of_shared, person.nearby)
    report.add(
        "core", _("interactions with others too"), len(linked.shared), "kept",
        _("what others said and heard stays; the name, addresses and numbers in it are gone"),
    )  # fmt: skip
    _records(tx, person)
    report.add(
        "core", _("records of the person"), len(person.ids), "emptied",
        _("a row without a name stays, so that counts hold"),
    )  # fmt: skip
    return denied


def _consents(tx: Transaction, person: Person, report: Report) -> list[tuple[str, str]]:
    c = t.consent.c
    mine = c[person.key].in_(person.ids)
    rows = tx.connection.execute(select(c.id, c.channel, c.purpose, c.state).where(mine).order_by(c.at, c.id)).all()
    latest = {(row.channel, row.purpose): row for row in rows}
    denied = [pair for pair, row in latest.items() if row.state == "denied"]
    kept = [row.id for row in latest.values() if row.state == "denied"]
    gone = tx.connection.execute(delete(t.consent).where(mine, c.id.not_in(kept))).rowcount
    tx.connection.execute(update(t.consent).where(c.id.in_(kept)).values(evidence="", source=""))
    report.add("core", _("consents"), gone, "removed")
    report.add("core", _("refusals"), len(kept), "kept", _("so that nobody writes or calls again"))
    tx.connection.execute(
        insert(t.consent).values(
            id=tx.new_id(), version=1, state="denied", channel="*", purpose="*", at=tx.now, evidence=NOBODY,
            **{person.key: person.ids[0]},
        )
    )  # fmt: skip
    return denied


def _parts(tx: Transaction, person: Person, report: Report) -> None:
    removed = {
        t.contact_point: _("addresses and numbers"),
        t.preference: _("wishes"),
        t.position: _("positions"),
    }
    for table, what in removed.items():
        if table is t.position and person.entity == "customer":
            continue  # whose they are is not erased; the customer they are at has no name any more
        done = tx.connection.execute(delete(table).where(table.c[person.key].in_(person.ids)))
        report.add("core", what, done.rowcount, "removed")
    e = t.external_id.c
    ids = delete(t.external_id).where(e.kind == person.entity, e.record_id.in_(person.ids))
    report.add("core", _("ids in other systems"), tx.connection.execute(ids).rowcount, "removed")
    m, d = t.merge.c, t.duplicate.c
    merged = delete(t.merge).where(
        m.kind == person.entity, or_(m.winner_id.in_(person.ids), m.loser_id.in_(person.ids))
    )
    report.add(
        "core", _("merges"), tx.connection.execute(merged).rowcount, "removed", _("they cannot be taken back any more")
    )  # fmt: skip
    pairs = delete(t.duplicate).where(d.kind == person.entity, or_(d.a.in_(person.ids), d.b.in_(person.ids)))
    report.add("core", _("proposals of duplicates"), tx.connection.execute(pairs).rowcount, "removed")


def _empty(tx: Transaction, table: Table, ids: Sequence[int], redactor: Redactor) -> None:
    said = _SAID[table]
    columns = [name for name in ("external_id", "custom") if name in table.c]
    for part in chunks(ids):
        rows = tx.connection.execute(
            select(table.c.id, *(table.c[name] for name in columns)).where(table.c.id.in_(part))
        ).mappings().all()  # fmt: skip
        values = [
            {"b_id": row["id"], **said, **_rest(row, columns, _numbers(tx, table), redactor)} for row in rows
        ]  # fmt: skip
        if table is t.interaction:
            values = [{**each, "details": {}} for each in values]
        _write(tx, table, values)


def _rest(row: Any, columns: Sequence[str], stays: Collection[str], redactor: Redactor) -> dict[str, Any]:
    rest: dict[str, Any] = {"custom": {name: value for name, value in row["custom"].items() if name in stays}}
    if "external_id" in columns:  # it is how the same message is known again, unless it tells who wrote it
        found = row["external_id"]
        rest["external_id"] = f"{NOBODY} {row['id']}" if redactor.finds(found) else found
    return rest


def _numbers(tx: Transaction, table: Table) -> set[str]:
    """Return the custom fields of a table that stay: what figures are made of."""
    fields = [*tx.definitions.fields_of(table.name)]
    if table is t.process_item:
        fields += [one for process in tx.definitions.processes for one in process.fields]
    return {one.name for one in fields if one.type in _STAYS}


def _mentions(tx: Transaction, table: Table, ids: Sequence[int], redactor: Redactor) -> None:
    """Replace the person in records that are about others too."""
    names = [name for name in (*_SAID[table], "details", "custom") if name in table.c]
    for part in chunks(ids):
        rows = tx.connection.execute(select(table.c.id, *(table.c[name] for name in names)).where(table.c.id.in_(part)))
        _write(
            tx,
            table,
            [{"b_id": row.id, **{name: redactor.data(getattr(row, name)) for name in names}} for row in rows],
        )


def _write(tx: Transaction, table: Table, values: Sequence[dict[str, Any]]) -> None:
    """Write rows by their id, and the search index with them."""
    if not values:
        return
    columns = {name: bindparam(name, type_=table.c[name].type) for name in values[0] if name != "b_id"}
    statement = update(table).where(table.c.id == bindparam("b_id")).values(columns)
    tx.connection.execute(statement.values(version=table.c.version + 1), list(values))
    ids = [each["b_id"] for each in values]
    renew(tx.connection, table, ids)


def _records(tx: Transaction, person: Person) -> None:
    """Leave of the person's records a row without a name: it is counted, and found by nobody."""
    table = TABLES[person.entity]
    entity = tx.entities.named(person.entity)
    values = []
    for record_id in person.ids:
        row: dict[str, Any] = {
            "name": f"{NOBODY} {record_id}", "language": "", "zone": "", "note": "", "details": {}, "custom": {},
            "source": "",
        }  # fmt: skip
        if person.entity == "contact":
            row |= dict.fromkeys(("given", "family", "additional", "prefix", "suffix", "birthday"), "")
        entity.derive(row)
        values.append({"b_id": record_id, **row})
    _write(tx, table, values)
