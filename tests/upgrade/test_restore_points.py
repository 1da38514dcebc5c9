"""Restore points, and upgrades that are killed, starved of room, or begun twice: the old workspace, or the new one."""

import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

SLEEPY = """
import os, time
from pathlib import Path
from alembic import op

revision = "loyalty_0002"
down_revision = "loyalty_0001"


def upgrade() -> None:
    op.execute("DELETE FROM loyalty_stamp")
    Path(os.environ["MARK"]).touch()
    time.sleep(60)
"""
TABLES = ("customer", "contact", "interaction", "journal", "dummy_note", "loyalty_card", "loyalty_stamp")


def start(site, *arguments, limit=None, **extra):
    """Start `crm` as a process, which can write files of at most `limit` bytes."""

    def less_room():
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    return subprocess.Popen(
        [sys.executable, "-m", "crmcore.cli", *arguments],
        env={**site.environment, **extra}, cwd=site.folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        preexec_fn=less_room if limit else None,
    )  # fmt: skip


def wait_for(path):
    ends = time.monotonic() + 60
    while not path.exists():
        assert time.monotonic() < ends, f"{path} never came"
        time.sleep(0.05)


def restored(told, site, tmp_path):
    """The workspace that a restore point holds, brought back: its address."""
    point = Path(told["restore_point"])
    point = point if point.is_absolute() else site.folder / point
    assert "before-core_0002" in point.name
    if point.suffix == ".backup":
        shutil.copy(point, tmp_path / "back.db")
        return f"sqlite:///{tmp_path / 'back.db'}"
    back = f"sqlite:///{tmp_path / 'back.db'}"
    assert "`crm init` upgrades it" in site.crm("restore", point, "--into", back).stderr
    return back


def test_the_restore_point_holds_the_workspace_as_it_was(site, older, dump, rows, tmp_path):
    before = {table: rows(older, f"SELECT * FROM {table} ORDER BY 1") for table in TABLES}
    exact = dump(older)
    told = json.loads(site.crm("init", "--json").stdout)
    back = restored(told, site, tmp_path)
    if older.startswith("sqlite"):
        assert dump(back) == exact
    else:
        for table in TABLES:
            names = rows.columns(back, table)
            said = rows(back, f"SELECT {', '.join(names)} FROM {table} ORDER BY 1")
            assert len(said) == len(before[table]), table
            assert [row[0] for row in said] == [row[0] for row in before[table]]
    assert rows(back, "SELECT version_num FROM core_version") == [("core_0001",)]
    assert "older version (core_0001)" in site.crm("contact", "list", code=1, CRM_DATABASE_URL=back).stderr
    site.crm("init", CRM_DATABASE_URL=back)
    mine = json.loads(site.crm("brief", "欧阳春晓", "--json").stdout)
    theirs = json.loads(site.crm("brief", "欧阳春晓", "--json", CRM_DATABASE_URL=back).stdout)
    assert mine == theirs
    hits = json.loads(site.crm("search", "货款", "--json", CRM_DATABASE_URL=back).stdout)
    assert [one["id"] for one in hits] == [one["id"] for one in json.loads(site.crm("search", "货款", "--json").stdout)]


def test_no_restore_point_is_made_where_none_is_wanted(site, older, tmp_path):
    told = json.loads(site.crm("init", "--no-restore-point", "--json").stdout)
    assert told["restore_point"] == ""
    assert not [*tmp_path.rglob("*.backup"), *tmp_path.rglob("*.backup.zip")]
    assert json.loads(site.crm("init", "--json").stdout)["restore_point"] == "", "there was nothing to do"


def test_no_room_for_the_restore_point_means_no_upgrade(site, older, dump, tmp_path):
    before = dump(older)
    done = start(site, "init", limit=200_000 if older.startswith("sqlite") else 4096)
    _out, said = done.communicate(timeout=120)
    assert done.returncode == 1
    assert "No restore point, so nothing was changed" in said
    assert "--no-restore-point" in said
    assert "Traceback" not in said
    assert not [*tmp_path.rglob("*.part"), *tmp_path.rglob("*.backup*")]
    assert dump(older) == before
    site.crm("init")


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)  # on PostgreSQL the server writes, not this process
def test_no_room_for_the_upgrade_leaves_the_workspace_as_it_was(site, older, dump):
    before = dump(older)
    done = start(site, "init", "--no-restore-point", limit=60_000)
    _out, said = done.communicate(timeout=120)
    assert done.returncode == 1
    assert "Traceback" not in said
    assert dump(older) == before
    site.crm("init")


def test_a_kill_in_the_middle_leaves_the_workspace_as_it_was(site, older, dump, rows, tmp_path):
    revision = site.folder / "crmcore_loyalty" / "migrations" / "loyalty_0002_sleepy.py"
    revision.write_text(SLEEPY)
    before = dump(older)
    mark = tmp_path / "mark"
    process = start(site, "init", MARK=str(mark))
    wait_for(mark)
    if older.startswith("sqlite"):  # PostgreSQL lets readers wait for the end
        assert dump(older) == before, "nobody sees half of an upgrade"
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    assert dump(older) == before
    revision.unlink()
    site.crm("init")
    assert rows(older, "SELECT version_num FROM core_version") == [("core_0002",)]
    assert len(rows(older, "SELECT * FROM loyalty_stamp")) == 55
    site.crm("contact", "add", "Ida")


def test_kills_at_any_moment_leave_the_old_workspace_or_the_new_one(site, older, dump, rows):
    before = dump(older)
    for moment in (0.2, 0.35, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.2, 1.5):
        process = start(site, "init")
        time.sleep(moment)
        process.kill()
        process.wait()
        reached = rows(older, "SELECT version_num FROM core_version")
        if reached != [("core_0001",)]:
            break
        assert dump(older) == before
    site.crm("init")
    site.crm("doctor")
    assert rows(older, "SELECT version_num FROM core_version") == [("core_0002",)]


def test_two_upgrades_at_once_are_one(site, older, rows):
    both = [start(site, "init", "--json") for _each in range(2)]
    told = [json.loads(each.communicate(timeout=120)[0]) for each in both]
    assert [each.returncode for each in both] == [0, 0]
    assert sorted(len(one["upgraded"]) for one in told) == [0, 3]
    assert rows(older, "SELECT count(*) FROM journal WHERE type = 'workspace.upgraded'") == [(1,)]
