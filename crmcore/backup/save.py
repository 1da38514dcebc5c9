"""Saving a workspace to one file, as it is at one moment, while others write."""

import hashlib
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection, Table, select, text

from crmcore import __version__
from crmcore.backup.manifest import NAME, Manifest, Part, PluginPart, dump
from crmcore.backup.older import core_tables
from crmcore.backup.schema import describe
from crmcore.engine import migrate
from crmcore.engine.tables import counter
from crmcore.engine.visibility import DEFAULT_SCOPES, NO_SCOPE
from crmcore.errors import Denied
from crmcore.exporting.files import check_free, whole
from crmcore.exporting.tables import plugin_names, plugin_tables, steady
from crmcore.exporting.values import line
from crmcore.i18n import _
from crmcore.model.user import Actor

Progress = Callable[[str, int], None]

_AT_ONCE = 1000


def allow(actor: Actor) -> None:
    """Raise `Denied` for anybody but an administrator: a backup holds everything, private records of others too."""
    if actor.user_id and not DEFAULT_SCOPES.get(actor.role, NO_SCOPE).manages:
        raise Denied(
            _("Only an administrator saves or restores a workspace; {login} is {role}.").format(
                login=actor.login, role=actor.role
            )
        )


def save(
    connection: Connection,
    path: Path,
    actor: Actor,
    *,
    force: bool = False,
    show: Progress = lambda _table, _rows: None,
) -> Manifest:
    """Save the workspace to a file and return what is in it; memory does not grow with the workspace.

    A workspace of an older version is saved as it is; restored, it is of that version again.

    `connection` must not have begun a transaction. Raises `Denied`, and `InvalidInput` when the file is there already
    (unless `force`) or cannot be written; in that case, and when the process is killed, there is no such file.
    """
    allow(actor)
    check_free([path], force=force)
    with steady(connection).begin(), whole(path) as file, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        described = {table.name: table for table in plugin_tables(connection)}
        parts = [_write(connection, archive, table, show) for table in (*core_tables(connection), *described.values())]
        manifest = Manifest(
            crmcore=__version__,
            revision=migrate.reached(connection, migrate.CORE) or "",
            made_at=datetime.now(UTC).isoformat(timespec="seconds"),
            database=connection.dialect.name,
            next_id=next_id(connection),
            parts=parts,
            plugins=[
                PluginPart(
                    name=name,
                    revision=migrate.reached(connection, migrate.History(name=name, versions=Path())) or "",
                    tables=[describe(described[table]) for table in tables],
                )
                for name, tables in plugin_names(connection).items()
            ],
        )
        archive.writestr(NAME, dump(manifest))
    return manifest


def next_id(connection: Connection) -> int:
    """Return the first id that was not handed out; a sequence is read after the rows, so it is beyond all of them."""
    if connection.dialect.name == "postgresql":
        return int(connection.execute(text("SELECT last_value + is_called::int FROM crm_id")).scalar_one())
    return int(connection.execute(select(counter.c.next).where(counter.c.name == "id")).scalar_one())


def _write(connection: Connection, archive: zipfile.ZipFile, table: Table, show: Progress) -> Part:
    digest, count = hashlib.sha256(), 0
    rows = connection.execute(
        select(table).order_by(*table.primary_key.columns), execution_options={"yield_per": _AT_ONCE}
    )
    name = f"{table.name}.jsonl"
    with archive.open(name, "w", force_zip64=True) as file:
        for batch in rows.mappings().partitions():
            data = b"".join(map(line, batch))  # type: ignore[arg-type] # a row's mapping, by names of columns
            digest.update(data)
            file.write(data)
            count += len(batch)
            show(table.name, count)
    return Part(table=table.name, file=name, rows=count, sha256=digest.hexdigest())
