"""Silver: out of the way when it is disabled, gone when it is purged, and what it kept can be read without it."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import inspect, select, text

from crmcore.app import App
from crmcore.conformance.documents import commands
from crmcore.conformance.filling import Filler
from crmcore.conformance.parties import everything, rows
from crmcore.conformance.subject import Subject
from crmcore.conformance.tables import all_tables, declared_entities
from crmcore.engine.tables import journal
from crmcore.errors import CrmError, InvalidInput, Refused
from crmcore.i18n import _
from crmcore.lifecycle import enabling
from crmcore.lifecycle.purging import purge

_MARK = "conformance"
_ROWS = 3
_HISTORIES = """
import sys
from crmcore.cli import crm
for each in sys.argv[1:]:
    crm.main(["history", each], prog_name="crm", standalone_mode=False)
"""
"""All in one process: to start one for each kind of record takes a second each."""


def absent(subject: Subject) -> Iterator[str]:
    """Ask whether it contributes nothing in a workspace where it is disabled, though it was enabled and has data."""
    with subject.bare() as app:
        everything(app)
        plain = _scenario(subject, app)
    with subject.workspace() as app:
        Filler(app, subject, _MARK).fill(_ROWS, everything(app))
        enabling.disable(app.engine, subject.name)
        tables = all_tables(app, subject)
        before = [rows(app, table) for table in tables]
        ours = _scenario(subject, app, subject.module.__name__)
        if [rows(app, table) for table in tables] != before:
            yield _("Disabled, it writes to its tables; do so only in hooks, which are not called then.")
        for typed in commands(subject):
            if _MARK in _crm(subject, app, *typed.split()).stdout:
                yield _("Disabled, `crm {command}` shows its data; open the workspace by crmcore.api.session.").format(
                    command=typed
                )
    if ours["patched"]:
        yield _("Importing it replaces {what} of crmcore; use hooks instead.").format(
            what=", ".join(ours["patched"][:3])
        )
    if ours["threads"] > plain["threads"]:
        yield _("Importing it starts a thread; declare a schedule with crm_schedules instead.")
    if subject.name in ours["joined"] or ours["answers"] != plain["answers"]:
        yield _("Disabled, it still contributes to what users see.")
    if ours["statements"] != plain["statements"]:
        more = [each for each in ours["statements"] if each not in plain["statements"]]
        yield _("Disabled, it has other statements executed: {statement}.").format(
            statement=" ".join((more or ours["statements"])[0].split())[:80]
        )


def _scenario(subject: Subject, app: App, *module: str) -> dict[str, Any]:
    done = _python(subject, app, "-m", "crmcore.conformance.scenario", app.url, *module)
    if done.returncode:
        raise CrmError(_last(done.stderr))
    told: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return told


def purged(subject: Subject) -> Iterator[str]:
    """Ask whether purging it leaves the database as it was before it was enabled."""
    with subject.bare() as app:
        ids, before = everything(app), _things(app)
        enabling.enable(app.engine, subject.name)
        app.read().connection.close()  # sees that it is enabled
        Filler(app, subject, _MARK).fill(_ROWS, ids)
        everything(app)
        enabling.disable(app.engine, subject.name)
        purge(app.engine, subject.name)
        left = sorted(_things(app) - before)
        if left:
            yield _("Purging it leaves {things} behind; make only tables, in its migrations.").format(
                things=", ".join(left)
            )


def _things(app: App) -> set[str]:
    """Return what is in the database: tables, views, indexes and triggers, by name."""
    with app.engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            return set(connection.scalars(text("SELECT type || ' ' || name FROM sqlite_master")))
        inspector = inspect(connection)
        found = {f"table {name}" for name in inspector.get_table_names()}
        found |= {f"view {name}" for name in inspector.get_view_names()}
        return found | set(
            connection.scalars(
                text(
                    "SELECT 'trigger ' || tgname FROM pg_trigger WHERE NOT tgisinternal UNION SELECT 'type ' || typname"
                    " FROM pg_type JOIN pg_namespace AS n ON n.oid = typnamespace WHERE typtype IN ('e', 'd')"
                    " AND n.nspname = current_schema()"
                )
            )
        )


def readable(subject: Subject) -> Iterator[str]:
    """Ask whether its records can be journalled, and its journal and tables read and exported without it."""
    with subject.workspace() as app:
        ids = everything(app)
        filler = Filler(app, subject, _MARK)
        filler.fill(_ROWS, ids)
        told: list[int] = []
        for entity in declared_entities(app, subject):
            try:
                with app.transaction() as tx:
                    record = tx.add(filler.record(entity.cls, entity.table, ids))
                with app.transaction() as tx:
                    tx.remove(tx.get(entity.cls, record.id))
            except (InvalidInput, Refused):
                continue  # it has conditions that made-up values do not meet
            except Exception as error:  # noqa: BLE001 # a plugin's values may fail in any way
                yield _("A {entity} cannot be kept in the journal: {error}. Its fields must have plain values.").format(
                    entity=entity.cls.__name__, error=f"{type(error).__name__}: {str(error).splitlines()[0]}"
                )
                return
            told.append(_last_subject(app))
        done = _python(subject, app, "-c", _HISTORIES, *map(str, told), CRM_PLUGINS="")
        if done.returncode:
            yield _("Without it, `crm history` fails: {error}").format(error=_last(done.stderr))
        yield from _exported(subject, app)


def _last_subject(app: App) -> int:
    with app.engine.connect() as connection:
        return int(connection.scalars(select(journal.c.subject_id).order_by(journal.c.id.desc()).limit(1)).one())


def _exported(subject: Subject, app: App) -> Iterator[str]:
    with TemporaryDirectory() as folder:
        done = _crm(subject, app, "export", Path(folder) / "out", CRM_PLUGINS="")
        if done.returncode:
            yield _("Without it, `crm export` fails: {error}").format(error=_last(done.stderr))
            return
        for table in all_tables(app, subject):
            file = Path(folder) / "out" / f"{table.name}.jsonl"
            written = len(file.read_text(encoding="utf-8").splitlines()) if file.is_file() else 0
            held = len(rows(app, table))
            if written != held:
                yield _("Without it, `crm export` writes {n} of {all} rows of {table}.").format(
                    n=written, all=held, table=table.name
                )


def _crm(subject: Subject, app: App, *arguments: object, **more: str) -> subprocess.CompletedProcess[str]:
    return _python(subject, app, "-m", "crmcore.cli", *map(str, arguments), **more)


def _python(subject: Subject, app: App, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    environment = {**subject.environment, "CRM_DATABASE_URL": app.url, **more}
    return subprocess.run(  # noqa: S603 # this Python, on crmcore's own modules
        [sys.executable, *arguments], env=environment, capture_output=True, text=True, check=False
    )


def _last(said: str) -> str:
    return (said.strip().splitlines() or [""])[-1]
