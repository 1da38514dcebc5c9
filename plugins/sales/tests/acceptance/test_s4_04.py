"""S4-04: the 100 must be visited: 100 assigned, 64 visited, 22 days left, 9 at risk; unvisited return to the pool."""

from datetime import UTC, datetime, timedelta

import pytest
from crmcore_sales.tables import visit
from sqlalchemy import func, select

from crmcore.api import Interaction, tables

REPS = ("wang", "liu", "zhang", "chen", "zhao")
MADE = {"wang": 15, "liu": 15, "zhang": 15, "chen": 15, "zhao": 4}


def visited(office, rep, customer_id, at, channel="visit", **more):
    """Return a visit as it is logged."""
    return Interaction(
        channel=channel, at=at, customer_id=customer_id, user_id=office.users[rep], direction="out", **more
    )


def unvisited(office):
    """Return a hundred customers with whom no meeting is on record in those months."""
    i = tables.interaction.c
    met = select(i.customer_id).where(i.channel == "meeting", i.moment >= datetime(2026, 9, 16, tzinfo=UTC))
    with office.app.read() as reader:
        met = {row.customer_id for row in reader.rows(met)}
    return [key for key in office.customers if key not in met][:100]


@pytest.mark.row("S4-04")
def test_a_hundred_assigned_sixty_four_visited_twenty_two_days_left_nine_at_risk(office, crm_statements):
    office.clock.set("2026-09-17T08:00+08:00")
    customers = unvisited(office)
    named = [part for key in customers for part in ("--customer", key)]
    to = [part for rep in REPS for part in ("--to", rep)]
    one = office.json("sales", "visit", "add", "The hundred", "--until", "2026-12-16", *named, *to, user="mei")
    assert (one["assigned"], one["visited"], one["days_left"]) == (100, 0, 90)

    # 68 days later: what was logged has counted by itself; calls and what was cancelled have not.
    begin = datetime.fromisoformat("2026-09-18T10:00+08:00")
    with office.at("2026-11-24T09:00+08:00", user="mei") as tx, crm_statements(office.app) as statements:
        for place, rep in enumerate(REPS):
            for number in range(MADE[rep]):
                key = customers[place + 5 * number]
                channel = "meeting" if number % 3 else "visit"
                tx.add(visited(office, rep, key, begin + timedelta(days=number * 4), channel))
        tx.add(visited(office, "zhao", customers[4 + 5 * 5], begin, "call"))
        tx.add(visited(office, "zhao", customers[4 + 5 * 6], begin, status="cancelled"))
        # Zhao has eleven appointments within the time that is left: these are no risk.
        for number in range(9, 20):
            key = customers[4 + 5 * number]
            tx.add(visited(office, "zhao", key, datetime.fromisoformat("2026-12-01T10:00+08:00"), "meeting"))
        tx.flush()
    assert sum("UPDATE sales_planned_visit" in one for one in statements) == 1

    office.clock.set("2026-11-24T10:00+08:00")
    found = office.json("sales", "visit", "show", "The hundred", user="mei")
    assert {name: found[name] for name in ("assigned", "visited", "days_left", "at_risk", "unvisited", "pool")} == {
        "assigned": 100, "visited": 64, "days_left": 22, "at_risk": 9, "unvisited": 36, "pool": 0,
    }  # fmt: skip
    told = {one["login"]: (one["visited"], one["planned"], one["reach"], one["at_risk"]) for one in found["reps"]}
    # 15 visits in 68 days reach 4 of the last 5 in 22; 4 visits would reach 1 of 16, but 11 are in the calendar.
    assert told == dict.fromkeys(REPS[:4], (15, 0, 4, 1)) | {"zhao": (4, 11, 11, 5)}
    assert len(found["risks"]) == 9
    shown = office.crm("sales", "visit", "show", "The hundred", user="mei").out
    assert "100 assigned, 64 visited, 22 days left, 9 at risk." in shown
    assert found["risks"][0]["customer"]["name"] in shown

    # One goes back by hand and is taken by another; the last day past, the rest returns by itself.
    office.crm("sales", "visit", "return", "The hundred", customers[4 + 5 * 7], user="zhao")
    office.crm("sales", "visit", "assign", "The hundred", customers[4 + 5 * 7], user="wang")
    office.crm("worker", "--once", user="ann")
    office.clock.set("2026-12-17T01:00+08:00")
    done = office.crm("worker", "--once", user="ann")
    assert "failed, and tried again: 0 and 0" in done.err
    over = office.json("sales", "visit", "show", "The hundred", user="mei")
    assert (over["over"], over["visited"], over["pool"], over["returned"]) == (True, 75, 25, 25)
    with office.app.read() as reader:
        left = reader.value(select(func.count()).where(visit.c.owner_id.is_not(None), visit.c.closed_at.is_(None)))
    assert left == 0
    assert "Over: 100 assigned, 75 visited, 25 returned" in office.crm("sales", "visit", "show", "The hundred").out
