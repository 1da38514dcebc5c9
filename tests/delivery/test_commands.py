"""The command line: what a command wrote is told at its end; `crm worker`; `crm delivery`."""

import json
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from crmcore.app import App
from crmcore.engine.database import connect
from crmcore.engine.tables import setting


def query(url, statement):
    engine = connect(url)
    with engine.begin() as connection:
        found = connection.execute(text(statement))
        rows = [tuple(row) for row in found] if found.returns_rows else []
    engine.dispose()
    return rows


def heard(url):
    return query(url, "SELECT count(*) FROM tally_heard")[0][0]


def start(site, *arguments, **extra):
    return subprocess.Popen(
        [sys.executable, "-m", "crmcore.cli", *arguments],
        env={**site.environment, **extra}, cwd=site.folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def wait_for(condition, seconds=30.0):
    ends = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < ends, "it took too long"
        time.sleep(0.05)


@pytest.fixture
def tally(site):
    site.install("tally")
    site.crm("plugin", "enable", "tally")
    return site


def test_what_a_command_wrote_is_told_after_its_output(tally, workspace):
    done = tally.crm("contact", "add", "Ann", "--json")
    assert json.loads(done.stdout)["name"] == "Ann"
    assert done.stderr == ""
    assert heard(workspace) == 2  # it was created, and changed by the plugin


def test_a_plugin_that_fails_is_told_of_and_the_command_has_done_its_work(tally, workspace):
    done = tally.crm("contact", "add", "Ann", TALLY_FAILS="1")
    assert "1 deliveries to plugins failed and are tried again" in done.stderr
    assert heard(workspace) == 0
    assert query(workspace, "SELECT name FROM contact") == [("Ann",)]
    (waiting,) = json.loads(tally.crm("delivery", "list", "--json").stdout)
    assert waiting["id"].startswith("tally:")
    assert (waiting["state"], waiting["type"], waiting["attempts"]) == ("waiting", "contact.created", 1)
    assert "this time it fails" in waiting["error"]
    assert waiting["id"] in tally.crm("delivery", "list").stdout
    assert json.loads(tally.crm("delivery", "list", "--state", "parked", "--json").stdout) == []
    tally.crm("delivery", "retry", "--all")  # the command delivers at its end
    assert heard(workspace) == 2
    assert json.loads(tally.crm("delivery", "list", "--json").stdout) == []


def test_dropping_asks_and_is_journalled(tally, workspace):
    tally.crm("contact", "add", "Ann", TALLY_FAILS="1")
    (waiting,) = json.loads(tally.crm("delivery", "list", "--json").stdout)
    assert "Give up tally:" in tally.crm("delivery", "drop", waiting["id"], code=1).stderr
    tally.crm("delivery", "drop", waiting["id"], "--yes")
    assert json.loads(tally.crm("delivery", "list", "--json").stdout) == []
    assert query(workspace, "SELECT count(*) FROM journal WHERE type = 'delivery.dropped'") == [(1,)]
    assert "no delivery tally:99" in tally.crm("delivery", "drop", "tally:99", "--yes", code=1).stderr


def test_the_setting_leaves_all_to_workers_and_run_once_does_it(tally, workspace):
    engine = connect(workspace)
    with engine.begin() as connection:
        connection.execute(setting.insert().values(name="delivery", value="worker"))
    engine.dispose()
    tally.crm("contact", "add", "Ann")
    assert heard(workspace) == 0
    done = tally.crm("worker", "--once")
    assert "2 events" in done.stderr
    assert heard(workspace) == 2


def test_reading_delivers_nothing(tally):
    program = (
        "import sys\nfrom crmcore.cli import crm\n"
        "try:\n    crm(['contact', 'list'])\nexcept SystemExit:\n    pass\n"
        "sys.exit('crmcore.delivery.after_command' in sys.modules)"
    )
    subprocess.run(
        [sys.executable, "-c", program], env=tally.environment, cwd=tally.folder, check=True, capture_output=True
    )


def test_a_worker_takes_up_what_is_enabled_while_it_runs(site, workspace):
    site.install("tally")
    worker = start(site, "worker", "--poll", "0.1")
    wait_for(lambda: query(workspace, "SELECT count(*) FROM worker") == [(1,)])
    site.crm("plugin", "enable", "tally")
    site.crm("contact", "add", "Ann")
    wait_for(lambda: heard(workspace) == 2)
    worker.send_signal(signal.SIGTERM)
    _out, err = worker.communicate(timeout=30)
    assert worker.returncode == 0, err
    assert "Done: 2 events" in err
    assert query(workspace, "SELECT count(*) FROM worker") == [(0,)]


def test_on_sqlite_a_second_worker_says_who_works(site, workspace):
    worker = start(site, "worker", "--poll", "0.1")
    wait_for(lambda: query(workspace, "SELECT count(*) FROM worker") == [(1,)])
    second = site.crm("worker", "--seconds", "0.5", code=1 if workspace.startswith("sqlite") else 0)
    if workspace.startswith("sqlite"):
        assert f":{worker.pid} works since" in second.stderr
    site.crm("worker", "--once")
    worker.kill()
    worker.communicate()
    site.crm("worker", "--seconds", "0.2")  # nobody waits for one that was killed


def test_many_workers_share_the_work_on_postgresql(tally, workspace):
    if workspace.startswith("sqlite"):
        pytest.skip("on SQLite one worker does it all")
    workers = [start(tally, "worker", "--poll", "0.05") for _n in range(4)]
    wait_for(lambda: query(workspace, "SELECT count(*) FROM worker") == [(4,)])
    app = App(workspace)
    app.close()
    for n in range(5):
        tally.crm("contact", "add", f"contact {n}")
    wait_for(lambda: heard(workspace) == 10)
    for one in workers:
        one.send_signal(signal.SIGINT)
    for one in workers:
        _out, err = one.communicate(timeout=30)
        assert one.returncode == 0, err
    assert query(workspace, "SELECT count(*), count(DISTINCT event_id) FROM tally_heard") == [(10, 10)]


def test_a_schedule_is_done_by_run_once(tally, workspace):
    now = datetime.now(UTC).replace(second=5).isoformat()
    tally.crm("worker", "--once", CRM_NOW=now)
    later = datetime.fromtimestamp(datetime.now(UTC).timestamp() + 600, UTC).isoformat()
    assert "1 schedules" in tally.crm("worker", "--once", CRM_NOW=later).stderr
    assert "0 schedules" in tally.crm("worker", "--once", CRM_NOW=later).stderr
    assert query(workspace, "SELECT count(*) FROM tally_tick") == [(1,)]


def test_a_command_waits_no_longer_than_its_bound(tally, workspace):
    """Thousands of events behind: the command ends in time, the rest is told later."""
    engine = connect(workspace)
    with engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO journal (at, actor, cause, type, entity, subject_id, data)"
                " SELECT at, 'x', '', 'contact.changed', 'contact', 1, '{}' FROM"
                " (SELECT max(at) AS at FROM journal) m, (WITH RECURSIVE n(i) AS"
                " (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 40000) SELECT i FROM n) k"
            )
        )
    engine.dispose()
    assert "crm worker --once" in tally.crm("contact", "add", "Ann").stderr
    assert 0 < heard(workspace) < 40_000


def test_what_waited_when_a_backup_was_made_is_told_after_it_is_restored_elsewhere(
    tally, workspace, tmp_path, postgresql
):
    """What was told before is not told again, though the other database numbers its transactions otherwise."""
    tally.crm("contact", "add", "Ann")
    engine = connect(workspace)
    with engine.begin() as connection:
        connection.execute(setting.insert().values(name="delivery", value="worker"))
    engine.dispose()
    tally.crm("contact", "add", "Bob")
    tally.crm("backup", tmp_path / "all.zip")
    here = f"sqlite:///{tmp_path / 'there.db'}"
    there = postgresql.new_database() if workspace.startswith("sqlite") else here
    tally.crm("--db", there, "init")
    tally.crm("--db", there, "restore", tmp_path / "all.zip", "--force")
    tally.crm("--db", there, "contact", "add", "Carol")
    tally.crm("--db", there, "worker", "--once")
    told = query(there, "SELECT name FROM tally_heard JOIN contact ON contact.id = subject_id ORDER BY tally_heard.id")
    assert told == [("Ann",), ("Ann",), ("Bob",), ("Carol",), ("Bob",), ("Carol",)]
