"""`crm brief --timeline`: one order over all sources, page by page; nothing lost, doubled or hidden."""

import json
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from types import ModuleType
from typing import Any

import pytest
from click.testing import Result
from hypothesis import given, settings
from hypothesis import strategies as st

from crmcore.app import App
from crmcore.hooks.kinds import impl
from crmcore.hooks.reading import Entry, Subject
from crmcore.model.interaction import Interaction
from crmcore.model.party import Contact, Customer, Position
from crmcore.plugins.dispatch import Dispatcher
from crmcore.timeline.brief import subject_of
from crmcore.timeline.pages import Page, Place, page

T0 = datetime(2026, 11, 1, 9, tzinfo=UTC)
SOMEBODY = Subject(entity="customer", id=1, name="somebody")
Crm = Callable[..., Result]


def source(entity: str, entries: Sequence[tuple[int, int]]) -> ModuleType:
    """Return a plugin whose timeline holds (minute, id) entries, and which counts how often it is asked."""
    module = ModuleType(entity)
    module.asked = []  # type: ignore[attr-defined] # ours

    @impl
    def crm_timeline(before: datetime | None, limit: int) -> Iterator[Entry]:
        module.asked.append(limit)  # type: ignore[attr-defined] # ours
        mine = [Entry(at=T0 + timedelta(minutes=m), kind=entity, text="", entity=entity, id=i) for m, i in entries]
        until = [one for one in mine if before is None or one.at <= before]
        yield from sorted(until, key=lambda one: (one.at, one.id), reverse=True)[:limit]

    module.crm_timeline = crm_timeline  # type: ignore[attr-defined] # ours
    return module


def dispatched(*sources: ModuleType, strict: bool = True) -> Dispatcher:
    dispatcher = Dispatcher(strict=strict)
    for one in sources:
        dispatcher.register(one.__name__, one)
    dispatcher.enable([one.__name__ for one in sources])
    return dispatcher


def pages(reader: Any, dispatcher: Dispatcher, limit: int, subject: Subject = SOMEBODY) -> list[Page]:
    found, before = [], None
    while True:
        found.append(page(reader, dispatcher, subject, limit=limit, before=before))
        if found[-1].before is None:
            return found
        before = Place.read(str(found[-1].before))


moments = st.lists(st.tuples(st.integers(0, 4), st.integers(1, 60)), unique=True, max_size=70)


@settings(max_examples=60, deadline=None)
@given(one=moments, two=moments, limit=st.integers(1, 12))
def test_every_entry_is_on_one_page(one: list[tuple[int, int]], two: list[tuple[int, int]], limit: int) -> None:
    class Nobody:
        """A reader that no source asks."""

    found = pages(Nobody(), dispatched(source("deal", one), source("ticket", two)), limit)
    told = [(entry.at, entry.entity, entry.id) for each in found for _plugin, entry in each.entries]
    wanted = [(T0 + timedelta(minutes=m), name, i) for name, all_ in (("deal", one), ("ticket", two)) for m, i in all_]
    assert told == sorted(wanted, reverse=True)
    assert all(len(each.entries) <= limit for each in found)


def test_a_source_is_asked_once_a_page_however_long_it_is() -> None:
    long = source("deal", [(minute, minute) for minute in range(500)])
    found = pages(object(), dispatched(long), 50)
    assert [len(each.entries) for each in found] == [50] * 10
    assert len(long.asked) == 10
    assert max(long.asked) < 70


def test_thousands_of_one_instant_are_paged_through() -> None:
    crowded = source("deal", [(0, number) for number in range(1, 2001)])
    found = pages(object(), dispatched(crowded), 100)
    assert [entry.id for each in found for _plugin, entry in each.entries] == list(range(2000, 0, -1))


def test_several_entries_of_one_record_and_instant_stay_together() -> None:
    twins = source("deal", [(minute, minute) for minute in range(12) for _twin in range(3)])
    for limit in range(1, 9):
        found = pages(object(), dispatched(twins, source("ticket", [(m, m) for m in range(5)])), limit)
        assert sum(len(each.entries) for each in found) == 41
        told = [(entry.at, entry.entity, entry.id) for each in found for _plugin, entry in each.entries]
        assert told == sorted(told, reverse=True)


