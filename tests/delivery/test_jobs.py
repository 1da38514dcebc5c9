"""Jobs: in transactions of their own, again and again, one process at a time; killed, failed, put off, disabled."""

import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from datetime import timedelta
from threading import Event as Flag
from types import ModuleType

import pytest
from sqlalchemy import select, text, update

from crmcore.api import Contact, Desk, Job, Plugin, Task, impl, run_job
from crmcore.delivery import jobs
from crmcore.delivery.status import status
from crmcore.delivery.work import once
from crmcore.engine import tables
from crmcore.engine.database import connect
from crmcore.errors import InvalidInput, NotFound, PluginError, Refused

from .conftest import count, rows

job, task = tables.job, tables.task
STATE = ("plugin", "name", "attempts", "error")


def declaring(name, *declared):
    """Return a plugin that declares jobs, and hears of nothing."""
    module = ModuleType(name)
    module.PLUGIN = Plugin(name=name, title=name)

    def crm_jobs():
        return declared

    module.crm_jobs = impl(crm_jobs)
    return name, module


def work(app):
    return jobs.work(app, seconds=10)


def test_is_done_again_and_again_each_piece_committed_in_its_name(opened):
    left = ["one", "two", "three"]

    def run(desk: Desk) -> bool:
        with desk.transaction(cause=left[0]) as tx:
            tx.add(Task(subject=left.pop(0)))
        return bool(left)

    app = opened(declaring("busy", Job(name="add", run=run)))
    assert [(found.done, found.more) for found in (work(app), work(app), work(app))] == [
        (1, True),
        (1, True),
        (1, False),
    ]
    assert [subject for (subject,) in rows(app, task, "subject")] == ["one", "three", "two"]
    causes = [cause for (cause,) in rows(app, tables.journal, "cause")]
    assert causes == ["plugin busy, job add: one", "plugin busy, job add: three", "plugin busy, job add: two"]
    left.append("four")
    assert once(app, Flag(), seconds=10).is_idle
    assert count(app, task) == 4
    left.append("five")
    assert run_job(app, "busy", "add") is False
    assert count(app, task) == 5
    with pytest.raises(NotFound, match="no job rest of an enabled plugin busy"):
        run_job(app, "busy", "rest")


def test_the_desk_lends_what_crm_on_event_has_and_no_more(opened):
    seen = []

    def run(desk):
        with desk.read() as reader:
            assert not hasattr(reader, "add")
            seen.append(reader.value(select(tables.contact.c.name)))
        with desk.transaction() as tx:
            contact = tx.load(Contact)[0]
            contact.note = "seen"
            for out_of_reach in ("connection", "commit", "dispatcher"):
                assert not hasattr(tx, out_of_reach)
            with pytest.raises(PluginError, match="it writes only its own tables"):
                tx.execute(update(task).values(subject=""))
        return False

    app = opened(declaring("modest", Job(name="look", run=run)))
    with app.transaction() as tx:
        tx.add(Contact(name="Ann"))
    assert work(app) == jobs.Jobs(done=1)
    assert seen == ["Ann"]
    assert rows(app, tables.contact, "note") == [("seen",)]


def test_one_that_fails_waits_longer_and_longer_and_others_go_on(opened, at):
    fails = [True]

    def broken(desk):
        with desk.transaction() as tx:
            tx.add(Task(subject="kept"))
        with desk.transaction() as tx:
            tx.add(Task(subject="taken back"))
            tx.flush()
            if fails:
                raise OSError("the line is dead")
        return False

    def well(desk):
        with desk.transaction() as tx:
            tx.add(Task(subject="well"))
        return False

    at("2026-11-22T09:00+00:00")
    app = opened(declaring("bad", Job(name="call", run=broken)), declaring("good", Job(name="go", run=well)))
    assert work(app) == jobs.Jobs(done=1, failed=1)
    assert [subject for (subject,) in rows(app, task, "subject")] == ["kept", "well"]
    assert rows(app, job, *STATE) == [("bad", "call", 1, "OSError: the line is dead"), ("good", "go", 0, "")]
    (found,) = rows(app, tables.finding, "plugin", "hook", "kind", "count", "message")
    assert found[:4] == ("bad", "job call", "failed", 1)
    assert "the job call failed, and is tried again later: OSError: the line is dead" in found[4]
    assert (work(app).failed, count(app, task)) == (0, 3), "it waits"
    waits = []
    for _n in range(6):
        with app.read() as reader:
            next_at = reader.value(select(job.c.next_at).where(job.c.plugin == "bad"))
            waits.append((next_at - reader.now).total_seconds())
        at(next_at.isoformat())
        assert work(app).failed == 1
    assert waits == [5, 20, 80, 320, 900, 900]
    with app.read() as reader:
        (bad, good) = status(reader.connection, {}).jobs
    assert (bad.attempts, bad.error, good.attempts) == (7, "OSError: the line is dead", 0)
    fails.clear()
    at(later=900)
    assert work(app).failed == 0
    assert rows(app, job, *STATE)[0] == ("bad", "call", 0, "")
    fails.append(True)
    with pytest.raises(PluginError, match="Plugin bad failed in the job call: OSError: the line is dead"):
        run_job(app, "bad", "call")


