import json
import random
import signal
import threading
import time
import zipfile
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from sqlalchemy import MetaData, func, insert, inspect, select, text

from crmcore.app import App
from crmcore.backup.check import check
from crmcore.backup.load import load
from crmcore.backup.save import save
from crmcore.backup.target import target
from crmcore.engine import tables as t
from crmcore.engine import workspace as workspaces
from crmcore.engine.database import connect
from crmcore.engine.migrate import CORE_HEAD
from crmcore.errors import CrmError, InvalidInput
from crmcore.exporting.tables import CORE_TABLES, plugin_tables
from crmcore.model.interaction import Interaction, Participant, Task
from crmcore.model.party import Contact, ContactPoint, Customer, CustomerRole, ExternalId, Position
from crmcore.model.user import SYSTEM, User

Run = Callable[..., Result]


DEALS = (
    "CREATE TABLE deals_deal (id BIGINT NOT NULL PRIMARY KEY, customer_id BIGINT, parent_id BIGINT,"
    " title TEXT NOT NULL DEFAULT '', stage VARCHAR(20), at TIMESTAMP, closes DATE, won BOOLEAN, share FLOAT,"
    " worth {fixed},"
    " CONSTRAINT fk_deals_deal_customer_id FOREIGN KEY(customer_id) REFERENCES customer (id) ON DELETE SET NULL,"
    " CONSTRAINT fk_deals_deal_parent_id FOREIGN KEY(parent_id) REFERENCES deals_deal (id))",
    "CREATE UNIQUE INDEX ix_deals_open ON deals_deal (title, stage) WHERE won IS NULL",
    "CREATE TABLE deals_log (line TEXT)",
    "CREATE TABLE deals_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)",
    "INSERT INTO deals_version VALUES ('deals_0002')",
)
"""The schema of a plugin that is not installed; rows of its table point at each other."""


def fill(url: str, people: int = 12) -> None:
    """Everything the core keeps, and the tables of a plugin that is not installed."""
    app = App(url)
    with app.transaction() as tx:
        ben = tx.add(User(login="ben", role="manager", skills=["中文", "sales"]))
        parent = tx.add(Customer(name="Umbrella Holding"))
        firm = tx.add(
            Customer(name="华为技术有限公司", parent_id=parent.id, details={"税号": "91440300", "n": [1, 2.5, None]})
        )
        tx.add(CustomerRole(customer_id=firm.id, role="supplier", started=date(2020, 2, 29)))
        for number in range(people):
            odd = "line\n\u2028'\"\\ 🦊"
            one = tx.add(
                Contact(name=f"张伟{number}", birthday="--0412", note=odd, private=number == 3, owner_id=ben.id)
            )
            tx.add(Position(contact_id=one.id, customer_id=firm.id, title="经理"))
            tx.add(ContactPoint(kind="phone", value="+86 138 0013 8000", contact_id=one.id, address={"street": "x"}))
        tx.add(ExternalId(kind="contact", record_id=one.id, scheme="csv", value="A-1"))
        met = tx.add(Interaction(channel="visit", at=datetime(2026, 3, 29, 1, 30, 0, 123456, UTC), body="谈了价格",
                                 contact_id=one.id, customer_id=firm.id))  # fmt: skip
        tx.add(Interaction(channel="note", day=date(2026, 2, 28), subject="whole day", private=True, user_id=ben.id))
        tx.add(Participant(interaction_id=met.id, role="present", contact_id=one.id))
        tx.add(Task(subject="send the offer", amount=Decimal("12.50"), due=date(2026, 12, 1), contact_id=one.id))
    with app.transaction() as tx:
        tx.get(Customer, firm.id).note = "changed"
    with app.engine.begin() as connection:
        for statement in DEALS:
            fixed = "FIXED_INT" if connection.dialect.name == "sqlite" else "NUMERIC(18, 4)"
            connection.execute(text(statement.format(fixed=fixed)))
        recorded = {"name": "deals", "distribution": "crm-deals", "version": "2.1", "enabled": False}
        connection.execute(
            insert(t.plugin).values(**recorded, at=datetime.now(UTC), tables=["deals_deal", "deals_log"])
        )
        deal = next(each for each in plugin_tables(connection) if each.name == "deals_deal")
        empty = dict.fromkeys(column.name for column in deal.columns)
        small = {**empty, "id": 900_002, "title": "Small", "stage": "open", "won": True}
        big = {**empty, "id": 900_001, "title": "Big", "stage": "open", "customer_id": firm.id, "parent_id": 900_002}
        big |= {"at": datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC), "closes": date(2026, 5, 6), "share": 0.25}
        big |= {"worth": Decimal("1234567.89")}
        connection.execute(insert(deal), [small, big])
    app.close()


