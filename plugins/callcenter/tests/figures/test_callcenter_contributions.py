"""What the call centre shows elsewhere: figures, briefs, selections, the data-quality meter, the doctor."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from crmcore_callcenter import tables
from crmcore_callcenter.model.agent import CallAgent, Callback, CallQueue, WrapCode
from crmcore_callcenter.model.call import Call
from sqlalchemy import insert

from crmcore.api import selection
from crmcore.testing.statements import executed_anywhere

NOW = datetime(2026, 11, 24, 2, tzinfo=UTC)


def ago(**by):
    return NOW - timedelta(**by)


@pytest.fixture
def week(office):
    """Eleven calls: of one person five, in a queue that answers within 20 seconds; the others of whoever it is."""
    firm, other = office.customers[7], office.customers[8]
    person, colleague = office.staff[7][:2]
    sam, wang = office.users["sam"], office.users["wang"]
    orders = CallQueue(name="Orders", code="orders")
    solved, back = (
        WrapCode(name="Solved", code="s", means="resolved"),
        WrapCode(name="Rings", code="r", means="callback"),
    )
    agents = [CallAgent(name="Sam", user_id=sam), CallAgent(name="Temp")]
    office.insert(orders, solved, back, *agents)
    office.person, office.firm = person, firm

    def came(at, wait, talk=None, **more):
        answered = None if talk is None else at + timedelta(seconds=wait)
        return Call(
            started_at=at, direction="in", answered=talk is not None, answered_at=answered, status="ended",
            ended_at=at + timedelta(seconds=wait + (talk or 0)), talk_seconds=talk or 0, queue_id=orders.id,
            owner_id=None if talk is None else sam, abandoned=talk is None, to_number="400",
            **{"contact_id": person, "customer_id": firm, "from_number": "13800000007", **more},
        )  # fmt: skip

    nobody = {"contact_id": None, "customer_id": None}
    first = came(ago(days=20), 10, 120, wrap_code_id=solved.id)  # a first contact, resolved by what the agent says
    again = came(ago(days=18), 30, 60)  # called within 7 days: no first contact; late
    third = came(ago(days=9), 5, 60)  # a first contact; nobody calls within 7 days: resolved
    lost, wrong = came(ago(days=1), 40), came(ago(hours=20), 3)
    office.insert(
        first, again, third, lost, wrong,
        came(ago(days=10), 20, 30, contact_id=colleague, wrap_code_id=back.id),  # a first contact: not resolved
        came(ago(days=3), 8, 90, from_normal="+862012345678", from_number="02012345678", **nobody),  # not known yet
        came(ago(days=40), 8, 300, contact_id=office.staff[8][0], customer_id=other),
        Call(started_at=ago(days=2), direction="out", answered=True, answered_at=ago(days=2), status="ended",
             ended_at=ago(days=2, seconds=-60), talk_seconds=60, owner_id=wang, contact_id=person, customer_id=firm,
             to_number="13800000007"),
        Call(started_at=ago(days=2), direction="internal", status="ended", ended_at=ago(days=2)),
        Call(started_at=ago(hours=9), direction="in", status="talking", answered=True, **nobody),
    )  # fmt: skip
    asked = {"queue_id": orders.id, "number": "13800000007", "contact_id": person, "customer_id": firm}
    office.insert(
        Callback(call_id=lost.id, asked_at=lost.started_at, due_at=ago(hours=23), status="done", owner_id=sam,
                 done_at=ago(hours=23.5), **asked),
        Callback(call_id=wrong.id, asked_at=wrong.started_at, due_at=ago(hours=-1), note="before noon", **asked),
    )  # fmt: skip
    did = (("available", 60), ("ringing", 10), ("talking", 90), ("wrapping", 20), ("paused", 500), ("available", 120))
    with office.app.transaction(cause="a test") as tx:
        at, rows = ago(hours=3), []
        for state, seconds in did:
            until = at + timedelta(seconds=seconds)
            rows.append({"id": tx.new_id(), "agent_id": agents[0].id, "state": state, "from_at": at, "until_at": until,
                         "call_id": None, "reason": ""})  # fmt: skip
            at = until
        tx.execute(insert(tables.presence), rows)
    return office


def test_the_figures_are_those_one_counts_by_hand(week, tmp_path):
    def shown(name, by=""):
        rows = week.json("metric", "show", f"callcenter.{name}", *(("--by", by) if by else ()), user="ann")["rows"]
        return {row[by]: row["value"] for row in rows} if by else rows[0]["value"]

    assert shown("calls", "direction") == {"in": 9, "out": 1, "internal": 1}
    assert (shown("abandoned"), shown("abandon_rate")) == (1, 12.5)  # of 8: the one of 3 seconds is in no rate
    assert shown("answered_in_time") == 62.5  # 5 of 8: one took 30 s, one was lost, of one no time is known
    assert shown("answer_seconds") == 13.5  # (10 + 30 + 5 + 20 + 8 + 8) / 6
    assert shown("talk_minutes") == 12.0
    assert shown("first_contact") == 75.0  # of 4 that are known: the two of one person, one of another, one not
    assert shown("occupancy") == 40.0  # (10 + 90 + 20) of 300 s
    assert shown("occupancy", "user") == {week.users["sam"]: 40.0}
    assert (shown("callbacks"), shown("callbacks_open")) == (100.0, 1)
    assert shown("calls", "user") == {None: 4, week.users["sam"]: 6, week.users["wang"]: 1}

    told = week.json("callcenter", "report", "--from", "2026-11-01", "--to", "2026-11-24", "--by", "queue", user="mei")
    total, (orders, none) = told["total"], told["lines"]
    assert (orders["name"], none["name"]) == ("Orders", "")
    assert (total["offered"], total["abandoned"], total["short_abandons"], total["in_time"]) == (7, 1, 1, 4)
    assert (total["abandon_rate"], total["in_time_rate"], total["first_contact_rate"]) == (14.3, 57.1, 66.7)
    assert (orders["answer_mean"], orders["answer_median"], orders["answer_p95"]) == (14.6, 10, 30)
    assert (total["occupancy"], total["callbacks"], total["callback_rate"]) == (40.0, 1, 100.0)
    out = week.crm("callcenter", "report", "--month", "2026-11", "--by", "agent", user="mei", COLUMNS="150").out
    assert all(word in out for word in ("sam", "wang", "57.1%", "66.7% (n=3)", "1 (+1) 14.3%"))
    narrow = week.crm("callcenter", "report", "--month", "2026-11", user="mei", COLUMNS="80").out
    assert all(word in narrow for word in ("answered", "abandoned", "transfers", "called back"))  # in one piece each
    file = tmp_path / "hours.csv"
    week.crm("callcenter", "report", "--month", "2026-11", "--by", "hour", "--out", file, user="mei")
    assert len(file.read_text().splitlines()) > 4
    week.crm("setting", "set", "callcenter.again_days", "14", user="ann")
    week.crm("setting", "set", "callcenter.short_seconds", "0", user="ann")
    assert (shown("abandoned"), shown("first_contact")) == (2, 66.7), (
        "the two calls of one person are one first contact"
    )

    # What is private to somebody is in nobody else's figures.
    week.crm("contact", "edit", week.person, "--private", user="liu")
    asked = ("callcenter", "report", "--from", "2026-11-01", "--to", "2026-11-24")
    assert [week.json(*asked, user=who)["total"]["calls"] for who in ("liu", "mei", "sam")] == [10, 4, 4]
    assert shown("calls") == 5

    assert "ends before" in week.crm("callcenter", "report", "--from", "2026-11-02", "--to", "2026-11-01", code=1).err
    assert "no month" in week.crm("callcenter", "report", "--month", "November", code=1).err
    for month in ("0001-01", "9999-12"):
        assert "is not a date" in week.crm("callcenter", "report", "--month", month, code=1).err
    assert week.json("callcenter", "report", "--month", "2027-01")["total"]["occupancy"] is None


ASKED = {
    "callcenter.calls_30d == 7": 3,
    "callcenter.own_calls_30d == 6 && callcenter.own_missed_30d == 2": 1,
    "callcenter.missed_30d > 0": 3,
    "callcenter.own_talk_minutes == 5.0": 2,
    "days_since(callcenter.own_last_call) <= 1": 1,
    "days_since(callcenter.last_call) > 30": 3,
}
"""How many people an expression chooses; each of the two customers has three."""


def test_briefs_selections_and_what_is_wrong(week):
    with week.app.read(week.app.actor("ann")) as reader:
        found = {asked: len(reader.rows(selection(reader, asked).statement)) for asked in ASKED}
    assert found == ASKED

    with executed_anywhere() as before:
        week.json("brief", week.contacts[99])
    with executed_anywhere() as statements:
        blocks = {one["title"]: one for one in week.json("brief", week.person)["blocks"]}
    ours = [one for one in statements if re.search(r"FROM callcenter_(call|callback)\b", one)]
    assert (len(ours), len(statements)) == (3, len(before)), "two for the block, one for the timeline"
    assert [one["callback"] for one in blocks["Calls"]["data"]] == [True] + 6 * [False]
    text = week.crm("brief", week.person).out
    assert all(word in text for word in ("callback owed", "before noon", "gave up after 0:03", "talked 2:00; Solved"))

    meter = {one["title"]: (one["total"], one["bad"]) for one in week.json("quality", user="ann")["figures"]}
    assert meter["Calls with somebody unknown"] == (1, 1)
    assert meter["Calls not wrapped up"] == (6, 4)
    assert meter["Agents who are no users"] == (2, 1)
    assert "more than 6 hours" in week.crm("doctor", user="ann").out