def test_rests_between_two_times_and_says_so_to_others(opened, at):
    ran = []
    at("2026-11-22T09:00+00:00")
    app = opened(
        declaring("post", Job(name="fetch", every=timedelta(minutes=5), run=lambda desk: bool(ran.append(1)))),
        declaring("wires", Job(name="look", every=timedelta(minutes=5), parallel=True, run=lambda desk: False)),
    )
    assert [work(app).done, work(app).done, len(ran)] == [2, 0, 1]
    at(later=299)
    assert work(app).done == 0
    at(later=1)
    assert work(app).done == 2


def test_a_command_is_told_what_a_job_refuses(opened):
    def run(_desk):
        raise InvalidInput("there is no mailbox")

    app = opened(declaring("post", Job(name="fetch", run=run)))
    with pytest.raises(InvalidInput, match="no mailbox"):
        run_job(app, "post", "fetch")
    assert rows(app, job, "holder") == [("",)]


def test_who_was_put_off_commits_nothing_more(opened):
    """A holder that gives no sign of life is taken to be gone; should it come back, it is too late."""
    done = []

    def slow(desk):
        with desk.transaction() as tx:
            tx.add(Task(subject="before"))
        with app.engine.begin() as connection:  # another one has taken it up
            connection.execute(update(job).values(shift=job.c.shift + 1, holder="elsewhere:7"))
        done.append("carried")
        with desk.transaction() as tx:
            tx.add(Task(subject="after"))
        done.append("never")
        return True

    app = opened(declaring("slow", Job(name="carry", run=slow)))
    assert work(app) == jobs.Jobs()
    assert [subject for (subject,) in rows(app, task, "subject")] == ["before"]
    assert done == ["carried"]
    assert rows(app, job, "holder", "attempts") == [("elsewhere:7", 0)]
    assert work(app) == jobs.Jobs(), "it is alive, as far as can be told"
    with pytest.raises(Refused, match="Another process does the job carry of slow now"):
        run_job(app, "slow", "carry")
    with app.engine.begin() as connection:
        connection.execute(update(job).values(holder=f"{socket.gethostname()}:{_gone()}"))
    assert work(app) == jobs.Jobs(), "put off again, by itself"
    assert done == ["carried", "carried"]


def _gone():
    """Return the number of a process that is gone."""
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        pass
    return process.pid


def test_two_at_once_only_where_the_job_allows_it(opened):
    outer, inside = [], []

    def run(_desk):
        if not outer:
            outer.append(True)
            inside.append(jobs.work(app, seconds=1))
        return False

    app = opened(declaring("alone", Job(name="one", run=run)))
    work(app)
    assert inside == [jobs.Jobs()]
    outer.clear()
    inside.clear()
    app = opened(declaring("many", Job(name="two", run=run, parallel=True)))
    work(app)
    assert inside == [jobs.Jobs(done=1)]


def _query(url, statement):
    engine = connect(url)
    with engine.begin() as connection:
        found = connection.execute(text(statement))
        answers = [tuple(row) for row in found] if found.returns_rows else []
    engine.dispose()
    return answers


def test_killed_it_goes_on_where_it_was_and_disabled_it_ends(site, workspace, tmp_path):
    """What was begun and not ended is there to be told; what a person must not get twice is not carried twice."""
    site.install("courier")
    site.crm("plugin", "enable", "courier")
    _query(
        workspace,
        "INSERT INTO courier_parcel (id, state) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n"
        " WHERE i < 90) SELECT i, 'waiting' FROM n",
    )
    door = tmp_path / "door"
    door.touch()
    environment = {**site.environment, "COURIER_DOOR": str(door)}
    command = [sys.executable, "-m", "crmcore.cli", "worker", "--poll", "0.05"]

    def start():
        return subprocess.Popen(command, env=environment, cwd=site.folder, stderr=subprocess.PIPE, text=True)

    def carried():
        return door.read_text().split()

    def wait_for(condition):
        ends = time.monotonic() + 30
        while not condition():
            assert time.monotonic() < ends
            time.sleep(0.005)

    for parcels in (15, 40):
        worker = start()
        wait_for(lambda: len(carried()) >= parcels)  # noqa: B023 # asked before the next turn
        worker.kill()
        worker.communicate()
    worker = start()
    wait_for(lambda: len(carried()) >= 55)
    site.crm("plugin", "disable", "courier")
    stopped = len(carried())
    time.sleep(0.3)
    assert len(carried()) <= stopped + 1
    assert not _query(workspace, "SELECT * FROM finding WHERE hook = 'job carry'"), "it did not fail"
    site.crm("plugin", "enable", "courier")
    wait_for(lambda: not _query(workspace, "SELECT id FROM courier_parcel WHERE state = 'waiting'"))
    worker.send_signal(signal.SIGTERM)
    _out, err = worker.communicate(timeout=30)
    assert worker.returncode == 0, err
    states = Counter(state for (state,) in _query(workspace, "SELECT state FROM courier_parcel"))
    assert states["waiting"] == 0
    assert states["on the way"] <= 3  # at most one at each of two kills, and one when it was disabled
    assert max(Counter(carried()).values()) == 1
    delivered = {str(n) for (n,) in _query(workspace, "SELECT id FROM courier_parcel WHERE state = 'delivered'")}
    assert delivered <= set(carried())