def rows(url: str) -> dict[str, list[dict[str, Any]]]:
    """Every row of a workspace, by table, as Python values; without the numbers of one database's transactions."""
    engine = connect(url)
    with engine.connect() as connection:
        found = {}
        for table in (*CORE_TABLES, *plugin_tables(connection)):
            found[table.name] = sorted(
                (
                    {name: value for name, value in row.items() if (table.name, name) != ("journal", "xid")}
                    for row in connection.execute(select(table)).mappings()
                ),
                key=repr,
            )
    engine.dispose()
    return found


def make(url: str) -> str:
    workspaces.create(url, login="ann", region="CN", zone="Asia/Shanghai")
    return url


@pytest.fixture
def filled(workspace: str) -> str:
    fill(workspace)
    return workspace


def test_a_workspace_travels_from_one_database_to_the_other_and_back(
    filled: str, tmp_path: Path, crm: Run, postgresql: Any
) -> None:
    there = postgresql.new_database() if filled.startswith("sqlite") else f"sqlite:///{tmp_path / 'there.db'}"
    back = make(postgresql.new_database()) if filled.startswith("postgresql") else f"sqlite:///{tmp_path / 'back.db'}"
    saved = json.loads(crm("backup", tmp_path / "one.zip", "--json").stdout)
    crm("restore", tmp_path / "one.zip", "--into", there)
    crm("backup", tmp_path / "two.zip", CRM_DATABASE_URL=there)
    crm("restore", tmp_path / "two.zip", "--into", back)
    before, on_the_other, after = rows(filled), rows(there), rows(back)
    assert before == on_the_other == after
    assert saved["tables"] == {name: len(each) for name, each in before.items()}
    assert before["deals_deal"][0]["at"] == datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
    for url in (there, back):
        works(url, crm)


def works(url: str, crm: Run) -> None:
    """A restored workspace is found through its index, hands out fresh ids, and keeps its rules."""
    assert [
        one["name"] for one in json.loads(crm("contact", "list", "伟7", "--json", CRM_DATABASE_URL=url).stdout)
    ] == ["张伟7"]
    hits = json.loads(crm("search", "line", "--json", CRM_DATABASE_URL=url).stdout)
    assert {"张伟7"} <= {one["title"] for one in hits if one["matched"] == "note"}
    app = App(url)
    with app.transaction() as tx:
        added = tx.add(Contact(name="New Here"))
    with app.engine.begin() as connection:
        highest = connection.execute(select(func.max(t.participant.c.id))).scalar_one()
        assert added.id > highest
        told = connection.execute(select(t.journal).order_by(t.journal.c.id.desc()).limit(1)).one()
        assert told.subject_id == added.id
        assert connection.execute(text("SELECT version_num FROM deals_version")).scalar_one() == "deals_0002"
        deal = MetaData()
        deal.reflect(connection, only=["deals_deal"])
        assert [each["name"] for each in inspect(connection).get_indexes("deals_deal")] == ["ix_deals_open"]
        keys = inspect(connection).get_foreign_keys("deals_deal")
        assert {(each["referred_table"], each["options"].get("ondelete")) for each in keys} == {
            ("customer", "SET NULL"), ("deals_deal", None),
        }  # fmt: skip
        assert len(inspect(connection).get_foreign_keys("contact")) == 3
    with pytest.raises(Exception, match=r"(?i)foreign key"), app.engine.begin() as connection:
        connection.execute(insert(t.position).values(id=10**6, version=1, contact_id=10**7, customer_id=10**7))
    app.close()


