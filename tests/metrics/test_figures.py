"""`crm metric`: computed in the database, by shared dimensions and time, exact, and only over what one sees."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from types import ModuleType
from typing import Any
from zoneinfo import ZoneInfo

import attrs
import pytest
from click.testing import Result
from sqlalchemy import event, func, select

from crmcore.app import App
from crmcore.engine.figures import total
from crmcore.engine.tables import interaction, task
from crmcore.errors import PluginError
from crmcore.hooks.kinds import impl
from crmcore.hooks.metrics import Metric
from crmcore.metrics.buckets import bucket, local_day, transitions
from crmcore.metrics.catalogue import Known, catalogue
from crmcore.metrics.compute import Question, compute
from crmcore.metrics.periods import Period, bucket_label, containing, period
from crmcore.metrics.targets import default_kind, measured
from crmcore.model.definitions import Target
from crmcore.model.interaction import Interaction, Task
from crmcore.model.party import Contact, Customer
from crmcore.model.user import User

Crm = Callable[..., Result]
NOW = datetime(2026, 11, 22, 4, tzinfo=UTC)
SHANGHAI = ZoneInfo("Asia/Shanghai")


def asked(**more: Any) -> Question:
    return attrs.evolve(Question(period=Period(), today=date(2026, 11, 22), now=NOW, zone=SHANGHAI), **more)


@pytest.fixture
def base(app: App) -> dict[str, int]:
    """Ann and Tom, three contacts (one of them Tom's own), calls and mails of two months, promises kept and broken."""
    with app.transaction(app.actor("ann")) as tx:
        ann = tx.actor.user_id
        tom = tx.add(User(login="tom", name="Tom", role="rep", team="north"))
        acme = tx.add(Customer(name="Acme", owner_id=ann))
        li = tx.add(Contact(name="Li Wei", owner_id=ann))
        anna = tx.add(Contact(name="Anna", owner_id=tom.id))
        secret = tx.add(Contact(name="Secret", owner_id=tom.id, private=True))
        for number, (channel, at, user, contact) in enumerate(
            (
                ("call", datetime(2026, 10, 31, 15, 59, 59, tzinfo=UTC), ann, li),  # still October in Shanghai
                ("call", datetime(2026, 10, 31, 16, tzinfo=UTC), ann, li),  # November there
                ("email", datetime(2026, 11, 5, 4, tzinfo=UTC), tom.id, anna),
                ("call", datetime(2026, 11, 20, 4, tzinfo=UTC), tom.id, anna),
                ("call", datetime(2026, 11, 21, 4, tzinfo=UTC), tom.id, secret),
            )
        ):
            about = {"customer_id": acme.id, "contact_id": contact.id}
            tx.add(Interaction(channel=channel, at=at, user_id=user, subject=str(number), **about))
        tx.add(Interaction(channel="note", day=date(2026, 11, 1), user_id=ann, customer_id=acme.id))
        for status in ("done", "done", "broken", "open"):
            closed = None if status == "open" else NOW
            tx.add(
                Task(
                    kind="promise", subject="send", status=status, closed_at=closed, owner_id=ann, contact_id=li.id,
                    due=date(2026, 11, 1),
                )
            )  # fmt: skip
    return {"ann": ann, "tom": tom.id, "acme": acme.id, "li": li.id, "anna": anna.id, "secret": secret.id}


def shown(crm: Crm, *arguments: object, **extra: str) -> list[dict[str, Any]]:
    found = json.loads(crm("metric", "show", *arguments, "--json", CRM_NOW=NOW.isoformat(), **extra).stdout)
    rows: list[dict[str, Any]] = found["rows"]
    return rows


def values(rows: list[dict[str, Any]], *by: str) -> dict[Any, Any]:
    return {tuple(row[name] for name in by) if len(by) > 1 else row[by[0]]: row["value"] for row in rows}


def test_the_list_says_what_there_is(crm: Crm) -> None:
    found = {one["name"]: one for one in json.loads(crm("metric", "list", "--json").stdout)}
    assert set(found) == {
        "customers.new", "contacts.new", "contacts.reachable", "interactions", "promises.kept", "promises.broken",
        "promises.share", "tasks.overdue",
    }  # fmt: skip
    assert found["interactions"]["by"][:4] == ["channel", "user", "customer", "contact"]
    assert found["interactions"]["plugin"] == "core"
    assert "New customers" in crm("metric", "list").stdout
    assert "customers.new" in crm("metric", "show", "customers", code=1).stderr


def test_by_channel_user_and_month_in_the_workspaces_zone(crm: Crm, base: dict[str, int]) -> None:
    tom = {"CRM_USER": "tom"}
    assert values(shown(crm, "interactions", "--by", "channel", **tom), "channel") == {"call": 4, "email": 1, "note": 1}
    assert values(shown(crm, "interactions", "--by", "month"), "month") == {"2026-10": 1, "2026-11": 4}
    rows = shown(crm, "interactions", "--by", "user,quarter")
    assert values(rows, "user_name", "quarter") == {("ann", "2026-Q4"): 3, ("tom", "2026-Q4"): 2}
    assert values(shown(crm, "interactions", "--by", "week"), "week") == {
        "2026-W44": 3, "2026-W45": 1, "2026-W47": 1
    }  # fmt: skip
    assert values(shown(crm, "interactions", "--by", "team"), "team") == {None: 3, "north": 2}
    assert values(shown(crm, "interactions", "--month"), "value") == {4: 4}
    assert values(shown(crm, "interactions", "--month", "2026-10"), "value") == {1: 1}
    assert values(shown(crm, "interactions", "--from", "2026-11-01", "--to", "2026-11-01"), "value") == {2: 2}
    assert values(shown(crm, "interactions", "--where", "user=tom", "--where", "channel=email"), "value") == {1: 1}
    assert values(shown(crm, "interactions", "--where", "contact=Li Wei", "--by", "customer"), "customer_name") == {
        "Acme": 2
    }


def test_a_rep_sees_figures_over_what_a_rep_may_see(crm: Crm, base: dict[str, int]) -> None:
    assert shown(crm, "interactions")[0]["value"] == 5  # not the one with Tom's private contact
    assert shown(crm, "interactions", CRM_USER="tom")[0]["value"] == 6
    assert shown(crm, "contacts.new")[0]["value"] == 2
    assert shown(crm, "contacts.new", CRM_USER="tom")[0]["value"] == 3
    assert values(shown(crm, "interactions", "--by", "contact"), "contact_name") == {"Li Wei": 2, "Anna": 2, None: 1}
    crm("contact", "show", base["secret"], code=1)


def test_promises_and_what_is_late(crm: Crm, base: dict[str, int]) -> None:
    assert shown(crm, "promises.kept", "--month")[0]["value"] == 2
    assert shown(crm, "promises.broken", "--year")[0]["value"] == 1
    assert shown(crm, "promises.share", "--quarter", "2026-Q4")[0]["value"] == 66.7
    assert shown(crm, "promises.share", "--quarter", "2025-Q4")[0]["value"] is None
    assert "no data" in crm("metric", "show", "promises.share", "--year", "2025").stdout
    assert values(shown(crm, "tasks.overdue", "--by", "user"), "user_name") == {"ann": 1}
    assert "of the present" in crm("metric", "show", "tasks.overdue", "--month", code=1).stderr


def test_drills_down_to_the_records(crm: Crm, base: dict[str, int]) -> None:
    arguments = ("metric", "show", "interactions", "--where", "channel=call", "--rows", "--json")
    rows = json.loads(crm(*arguments).stdout)
    assert [row["entity"] for row in rows] == ["interaction"] * 3
    assert len(rows) == shown(crm, "interactions", "--where", "channel=call")[0]["records"]
    first = json.loads(crm(*arguments, "--limit", 2).stdout)
    assert first + json.loads(crm(*arguments, "--after", first[-1]["id"]).stdout) == rows
    named = json.loads(crm("metric", "show", "contacts.new", "--rows", "--json").stdout)
    assert {row["text"] for row in named} == {"Li Wei", "Anna"}
    assert "Li Wei" in crm("metric", "show", "contacts.new", "--rows").stdout


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (("--by", "colour"), 1, "no dimension “colour”"),
        (("--where", "colour=red"), 1, "no dimension “colour”"),
        (("--where", "channel"), 2, "DIMENSION=VALUE"),
        (("--where", "user=nobody"), 1, "no user “nobody”"),
        (("--month", "2026-13"), 1, "is no month"),
        (("--quarter", "2026-Q5"), 1, "is no quarter"),
        (("--year", "MMXXVI"), 1, "is no year"),
        (("--month", "--year"), 2, "one period"),
        (("--from", "someday"), 1, "--from"),
    ],
)
def test_refuses_in_a_sentence(crm: Crm, arguments: tuple[str, ...], code: int, told: str) -> None:
    refused = crm("metric", "show", "interactions", *arguments, code=code)
    assert told in refused.stderr


