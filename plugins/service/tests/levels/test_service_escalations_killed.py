"""The worker that escalates, killed at random moments: every step is taken once, with its task, and none is left out.

Tickets are paused and resumed meanwhile. A long form is a drill.
"""

import os
import random
import subprocess
import sys
import time
from collections import Counter
from signal import SIGTERM

import pytest
from crmcore_service import tables
from crmcore_service.levels import clocks
from crmcore_service.model.ticket import Ticket
from sqlalchemy import func, select

from crmcore.api import tables as core

STEPS = (
    "response after 30m manager", "response due user:mei raise:P1", "resolution before 1h owner",
    "resolution due team:south assign",
)  # fmt: skip
HOURS = ("2026-11-23T09:40", "2026-11-23T11:05", "2026-11-23T16:05", "2026-11-23T17:05")
"""When each step is due for those opened at nine, and a little later."""


class Drill:
    """Tickets whose clocks run out, and workers that are killed over it."""

    def __init__(self, office, wanted, workers):
        self.office, self.workers = office, workers
        self.random = random.Random(wanted)  # noqa: S311 # chance, not secrecy
        self.running, self.kills = [], 0
        said = [part for each in STEPS for part in ("--step", each)]
        targets = ("--target", "response=2h", "--target", "resolution=8h")
        office.crm("service", "level", "add", "gold", "--calendar", "office", *targets, *said, user="ann")
        office.crm("setting", "set", "service.level", "gold", user="ann")
        with office.at("2026-11-23T09:00+08:00", user="ann") as tx:
            self.tickets = [
                tx.add(Ticket(subject=f"Pump {n}", opened_at=tx.now, owner_id=office.users["sam"])).id
                for n in range(wanted)
            ]
        self.moved = {}

    def rows(self, statement):
        with self.office.app.engine.connect() as connection:
            return connection.execute(statement).all()

    def taken(self):
        return self.rows(select(func.count()).select_from(tables.escalation))[0][0]

    def start(self):
        command = [sys.executable, "-m", "crmcore.cli", "worker", "--poll", "0.05"]
        told = {"CRM_DATABASE_URL": self.office.app.url, "CRM_USER": "ann", "CRM_LANG": "en"}
        self.running.append(subprocess.Popen(command, env={**os.environ, **told}, stderr=subprocess.PIPE, text=True))

    def kill(self):
        for one in self.running:
            assert one.poll() is None, one.communicate()
            one.kill()
            one.communicate()
        self.running = []
        self.kills += 1

    def pause(self, at):
        """Let a few wait for half an hour: their steps to come are due that much later."""
        chosen = self.random.sample(self.tickets, len(self.tickets) // 20)
        for hour, again in ((at, False), (f"{at[:11]}{int(at[11:13]):02}:{int(at[14:16]) + 30:02}", True)):
            with self.office.at(f"{hour}+08:00", user="ann") as tx:
                for key in chosen:
                    one = tx.get(Ticket, key)
                    one.status = "open" if again else "waiting"
                    (clocks.resumed if again else clocks.paused)(tx, one, tx.now)
        for key in chosen:
            self.moved[key] = self.moved.get(key, 0) + 1

    def run(self, kills):
        """Kill so many times while steps are taken; then let the rest be taken."""
        each = -(-kills // len(HOURS))
        for place, hour in enumerate(HOURS):
            self.office.clock.set(f"{hour}+08:00")
            for _n in range(min(each, kills - self.kills)):
                before = self.taken()
                for _worker in range(self.workers):
                    self.start()
                self.wait_for(lambda before=before: self.taken() > before or self.is_done())
                time.sleep(self.random.random() * 0.3)
                self.kill()
            if place == 1:
                self.pause("2026-11-23T11:10")
        self.office.clock.set("2026-11-24T11:00+08:00")
        self.start()
        self.wait_for(lambda: self.taken() == len(self.tickets) * len(STEPS))
        for one in self.running:
            one.terminate()
            _out, err = one.communicate(timeout=60)
            assert one.returncode in (0, -SIGTERM), err

    def is_done(self):
        t = tables.ticket.c
        return not self.rows(select(t.id).where(t.next_step_at <= self.office.clock.now).limit(1))

    def wait_for(self, condition, seconds=600):
        ends = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < ends, f"it took too long: {self.taken()} taken"
            time.sleep(0.05)

    def check(self):
        """Every step of every ticket was taken once, with one task and one entry of the journal; return the figures."""
        e, t, j, k = tables.escalation.c, tables.ticket.c, core.journal.c, core.task.c
        found = self.rows(select(e.ticket_id, e.step_id, e.task_id, e.due_at, e.at))
        assert Counter(row.ticket_id for row in found) == Counter({key: len(STEPS) for key in self.tickets})
        assert len({(row.ticket_id, row.step_id) for row in found}) == len(found)
        tasks = self.rows(select(k.id).where(k.source == "service: escalation"))
        assert sorted(row.task_id for row in found) == sorted(row.id for row in tasks), "a task each, and no other"
        told = self.rows(select(j.subject_id).where(j.type == "service_ticket.escalated"))
        assert Counter(row.subject_id for row in told) == Counter({key: len(STEPS) for key in self.tickets})
        assert all(row.at >= row.due_at for row in found)
        last = {key: max(row.due_at for row in found if row.ticket_id == key) for key in self.moved}
        plain = min(
            max(row.due_at for row in found if row.ticket_id == key) for key in set(self.tickets) - self.moved.keys()
        )
        assert all(at > plain for at in last.values()), "a pause moves what was to come"
        now = self.rows(select(t.priority, t.owner_id, t.next_step_at).where(t.id.in_(self.tickets)))
        south = {self.office.users[login] for login in ("chen", "zhao", "sun")}
        assert {(row.priority, row.next_step_at) for row in now} == {("P1", None)}
        shares = Counter(row.owner_id for row in now)
        assert shares.keys() == south, "each to the one of the team with the fewest"
        assert max(shares.values()) - min(shares.values()) <= 1
        return {"tickets": len(self.tickets), "steps": len(found), "kills": self.kills}


@pytest.fixture
def drilled(office, tmp_path):
    """Return how to make a drill in an office with a calendar."""
    file = tmp_path / "office.toml"
    file.write_text(
        '[calendar.office]\nzone = "Asia/Shanghai"\nhours = { mon-fri = "09:00-18:00" }\n', encoding="utf-8"
    )
    office.crm("config", "apply", file, user="ann")
    workers = 1 if office.app.url.startswith("sqlite") else 2
    return lambda wanted: Drill(office, wanted, workers)


def test_killed_three_times_over_800_steps(drilled):
    drill = drilled(200)
    drill.run(kills=3)
    assert drill.check() == {"tickets": 200, "steps": 800, "kills": 3}


@pytest.mark.drill
def test_killed_twenty_times_over_8_000_steps(drilled, office, capsys):
    drill, begun = drilled(2_000), time.monotonic()
    drill.run(kills=20)
    told = drill.check()
    with capsys.disabled():
        print(f"\n{office.app.engine.dialect.name}: {told}, {time.monotonic() - begun:.0f} s")  # noqa: T201
