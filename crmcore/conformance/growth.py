"""Gold: it asks the database as often for a hundred thousand rows as for two."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import event, insert

from crmcore.app import App
from crmcore.conformance.filling import Filler
from crmcore.conformance.parties import everything
from crmcore.conformance.subject import Subject
from crmcore.conformance.tables import all_tables
from crmcore.engine.tables import process_item
from crmcore.hooks.policy import Act
from crmcore.hooks.reading import Subject as Party
from crmcore.i18n import _
from crmcore.model.definitions import Process
from crmcore.model.party import Contact

SIZES = (2, 1_000, 100_000)
"""The numbers of rows at which statements are counted: the first two in each of its tables, the last in all of them."""
_LEAST = 2_000
"""Of the last in each table at least: more than a plugin asks about at once."""

_ACTS = _RECORDS = (1, 40)
_ENTRIES = 20


def steady(subject: Subject) -> Iterator[str]:
    """Ask whether the statements of its hooks grow with its rows, with the acts asked about, or with a change set."""
    with subject.workspace() as app:
        ids = everything(app)
        filler, counts, filled = Filler(app, subject), dict[str, list[int]](), 0
        for size in _sizes(len(all_tables(app, subject))):
            filler.fill(size - filled, ids)
            _fill_processes(app, subject, size - filled, ids)
            filled = size
            for hook, count in _read(app, ids):
                counts.setdefault(hook, []).append(count)
        for hook, found in counts.items():
            if len(set(found)) > 1:
                yield _(
                    "{hook} executes {few} statements where there are {little} rows, {many} where there are {much}."
                ).format(hook=hook, few=found[0], little=SIZES[0], many=found[-1], much=SIZES[-1])
        few, many = (_asked(app, ids["contact"][0], number) for number in _ACTS)
        if many > few:
            yield _(
                "crm_objections executes {few} statements for one act, {many} for {n}; ask about all at once."
            ).format(few=few, many=many, n=_ACTS[1])
        with_it = _saved(app)
    with subject.bare() as app:
        without = _saved(app)
    if with_it - without >= _RECORDS[1] // 2:  # fewer may be a block of ids
        yield _(
            "Saving {n} contacts at once executes {more} statements more with it; see to all changes at once."
        ).format(n=_RECORDS[1], more=with_it - without)


def _sizes(tables: int) -> list[int]:
    """Return the numbers of rows in each table."""
    least, *_more, most = SIZES
    return sorted({*SIZES[:-1], max(most // max(tables, 1), min(_LEAST, most), least)})


def _read(app: App, ids: Mapping[str, Sequence[int]]) -> Iterator[tuple[str, int]]:
    """Yield how many statements each hook that reads takes, the core's own among them."""
    contact, customer, now = ids["contact"][0], ids["customer"][0], datetime.now(UTC)
    parties = (
        Party(entity="contact", id=contact, name="One", contact_ids=(contact,), customer_ids=(customer,)),
        Party(entity="customer", id=customer, name="One", contact_ids=(contact,), customer_ids=(customer,)),
    )
    for party in parties:
        asked: dict[str, dict[str, Any]] = {
            "crm_brief": {"subject": party, "now": now},
            "crm_timeline": {"subject": party, "before": None, "limit": _ENTRIES},
        }
        for hook, given in asked.items():
            yield f"{hook} ({party.entity})", _collected(app, hook, given)
    for hook in ("crm_quality", "crm_health"):
        yield hook, _collected(app, hook, {})


def _collected(app: App, hook: str, given: dict[str, Any]) -> int:
    with app.read() as reader, counting(app) as statements:
        app.dispatcher.collect(hook, **given, reader=reader)
    return len(statements)


def _asked(app: App, contact: int, number: int) -> int:
    acts = [
        Act(kind="contact", at=datetime.now(UTC), channel="call", purpose="sales", contact_id=contact)
        for _each in range(number)
    ]
    with app.transaction() as tx, counting(app) as statements:
        app.dispatcher.objections("crm_objections", acts=acts, tx=tx)
    return len(statements)


def _saved(app: App) -> int:
    """Return how many statements more it takes to save many contacts than to save one."""
    counts = []
    for number in _RECORDS:
        with counting(app) as statements, app.transaction() as tx:
            for each in range(number):
                tx.add(Contact(name=f"Saved {each}"))
        counts.append(len(statements))
    return counts[1] - counts[0]


def _fill_processes(app: App, subject: Subject, rows: int, ids: Mapping[str, Sequence[int]]) -> None:
    """Add items to each process that it brings."""
    declared: Callable[[], Iterable[Process]] = getattr(subject.module, "crm_processes", tuple)
    now = datetime.now(UTC)
    for number, process in enumerate(declared()):
        with app.engine.begin() as connection:
            first = (
                2_000_000_000
                + number * SIZES[-1]
                + int(connection.exec_driver_sql("SELECT count(*) FROM process_item").scalar_one())
            )
            made = [
                {
                    "id": first + each, "version": 1, "process": process.name, "title": f"item {each}",
                    "state": process.states[0].name, "customer_id": ids["customer"][0], "note": "", "custom": {},
                    "contact_id": ids["contact"][0], "entered_at": now, "created_at": now, "updated_at": now,
                }
                for each in range(rows)
            ]  # fmt: skip
            connection.execute(insert(process_item), made)


@contextmanager
def counting(app: App) -> Iterator[list[str]]:
    """Gather the statements an app executes."""
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        if not statement.startswith("BEGIN"):
            statements.append(statement)

    event.listen(app.engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(app.engine, "before_cursor_execute", note)