def test_one_statement_whatever_it_is_grouped_by(app: App, base: dict[str, int]) -> None:
    seen: list[str] = []
    known = next(one for one in catalogue(app.dispatcher) if one.metric.name == "interactions")
    with app.read() as reader:
        event.listen(app.engine, "before_cursor_execute", lambda _c, _u, statement, *_rest: seen.append(statement))
        compute(reader, known, asked(by=("user", "team", "customer", "contact", "month", "week")), limit=100)
    assert len([one for one in seen if one != "BEGIN"]) == 1


def test_money_is_exact_to_the_last_digit(app: App) -> None:
    amounts = ["0.1", "0.2", "12345678901234567890.123456789", "-0.3", "1e2"]
    with app.transaction() as tx:
        for amount in amounts:
            tx.add(Task(kind="promise", subject="pay", amount=Decimal(amount)))
        tx.add(Task(kind="promise", subject="unknown"))
    known = Known(plugin="test", metric=Metric(name="money", title="", value=total(task.c.amount), source=task))
    none = attrs.evolve(known, metric=attrs.evolve(known.metric, conditions=(task.c.subject == "nothing",)))
    with app.read() as reader:
        assert compute(reader, known, asked(), limit=1)[0].value == Decimal("12345678901234567990.123456789")
        assert compute(reader, none, asked(), limit=1)[0].value is None
        only = select(total(task.c.amount).filter(task.c.amount == Decimal("0.1")))  # type: ignore[attr-defined] # a function
        assert reader.value(only) == Decimal("0.1")


