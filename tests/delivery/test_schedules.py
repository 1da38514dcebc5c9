"""Schedules: each tick once, made up for once, tried again when it fails, right where summer time begins and ends."""

from datetime import UTC, datetime
from threading import Barrier, Thread
from types import ModuleType
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select, update

from crmcore.app import App
from crmcore.delivery.schedules import following, keep
from crmcore.engine import tables
from crmcore.hooks.background import Schedule
from crmcore.hooks.kinds import impl
from crmcore.model.interaction import Task
from crmcore.plugins.manifest import Plugin

from .conftest import count, rows

BERLIN = ZoneInfo("Europe/Berlin")
schedule = tables.schedule


@pytest.fixture
def with_schedule(workspace, at):
    """Open the workspace with a plugin that does something at times."""
    opened: list[App] = []

    def make(cron, run=lambda tx: tx.add(Task(subject="done"))):
        module = ModuleType("s")
        module.PLUGIN = Plugin(name="s", title="s")
        module.crm_schedules = impl(_declaring(Schedule(name="nightly", cron=cron, run=run)))
        opened.append(App(workspace, plugins=[("s", module)]))
        return opened[-1]

    at("2026-11-22T00:00:00+00:00")
    yield make
    for app in opened:
        app.close()


def _declaring(one):
    def crm_schedules():
        return [one]

    return crm_schedules


def utc(*parts):
    return datetime(*parts, tzinfo=UTC)


@pytest.mark.parametrize(
    ("cron", "after", "expected"),
    [
        ("30 2 * * *", utc(2026, 3, 28, 12), [utc(2026, 3, 29, 1), utc(2026, 3, 30, 0, 30)]),  # 2:30 is left out
        ("30 2 * * *", utc(2026, 10, 24, 12), [utc(2026, 10, 25, 0, 30), utc(2026, 10, 26, 1, 30)]),  # it comes twice
        ("*/30 * * * *", utc(2026, 3, 29, 0, 20), [utc(2026, 3, 29, 0, 30), utc(2026, 3, 29, 1)]),
        (
            "*/30 * * * *",
            utc(2026, 10, 25, 0, 20),
            [utc(2026, 10, 25, 0, 30), utc(2026, 10, 25, 1), utc(2026, 10, 25, 1, 30)],
        ),
        ("0 9 * * 1", utc(2026, 3, 23, 9), [utc(2026, 3, 30, 7), utc(2026, 4, 6, 7)]),  # 9 o'clock, winter and summer
        ("0 0 29 2 *", utc(2026, 1, 1), [utc(2028, 2, 28, 23)]),
    ],
)
def test_times_where_summer_time_begins_and_ends(cron, after, expected):
    for moment in expected:
        after = following(cron, after, BERLIN)
        assert after == moment


def test_is_done_at_its_time_in_the_zone_of_the_workspace(with_schedule, at):
    app = with_schedule("30 9 * * *")  # Asia/Shanghai
    keep(app)
    assert rows(app, schedule, "plugin", "name", "next_at") == [("s", "nightly", utc(2026, 11, 22, 1, 30))]
    at("2026-11-22T01:29:59+00:00")
    assert keep(app).done == 0
    at("2026-11-22T01:30:00+00:00")
    assert keep(app).done == 1
    assert keep(app).done == 0
    assert rows(app, schedule, "next_at", "last_at", "attempts") == [
        (utc(2026, 11, 23, 1, 30), utc(2026, 11, 22, 1, 30), 0)
    ]
    with app.read() as reader:
        causes = reader.connection.execute(select(tables.journal.c.cause)).scalars().all()
    assert causes == ["plugin s, schedule nightly"]


def test_times_that_were_missed_are_made_up_for_once(with_schedule, at):
    app = with_schedule("0 * * * *")
    keep(app)
    at("2026-11-25T10:17:00+00:00")
    assert [keep(app).done for _attempt in range(3)] == [1, 0, 0]
    assert count(app, tables.task) == 1
    assert rows(app, schedule, "next_at") == [(utc(2026, 11, 25, 11),)]


def test_workers_at_once_do_it_once(with_schedule, at):
    app = with_schedule("0 * * * *")
    keep(app)
    at("2026-11-22T01:00:30+00:00")
    together = Barrier(4)

    def work():
        together.wait()
        keep(app)

    workers = [Thread(target=work) for _n in range(4)]
    for one in workers:
        one.start()
    for one in workers:
        one.join()
    assert count(app, tables.task) == 1


def test_a_failure_undoes_it_and_it_is_tried_again(with_schedule, at):
    broken = [True]

    def run(tx):
        tx.add(Task(subject="done"))
        tx.flush()
        if broken[0]:
            raise OSError("no paper")

    app = with_schedule("0 0 * * *", run)
    keep(app)
    at("2026-11-22T16:00:00+00:00")
    assert keep(app).failed == 1
    assert count(app, tables.task) == 0
    ((when, attempts, error),) = rows(app, schedule, "next_at", "attempts", "error")
    assert (when, attempts) == (utc(2026, 11, 22, 16, 0, 5), 1)
    assert "no paper" in error
    assert keep(app).failed == 0
    broken[0] = False
    at(later=5)
    assert keep(app).done == 1
    assert rows(app, schedule, "attempts", "error") == [(0, "")]
    assert count(app, tables.task) == 1


def test_after_its_attempts_it_waits_for_its_next_time_and_is_named(with_schedule, at):
    def run(tx):
        raise OSError("no paper")

    app = with_schedule("0 0 1 * *", run)
    keep(app)
    at("2026-11-30T16:00:00+00:00")
    failed = 0
    for _attempt in range(20):
        failed += keep(app).failed
        at(later=6 * 3600)
    assert failed == 8
    assert rows(app, schedule, "next_at", "attempts") == [(utc(2026, 12, 31, 16), 0)]
    with app.read() as reader:
        found = reader.connection.execute(
            select(tables.finding).where(tables.finding.c.hook == "schedule nightly")
        ).all()
    assert any("failed 8 times" in one.message for one in found)


def test_another_time_holds_at_once(with_schedule, at):
    keep(with_schedule("0 0 1 1 *"))
    app = with_schedule("30 * * * *")
    keep(app)
    assert rows(app, schedule, "next_at") == [(utc(2026, 11, 22, 0, 30),)]
    with app.engine.begin() as connection:
        connection.execute(update(tables.setting).where(tables.setting.c.name == "zone").values(value="Asia/Kolkata"))
    keep(app)
    assert rows(app, schedule, "next_at") == [(utc(2026, 11, 22, 1),)]


def test_an_expression_that_is_none_is_named_and_harms_nothing(with_schedule):
    app = with_schedule("every day")
    assert keep(app).done == 0
    assert count(app, schedule) == 0
    assert any("every day" in one.message for one in app.dispatcher.failures)
