"""Compiled to SQL, a selection chooses whom CEL itself chooses when it is asked person by person."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import cel
import pytest
from click.testing import Result
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from crmcore.api import App, Contact, Customer, Interaction, Position, Task, Trait, impl, selection, tables
from crmcore.definitions.expression import read
from crmcore.definitions.functions import FUNCTIONS

FIELDS = """
[field.contact.size]
type = "number"
[field.contact.vip]
type = "boolean"
[field.contact.renewal]
type = "date"
[field.customer.branch]
type = "choice"
choices = ["steel", "Glas", "玻璃"]
"""
TODAY = date(2026, 11, 22)
NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
ZONE = ZoneInfo("Asia/Shanghai")


@impl
def crm_traits() -> Iterator[Trait]:
    c = tables.task.c
    tasks = (
        select(c.contact_id, func.count().label("number"), func.min(c.due).label("due"))
        .where(c.contact_id.is_not(None)).group_by(c.contact_id).subquery()
    )  # fmt: skip
    shared: dict[str, Any] = {"of": "contact", "source": tasks, "key": tasks.c.contact_id}
    yield Trait(name="tasks", title="Tasks", kind="number", value=tasks.c.number, empty=0, **shared)
    yield Trait(name="due", title="The first due", kind="date", value=tasks.c.due, **shared)
    named = select(tables.customer.c.id, func.length(tables.customer.c.name).label("letters")).subquery()
    yield Trait(
        name="letters", title="Letters", of="customer", kind="number", source=named, key=named.c.id,
        value=named.c.letters,
    )  # fmt: skip


PROBE = SimpleNamespace(crm_traits=crm_traits)


def _people() -> Iterator[tuple[dict[str, Any], dict[str, Any] | None, list[date | None], datetime | None]]:
    """Yield what is said of each person: itself, its customer, the due dates of its tasks, the last interaction."""
    customers = [
        None,
        {"name": "Ji", "kind": "organisation", "branch": "steel"},
        {"name": "Glas", "kind": "individual", "branch": "玻璃"},
        {"name": "玻璃 100%", "kind": "individual", "branch": None},
    ]
    for n in range(24):
        person = {
            "name": ("Li", "Ann B", "王_", "x%")[n % 4],
            "language": ("zh", "en", "")[n % 3],
            "size": (None, 0, 3, 2.5, -1)[n % 5],
            "vip": (None, True, False)[n // 2 % 3],
            "renewal": (None, "2026-11-22", "2026-12-01", "2025-02-28")[n // 3 % 4],
        }
        due = [TODAY + timedelta(days=each) for each in range(-n % 3, n % 4)]
        last = NOW - timedelta(hours=11 * n) if n % 4 else None
        yield person, customers[n // 5 % 4], [*due, *([None] if n % 6 == 5 else [])], last


@pytest.fixture
def office(
    crm: Callable[..., Result], workspace: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[App, dict[int, dict[str, Any]]]]:
    """A workspace with 24 people, and what CEL is told of each by id."""
    monkeypatch.setattr("crmcore.engine.clock.now", lambda: NOW)
    (tmp_path / "fields.toml").write_text(FIELDS)
    crm("config", "apply", tmp_path / "fields.toml")
    crm("setting", "set", "zone", ZONE.key)
    app = App(workspace, plugins=[("probe", PROBE)], strict=True)
    told: dict[int, dict[str, Any]] = {}
    with app.transaction() as tx:
        for person, company, due, last in _people():
            custom = {name: person[name] for name in ("size", "vip", "renewal") if person[name] is not None}
            contact = tx.add(Contact(name=person["name"], language=person["language"], custom=custom))
            facts: dict[str, Any] = {
                "contact": {**person, "interactions": 0.0 if last is None else 1.0, "last_interaction": last},
                "customer": {"custom": {}},
                "probe": {"tasks": float(len(due)), "due": min((each for each in due if each), default=None)},
            }
            facts["contact"]["custom"] = custom
            if company is not None:
                branch = {} if company["branch"] is None else {"branch": company["branch"]}
                held = tx.add(Customer(name=company["name"], kind=company["kind"], custom=branch))
                gone = tx.add(Customer(name="earlier", kind="organisation"))
                tx.add(Position(contact_id=contact.id, customer_id=held.id))
                tx.add(Position(contact_id=contact.id, customer_id=gone.id, ended=TODAY - timedelta(days=1)))
                facts["customer"] = {"name": held.name, "kind": held.kind, "custom": branch}
                facts["probe"]["letters"] = float(len(held.name))
            for day in due:
                tx.add(Task(subject="call", contact_id=contact.id, due=day))
            if last is not None:
                tx.add(Interaction(channel="call", contact_id=contact.id, at=last))
            told[contact.id] = {name: _known(each) for name, each in facts.items()}
    yield app, told
    app.close()


def _known(facts: dict[str, Any]) -> dict[str, Any]:
    """Return what is known as CEL takes it; what is not known is absent."""
    found = {}
    for name, value in facts.items():
        if name == "renewal" or value in (None, ""):
            continue
        found[name] = _known(value) if isinstance(value, dict) else _given(value)
    if "custom" in facts and "renewal" in facts["custom"]:
        found["custom"]["renewal"] = _given(date.fromisoformat(facts["custom"]["renewal"]))
    return found


def _given(value: Any) -> Any:
    if type(value) is date:
        return datetime.combine(value, time(), UTC)
    return float(value) if type(value) is int else value


def _days_since(moment: datetime) -> float:
    day = moment.date() if moment.time() == time() else moment.astimezone(ZONE).date()
    return float((TODAY - day).days)


def asked_one_by_one(expression: str, told: dict[int, dict[str, Any]]) -> list[int]:
    """Return whom CEL chooses; who cannot be told is not chosen."""
    program = cel.compile(read(expression).written)
    moments = {"today": _given(TODAY), "now": NOW}
    found = []
    for key, facts in told.items():
        context = cel.Context(variables={**facts, **moments}, functions={**FUNCTIONS, "days_since": _days_since})
        with suppress(Exception):  # whatever the library raises for what is absent
            if program.execute(context) is True:
                found.append(key)
    return found


TEXTS = ("contact.name", "contact.language", "customer.kind", "customer.name", "customer.custom.branch")
NUMBERS = ("contact.custom.size", "probe.tasks", "probe.letters", "contact.interactions")
DAYS = ("contact.custom.renewal", "probe.due", "contact.last_interaction")
WORDS = ("zh", "Li", "steel", "%", "_", "玻璃", "individual", "li", "B")

numbers = st.deferred(
    lambda: st.one_of(
        st.sampled_from(NUMBERS),
        st.sampled_from(["0", "1", "2.5", "3", "-1", "10 / 4"]),
        st.builds("({} {} {})".format, numbers, st.sampled_from("+-*"), numbers),
        st.builds("size({})".format, texts),
    )
)
texts = st.deferred(
    lambda: st.one_of(
        st.sampled_from(TEXTS),
        st.sampled_from(WORDS).map(repr),
        st.builds("lowerAscii({})".format, st.sampled_from(TEXTS)),
        st.builds("({} + {})".format, st.sampled_from(TEXTS), st.sampled_from(WORDS).map(repr)),
    )
)
moments = st.sampled_from(["today", "now", "today - days(3)", "date('2026-12-01')", "now - days(1.5)"])
signs = st.sampled_from(["==", "!=", "<", "<=", ">", ">="])
single = st.one_of(
    st.builds("{} {} {}".format, numbers, signs, numbers),
    st.builds("{} {} {}".format, texts, signs, texts),
    st.builds("{} {} {}".format, st.sampled_from(DAYS), signs, moments),
    st.builds("{} {} {}".format, moments, signs, st.sampled_from(DAYS)),
    st.builds("days_since({}) {} {}".format, st.sampled_from(DAYS[2:]), signs, st.sampled_from(["0", "1", "4.5", "9"])),
    st.builds("has({})".format, st.sampled_from((*TEXTS, *NUMBERS, *DAYS, "contact.custom.vip"))),
    st.builds(
        "{}.{}({})".format, st.sampled_from(TEXTS), st.sampled_from(["contains", "startsWith", "endsWith"]), texts
    ),
    st.builds("{} in {}".format, texts, st.lists(st.sampled_from(WORDS), min_size=1, max_size=3).map(repr)),
    st.builds("{} in [0, 2.5, 10000000000]".format, st.sampled_from(NUMBERS)),
    st.sampled_from(["contact.custom.vip", "true", "contact.custom.vip == true", "contact.custom.vip != true"]),
)
expressions = st.recursive(
    single,
    lambda inner: st.one_of(
        st.builds("({} {} {})".format, inner, st.sampled_from(["&&", "||"]), inner),
        st.builds("!({})".format, inner),
        st.builds("({} ? {} : {})".format, inner, inner, inner),
        st.builds("({}) == ({})".format, inner, inner),
    ),
    max_leaves=5,
)


def test_sql_chooses_whom_cel_chooses(office: tuple[App, dict[int, dict[str, Any]]]) -> None:
    app, told = office

    @settings(max_examples=100, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(expressions)
    def same(expression: str) -> None:
        with app.read() as reader:
            chosen = reader.rows(selection(reader, expression).statement)
        assert sorted(row.id for row in chosen) == asked_one_by_one(expression, told), expression

    same()