@pytest.mark.parametrize("zone", ["Asia/Shanghai", "Europe/Berlin", "America/St_Johns", "Australia/Lord_Howe", "UTC"])
def test_days_change_where_the_zones_clock_says(app: App, zone: str) -> None:
    here = ZoneInfo(zone)
    start, end = datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)
    changes = [when for when, _seconds in transitions(here, start, end)] or [start + timedelta(days=80)]
    moments = [
        when + timedelta(seconds=second)
        for change in changes
        for when in (change, change + timedelta(hours=23), change + timedelta(days=40))
        for second in (-86_400, -3600, -1, 0, 1, 3600)
    ]
    moments += [datetime(2026, 6, 30, 23, 59, 59, 999_999, tzinfo=here), datetime(2026, 3, 1, tzinfo=here)]
    with app.transaction() as tx:
        for number, at in enumerate(moments):
            tx.add(Interaction(channel="call", at=at, subject=str(number)))
    dialect = app.engine.dialect.name
    day = local_day(interaction.c.moment, here, dialect, start, end)
    whole = local_day(interaction.c.moment, here, dialect, None, None)
    kinds = ("day", "week", "month", "quarter", "year")
    with app.read() as reader:
        columns = [bucket(kind, day, dialect).label(kind) for kind in kinds]
        rows = reader.rows(select(interaction.c.moment, whole.label("whole"), *columns))
    assert len(rows) == len(moments)
    for row in rows:
        local = row.moment.astimezone(here).date()
        assert (row.whole, row.day) == (local, local)
        assert row.week == local - timedelta(days=local.weekday())
        assert row.month == local.replace(day=1)
        assert row.quarter == date(local.year, (local.month - 1) // 3 * 3 + 1, 1)
        assert row.year == date(local.year, 1, 1)


def test_periods() -> None:
    today = date(2026, 11, 22)
    assert period("month", "", today) == Period(kind="month", start=date(2026, 11, 1), end=date(2026, 12, 1))
    assert period("quarter", "2026q4", today) == Period(kind="quarter", start=date(2026, 10, 1), end=date(2027, 1, 1))
    assert period("year", "2026", today).label == "2026"
    assert containing("quarter", date(2026, 3, 31)).label == "2026-Q1"
    assert bucket_label("week", date(2027, 1, 1)) == "2026-W53"
    assert Period(start=date(2026, 1, 1), end=date(2026, 2, 1)).label == "2026-01-01 – 2026-01-31"
    assert containing("year", date(9999, 12, 31)).end is None


def test_targets_and_how_far_they_are_reached(app: App, base: dict[str, int]) -> None:
    known = next(one for one in catalogue(app.dispatcher) if one.metric.name == "interactions")
    targets = (
        Target(name="all", metric="interactions", value=10),
        Target(name="ann", metric="interactions", value=4, user="ann"),
        Target(name="eve", metric="interactions", value=2, user="eve"),
        Target(name="north", metric="interactions", value=1, team="north", period="quarter"),
        Target(name="else", metric="contacts.new", value=3, period="year"),
    )
    assert default_kind(targets, "interactions") == "month"
    assert default_kind(targets, "contacts.new") == "year"
    assert default_kind(targets, "promises.kept") == ""
    november = asked(period=containing("month", date(2026, 11, 22)))

    def told(question: Question) -> list[tuple[Any, Any, Any, Any]]:
        with app.read() as reader:
            found = measured(targets, "interactions", question, compute(reader, known, question, limit=99))
        shown = []
        for each in found:
            who = next(iter({**each.group.keys, **each.group.names}.values()), None)
            shown.append((who, each.group.value, each.target, each.attained))
        return shown

    assert told(november) == [(None, 5, 10, 50.0)]
    assert told(attrs.evolve(november, by=("user",))) == [
        ("tom", 3, None, None), ("ann", 2, 4, 50.0), ("eve", None, 2, None)
    ]  # fmt: skip
    where = {"where": {"user": base["ann"]}, "told": {"user": "ann"}}
    assert told(attrs.evolve(november, **where)) == [(None, 2, 4, 50.0)]
    assert told(attrs.evolve(november, by=("channel",)))[0][2] is None
    quarter = asked(period=containing("quarter", date(2026, 11, 22)), by=("team",))
    assert told(quarter) == [("north", 3, 1, 300.0), (None, 3, None, None)]
    assert told(asked(by=("month",)))[1] == ("2026-11", 5, 10, 50.0)


def test_a_target_that_the_workspace_defined(crm: Crm, base: dict[str, int], tmp_path: Path) -> None:
    file = tmp_path / "targets.toml"
    file.write_text(
        '[target.talks]\nmetric = "interactions"\nvalue = 20\nperiod = "month"\n'
        '[target.talks-of-tom]\nmetric = "interactions"\nvalue = 4\nperiod = "month"\nuser = "tom"\n'
    )
    crm("config", "apply", file)
    (row,) = shown(crm, "interactions")  # the month of its target, as no period is said
    assert (row["value"], row["target"], row["attained"]) == (4, 20, 20.0)
    told = crm("metric", "show", "interactions", "--by", "user", "--month", CRM_NOW=NOW.isoformat()).stdout
    assert "target" in told
    assert "50.0 %" in told


def test_a_figure_that_fails_names_its_plugin(workspace: str) -> None:
    broken = ModuleType("broken")

    @impl
    def crm_metrics() -> list[Metric]:
        missing = func.no_such_function(task.c.id)
        return [Metric(name="broken.figure", title="", value=missing, source=task)]

    broken.crm_metrics = crm_metrics  # type: ignore[attr-defined] # ours
    app = App(workspace, plugins=[("broken", broken)])
    known = next(one for one in catalogue(app.dispatcher) if one.plugin == "broken")
    with app.read() as reader, pytest.raises(PluginError, match=r"broken.*broken\.figure"):
        compute(reader, known, asked(), limit=1)
    app.close()


def test_of_two_with_one_name_one_is_refused_and_named(workspace: str) -> None:
    def claiming(name: str, figure: str) -> ModuleType:
        module = ModuleType(name)

        @impl
        def crm_metrics() -> list[Metric]:
            return [Metric(name=figure, title=name, value=func.count(), source=task)]

        module.crm_metrics = crm_metrics  # type: ignore[attr-defined] # ours
        return module

    app = App(workspace, plugins=[("first", claiming("first", "x.y")), ("second", claiming("second", "x.y"))])
    assert [one.plugin for one in catalogue(app.dispatcher) if one.metric.name == "x.y"] == ["first"]
    assert [one.plugin for one in app.dispatcher.failures] == ["second"]
    app.close()


def test_a_dimension_cannot_be_a_stretch_of_time() -> None:
    with pytest.raises(ValueError, match="month"):
        Metric(name="x", title="", value=func.count(), source=task, dimensions={"month": task.c.due})