def test_a_workspace_with_something_in_it_is_replaced_only_by_force(filled: str, crm: Run, tmp_path: Path) -> None:
    crm("backup", "one.zip")
    before = rows(filled)
    assert "not empty" in crm("restore", "one.zip", code=1).stderr
    app = App(filled)
    with app.transaction() as tx:
        tx.add(Contact(name="After The Backup"))
    app.close()
    crm("restore", "one.zip", "--force")
    assert rows(filled) == before
    assert "exists already" in crm("backup", "one.zip", code=1).stderr
    crm("backup", "one.zip", "--force")
    assert not list(tmp_path.glob(".*.part"))


def test_only_administrators(filled: str, crm: Run, tmp_path: Path) -> None:
    crm("backup", "one.zip")
    assert "Only an administrator" in crm("backup", "two.zip", code=1, CRM_USER="ben").stderr
    assert "Only an administrator" in crm("restore", "one.zip", "--force", code=1, CRM_USER="ben").stderr
    assert not (tmp_path / "two.zip").exists()


def damage(path: Path, how: str) -> Path:
    broken = path.with_name(f"{how}.zip")
    data = path.read_bytes()
    if how == "cut":
        broken.write_bytes(data[: len(data) * 2 // 3])
    elif how == "flipped":
        with zipfile.ZipFile(path) as archive:
            part = archive.getinfo("contact.jsonl")
        place = part.header_offset + len("contact.jsonl") + part.compress_size // 2
        broken.write_bytes(data[:place] + bytes([data[place] ^ 0x55]) + data[place + 1 :])
    elif how == "empty":
        broken.write_bytes(b"")
    elif how == "text":
        broken.write_text("BEGIN:VCARD")
    else:
        with zipfile.ZipFile(path) as old, zipfile.ZipFile(broken, "w") as new:
            for name in old.namelist():
                content = old.read(name)
                if how == "other zip":
                    continue
                if how == "part missing" and name == "contact.jsonl":
                    continue
                if how == "row changed" and name == "contact.jsonl":
                    content = content.replace("张伟1".encode(), "张伟X".encode())
                if how == "newer" and name == "manifest.json":
                    content = content.replace(CORE_HEAD.encode(), b"core_9999")
                new.writestr(name, content)
    return broken


@pytest.mark.parametrize(
    "how", ["cut", "flipped", "empty", "text", "other zip", "part missing", "row changed", "newer", "absent"]
)
def test_a_damaged_file_is_refused_in_one_sentence_and_nothing_is_touched(
    how: str, filled: str, crm: Run, tmp_path: Path
) -> None:
    crm("backup", "one.zip")
    broken = tmp_path / "absent.zip" if how == "absent" else damage(tmp_path / "one.zip", how)
    before = rows(filled)
    said = crm("restore", broken, "--force", code=1).stderr
    assert said.startswith("Error: ")
    assert broken.name in said
    assert len(said.strip().splitlines()) == 1
    assert rows(filled) == before
    new = tmp_path / "new.db"
    crm("restore", broken, "--into", f"sqlite:///{new}", code=1)
    assert not new.exists()


@pytest.mark.parametrize(
    ("part", "change", "reason"),
    [
        ("position", {"customer_id": 77_777_777}, "foreign key|point at records"),
        ("contact", {"owner_id": "nobody"}, "cannot be restored|does not fit|point at records"),
        ("interaction", {"moment": "yesterday"}, "does not fit"),
        ("task", {"surprise": 1}, "columns"),
    ],
)
def test_a_well_formed_file_with_impossible_rows_is_rolled_back(
    part: str, change: dict[str, Any], reason: str, filled: str, tmp_path: Path
) -> None:
    import hashlib

    engine = connect(filled)
    with engine.connect() as connection:
        save(connection, tmp_path / "one.zip", SYSTEM)
    before = rows(filled)
    with zipfile.ZipFile(tmp_path / "one.zip") as old, zipfile.ZipFile(tmp_path / "bad.zip", "w") as new:
        manifest = json.loads(old.read("manifest.json"))
        for each in manifest["parts"]:
            content = old.read(each["file"])
            if each["table"] == part:
                first, *rest = content.splitlines(keepends=True)
                content = json.dumps({**json.loads(first), **change}).encode() + b"\n" + b"".join(rest)
                each["sha256"] = hashlib.sha256(content).hexdigest()
            new.writestr(each["file"], content)
        new.writestr("manifest.json", json.dumps(manifest))
    checked = check(tmp_path / "bad.zip")
    with pytest.raises(InvalidInput, match=f"(?i){reason}"):
        load(engine, tmp_path / "bad.zip", checked)
    engine.dispose()
    assert rows(filled) == before


def test_a_backup_is_of_one_moment_while_others_write(filled: str, tmp_path: Path) -> None:
    """Every transaction adds a customer and a contact together: a backup has as many of each, whenever it is made."""
    stop, written = threading.Event(), threading.Event()

    def write() -> None:
        app = App(filled)
        number = 0
        while not stop.is_set():
            number += 1
            with app.transaction() as tx:
                firm = tx.add(Customer(name=f"Firm {number}"))
                tx.add(Position(contact_id=tx.add(Contact(name=f"P {number}")).id, customer_id=firm.id))
            written.set()
        app.close()

    writer = threading.Thread(target=write)
    writer.start()
    engine = connect(filled)
    counts = []
    try:
        for number in range(5):
            assert written.wait(60)
            written.clear()
            with engine.connect() as connection:
                counts.append(save(connection, tmp_path / f"{number}.zip", SYSTEM).counts)
    finally:
        stop.set()
        writer.join()
        engine.dispose()
    assert {each["contact"] - each["customer"] for each in counts} == {10}
    assert {each["position"] - each["customer"] for each in counts} == {10}
    assert counts[-1]["contact"] > counts[0]["contact"]
    make_at = f"sqlite:///{tmp_path / 'again.db'}"
    with target(make_at, "ann", force=False) as there:
        load(there, tmp_path / "4.zip", check(tmp_path / "4.zip"))


def test_a_killed_backup_leaves_no_file(workspace: str, tmp_path: Path, crm_process: Callable[..., Any]) -> None:
    fill(workspace, people=800)
    chance = random.Random(7)  # noqa: S311 # when to kill
    for _round in range(3):
        process = crm_process("backup", "killed.zip", "--force")
        time.sleep(0.5 + chance.random() * 0.6)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        if (tmp_path / "killed.zip").exists():
            assert check(tmp_path / "killed.zip").counts["contact"] == 800


def test_another_programs_database_is_left_alone(filled: str, crm: Run, tmp_path: Path) -> None:
    import sqlite3

    crm("backup", "one.zip")
    with sqlite3.connect(tmp_path / "other.db") as connection:
        connection.execute("CREATE TABLE recipes (name TEXT)")
    said = crm("restore", "one.zip", "--force", "--into", f"sqlite:///{tmp_path / 'other.db'}", code=1).stderr
    assert "another program" in said
    with pytest.raises(CrmError), target("mysql://x/y", "ann", force=True):
        pass


def test_memory_does_not_grow_with_the_workspace(workspace: str, tmp_path: Path) -> None:
    import tracemalloc

    def peak(people: int) -> int:
        fill_more(workspace, people)
        engine = connect(workspace)
        tracemalloc.start()
        with engine.connect() as connection:
            save(connection, tmp_path / f"{people}.zip", SYSTEM)
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        engine.dispose()
        return most

    peak(100)  # what is loaded and cached once
    small, large = peak(1000), peak(4_000)
    assert large < small * 1.5 + 500_000


def fill_more(url: str, people: int) -> None:
    app = App(url)
    with app.transaction() as tx:
        for number in range(people):
            tx.add(Contact(name=f"Person {number}", note="n" * 200))
    app.close()
