"""Reading promises out of what was imported: mails by our users and to them, notes of calls and meetings (S1-V21).

The setting `promises.scanned` holds the ids of the imports that were read to their end. Each promise found has an
external id made of its interaction and its place there, so that reading twice stores once, and carries the import's
id, so that taking the import back takes it back too.
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime, time, tzinfo
from typing import Any

from attrs import define
from sqlalchemy import ColumnElement, delete, insert, select

from crmcore.capture.store import task_of
from crmcore.capture.understanding import promise
from crmcore.engine.reader import Reader
from crmcore.engine.tables import import_batch, interaction, setting, task
from crmcore.engine.transaction import Transaction
from crmcore.language.promises import Side, find_promises

SCANNED = "promises.scanned"
ORIGIN = "promise scan"
_CHUNK = 500
_LONGEST = 20_000  # characters of a text that are read
_WRITTEN = frozenset({"email", "chat", "letter", "fax"})
_BY_MACHINE = ("List-Id", "List-Unsubscribe", "Auto-Submitted")


@define
class Scan:
    """What a scan did: interactions read, those without a known party or by machines passed over, promises stored."""

    read: int = 0
    passed: int = 0
    found: int = 0
    known: int = 0


def scan(write: Callable[[], Transaction], zone: tzinfo, since: date | None = None) -> Scan:
    """Store the promises in interactions of imports that are done and were not read before; or of all since a day.

    `write` begins a transaction; there is one for each five hundred interactions, so that a scan that is stopped loses
    nothing. All imports are read, whoever may see them: a promise is shown to whom its interaction is.
    """
    done = Scan()
    if since is not None:
        start = datetime.combine(since, time(), zone)
        _read(write, zone, interaction.c.batch_id.is_not(None) & (interaction.c.moment >= start), done)
        return done
    with write() as tx:
        waiting = _waiting(tx)
    for batch_id in waiting:
        _read(write, zone, interaction.c.batch_id == batch_id, done)
        with write() as tx:
            _remember(tx, batch_id)
    return done


def _scanned(reader: Reader) -> list[int]:
    return list(reader.value(select(setting.c.value).where(setting.c.name == SCANNED)) or ())


def _waiting(reader: Reader) -> list[int]:
    statement = select(import_batch.c.id).where(
        import_batch.c.state == "done", import_batch.c.id.not_in(_scanned(reader))
    )
    return [row.id for row in reader.rows(statement.order_by(import_batch.c.id))]


def _remember(tx: Transaction, batch_id: int) -> None:
    tx.begin()
    scanned = _scanned(tx)
    tx.connection.execute(delete(setting).where(setting.c.name == SCANNED))
    tx.connection.execute(insert(setting).values(name=SCANNED, value=sorted({*scanned, batch_id})))


def _read(write: Callable[[], Transaction], zone: tzinfo, which: ColumnElement[bool], done: Scan) -> None:
    i = interaction.c
    columns = (i.id, i.channel, i.direction, i.moment, i.subject, i.body, i.details,
               i.user_id, i.contact_id, i.customer_id, i.batch_id)  # fmt: skip
    last = 0
    while True:
        with write() as tx:
            statement = select(*columns).where(which, i.id > last).order_by(i.id).limit(_CHUNK)
            rows = tx.connection.execute(statement).all()
            _store(tx, zone, rows, done)
        if len(rows) < _CHUNK:
            return
        last = rows[-1].id


def _store(tx: Transaction, zone: tzinfo, rows: Sequence[Any], done: Scan) -> None:
    fresh = []
    for row in rows:
        done.read += 1
        author = _author(row)
        if author is None or not (row.contact_id or row.customer_id):
            done.passed += 1
            continue
        text = (row.body or row.subject)[:_LONGEST]
        for place, found in enumerate(find_promises(text, row.moment.astimezone(zone), author=author)):
            record = task_of(
                promise(found),
                row.id,
                row.contact_id,
                row.customer_id,
                owner_id=row.user_id,
                source=f"read from interaction {row.id}",
            )
            record.origin, record.external_id, record.batch_id = ORIGIN, f"{row.id}:{place}", row.batch_id
            fresh.append(record)
    keys = [record.external_id for record in fresh]
    stored = select(task.c.external_id).where(task.c.origin == ORIGIN, task.c.external_id.in_(keys))
    known = set(tx.connection.execute(stored).scalars())
    for record in fresh:
        if record.external_id in known:
            done.known += 1
        else:
            tx.add(record)
            done.found += 1


def _author(row: Any) -> Side | None:
    """Return who wrote a text: whoever sent a message, one of us for a note; None where nobody of either side did."""
    if any(header in row.details for header in _BY_MACHINE):
        return None
    if row.channel not in _WRITTEN:
        return "us"
    return {"in": "them", "out": "us"}.get(row.direction)  # type: ignore[return-value] # both are sides