def test_one_that_fails_or_answers_nonsense_is_named_and_the_rest_is_there() -> None:
    broken, late, naive = ModuleType("broken"), ModuleType("late"), ModuleType("naive")

    @impl
    def crm_timeline() -> Iterator[Entry]:
        raise RuntimeError("no connection to the moon")

    broken.crm_timeline = crm_timeline  # type: ignore[attr-defined] # ours

    @impl
    def crm_timeline():  # type: ignore[no-untyped-def,no-redef] # one that says nothing of its answers
        return ["yesterday"]

    late.crm_timeline = crm_timeline  # type: ignore[attr-defined] # ours

    @impl
    def crm_timeline() -> list[Entry]:  # type: ignore[no-redef] # another one
        return [Entry(at=datetime(2026, 11, 1), kind="x", text="", entity="x", id=1)]  # noqa: DTZ001 # on purpose

    naive.crm_timeline = crm_timeline  # type: ignore[attr-defined] # ours
    dispatcher = dispatched(source("deal", [(1, 1)]), broken, late, naive, strict=False)
    found = page(object(), dispatcher, SOMEBODY, limit=10)  # type: ignore[arg-type] # no source reads
    assert [entry.id for _plugin, entry in found.entries] == [1]
    told = {failure.plugin: failure.message for failure in dispatcher.failures}
    assert "moon" in told["broken"]
    assert "Entry" in told["late"]
    assert "zone" in told["naive"]


def test_one_that_answers_more_than_asked_costs_nobody_an_entry() -> None:
    greedy = ModuleType("greedy")

    @impl
    def crm_timeline() -> Iterator[Entry]:
        for number in range(30):
            yield Entry(at=T0 + timedelta(minutes=number), kind="x", text="", entity="x", id=number)

    greedy.crm_timeline = crm_timeline  # type: ignore[attr-defined] # ours
    found = pages(object(), dispatched(greedy, source("deal", [(m, m) for m in range(40)])), 7)
    told = [(entry.at, entry.entity, entry.id) for each in found for _plugin, entry in each.entries]
    assert len(told) == 70
    assert told == sorted(told, reverse=True)


@pytest.fixture
def acme(app: App) -> int:
    """A customer with 30 interactions of three instants, five of a day alone, and one of a hidden person."""
    with app.transaction(app.actor("ann")) as tx:
        acme, li = tx.add(Customer(name="Acme Routers")), tx.add(Contact(name="Li Wei"))
        tx.add(Position(contact_id=li.id, customer_id=acme.id))
        for number in range(30):
            at = T0 + timedelta(hours=number // 10)
            tx.add(Interaction(channel="call", at=at, subject=f"talk {number}", customer_id=acme.id, contact_id=li.id))
        for number in range(5):
            tx.add(Interaction(channel="note", day=date(2026, 10, 31), subject=f"day {number}", customer_id=acme.id))
    return acme.id


def test_the_command_pages_through_everything(crm: Crm, acme: int) -> None:
    whole = json.loads(crm("brief", acme, "--timeline", "--json").stdout)
    assert whole["subject"]["name"] == "Acme Routers"
    assert whole["before"] is None
    assert len(whole["entries"]) == 35
    paged: list[dict[str, Any]] = []
    before: list[str] = []
    while True:
        found = json.loads(crm("brief", acme, "--timeline", "--limit", 4, *before, "--json").stdout)
        paged += found["entries"]
        if found["before"] is None:
            break
        before = ["--before", found["before"]]
    assert paged == whole["entries"]
    shown = crm("brief", "Acme Routers", "--timeline", "--limit", 2)
    assert "talk 29" in shown.stdout
    assert "talk 27" not in shown.stdout
    place = shown.stderr.split("--before ")[1].strip()
    assert "talk 27" in crm("brief", "Acme Routers", "--timeline", "--limit", 2, "--before", place).stdout


def test_what_is_older_than_a_day_or_an_instant(crm: Crm, acme: int) -> None:
    older = json.loads(crm("brief", acme, "--timeline", "--before", "2026-11-01", "--json").stdout)["entries"]
    assert {entry["data"]["subject"] for entry in older} == {f"day {number}" for number in range(5)}
    assert {entry["day"] for entry in older} == {"2026-10-31"}
    within = json.loads(crm("brief", acme, "--timeline", "--before", T0.isoformat(), "--json").stdout)["entries"]
    assert within == older  # what is of that very instant is not older
    assert "no place in a timeline" in crm("brief", acme, "--timeline", "--before", "a/b/c", code=1).stderr
    crm("brief", acme, "--before", "2026-11-01", code=2)


def test_the_statements_do_not_grow(app: App, acme: int) -> None:
    from sqlalchemy import event

    seen: list[str] = []
    with app.read(app.actor("ann")) as reader:
        subject = subject_of(reader, "customer", acme, "Acme")
        event.listen(app.engine, "before_cursor_execute", lambda _c, _u, statement, *_rest: seen.append(statement))
        first = page(reader, app.dispatcher, subject, limit=10)
        page(reader, app.dispatcher, subject, limit=10, before=first.before)
    assert len([one for one in seen if "interaction" in one]) == 2
