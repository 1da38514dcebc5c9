"""S1-V23: Model Z needs skill L3: 3 qualified, 1 free tomorrow within 20 km; first-fix 88%.

It is Tuesday, 24 November 2026 in Shanghai. Tom, Li Ming and Wu Gang can do Model Z at level 3; Tom is 10 km away and
free from 13:00, Li Ming is booked all day, Wu Gang is in Nanjing. Anna is at level 2, Zhou Jie's certificate expired.
"""

from datetime import UTC, datetime, timedelta

import pytest
from crmcore_service.model.order import Skill, Technician, Visit, WorkOrder
from crmcore_service.orders.choosing import Wanted, choose

from crmcore.api import Interaction, User

PEOPLE = {
    "tom": ("Tom Weber", "Suzhou", 3, None),
    "liming": ("李明", "Suzhou", 4, None),
    "wugang": ("吴刚", "Nanjing", 5, "2027-01-01"),
    "anna": ("Anna Berg", "Suzhou", 2, None),
    "zhoujie": ("周杰", "Suzhou", 3, "2026-11-01"),
}


@pytest.fixture
def people(office, tmp_path):
    """Five technicians, the places they come from, and what Tom did before: 25 first visits, of which 22 helped."""
    table = tmp_path / "places.csv"
    table.write_text(
        "城市,邮编,纬度,经度\nSuzhou,215000,31.2990,120.5853\n苏州工业园区,215021,31.3230,120.6890\n"
        "Nanjing,210000,32.0603,118.7969\n,,1,2\n,999999,95,2\n"
    )
    taken = office.json("service", "place", "import", table, user="sam")
    assert taken["added"] == 6
    assert [one["line"] for one in taken["problems"]] == [5, 6]
    for login, (name, base, level, until) in PEOPLE.items():
        office.crm("user", "add", login, "--name", name, "--role", "service", user="ann")
        office.crm("service", "technician", "add", login, "--base", base, "--radius", "60", user="ann")
        more = ("--until", until) if until else ()
        office.crm("service", "technician", "skill", login, f"Model Z={level}", *more, user="ann")
    users = {one["login"]: one["user_id"] for one in office.json("service", "technician", "list", user="sam")}
    done = datetime(2026, 6, 1, 2, tzinfo=UTC)
    numbers = iter(ids(office, 54))
    for place in range(26):
        model = "Model Z" if place < 25 else "Model A"  # another model says nothing of this one
        at = done + timedelta(days=place)
        order = WorkOrder(
            id=next(numbers), subject="Repair", opened_at=at, skill=model, status="done", closed_at=at,
            customer_id=office.customers[place],
        )  # fmt: skip
        fixed = place < 22
        visits = [
            Visit(id=next(numbers), work_order_id=order.id, starts_at=at, technician_id=users["tom"], fixed=fixed)
        ]
        if place == 24:  # the second visit to an order is no first one
            later = at + timedelta(days=1)
            visits.append(
                Visit(id=next(numbers), work_order_id=order.id, starts_at=later, technician_id=users["tom"], fixed=True)
            )
        office.insert(order, *visits)
    return users


def ids(office, count):
    with office.app.transaction(office.app.actor("ann"), cause="a test") as tx:
        return [tx.new_id() for _each in range(count)]


@pytest.mark.row("S1-V23")
def test_one_of_three_who_can_do_it_is_free_and_near(office, people):
    asset = office.json(
        "service", "asset", "add", "Robot", "--model", "Model Z", "--serial", "Z-1", "--customer", office.customers[3],
        "--place", "江苏省苏州市苏州工业园区 星湖街 328号", user="sam",
    )  # fmt: skip
    assert (asset["latitude"], asset["longitude"]) == (31.323, 120.689)
    order = office.json("service", "order", "add", "Joint 2 is loose", "--asset", "Z-1", "--level", "3", user="sam")
    assert (order["skill"], order["skill_level"], order["place"]) == ("Model Z", 3, asset["place"])
    busy = office.json("service", "order", "add", "Inspection", "--customer", office.customers[9], user="sam")["number"]
    plan = ("service", "order", "plan", busy, "--technician", "liming", "--at", "2026-11-25T08:00", "--minutes", "600")
    office.crm(*plan, user="sam")
    morning = datetime(2026, 11, 25, 1, tzinfo=UTC)
    [meeting] = ids(office, 1)
    office.insert(
        Interaction(id=meeting, channel="meeting", at=morning, created_at=morning, seconds=4 * 3600, subject="Training",
                    user_id=people["tom"])
    )  # fmt: skip

    said = (
        "service",
        "technician",
        "find",
        "--skill",
        "model z",
        "--level",
        "3",
        "--on",
        "2026-11-25",
        "--near",
        "215021",
    )
    found = office.json(*said, "--within", "20", user="mei")
    assert found["sentence"] == "Model Z needs skill L3: 3 qualified, 1 free tomorrow within 20 km; first-fix 88%"
    assert (found["qualified"], found["free"], round(found["first_fix"], 2)) == (3, 1, 0.88)
    tom, *others = found["candidates"]
    assert (tom["login"], tom["visits"], tom["fixed"], tom["km"]) == ("tom", 25, 22, 10.2)
    assert tom["starts_at"] == "2026-11-25T05:00:00+00:00"  # after the training, at 13:00 in Shanghai
    against = {one["login"]: one["against"] for one in others}
    assert against["liming"] == ["not free for 120 minutes"]
    assert against["wugang"] == ["197 km away, more than 20"]
    assert (against["anna"], against["zhoujie"]) == (["level 2"], ["expired on 2026-11-01"])

    told = office.crm("service", "order", "plan", order["number"], "--suggest", "--within", "20", user="sam").out
    assert "Model Z needs skill L3: 3 qualified, 1 free tomorrow within 20 km; first-fix 88%" in told
    clash = office.crm(
        "service", "order", "plan", order["number"], "--technician", "liming", "--at", "2026-11-25T10:00", user="sam",
        code=1,
    )  # fmt: skip
    assert f"liming is at {busy}" in clash.err
    refused = office.crm("service", "order", "plan", order["number"], "--technician", "sam", "--at", "9:00", code=1)
    assert "no technician" in refused.err
    office.crm(
        "service", "order", "plan", order["number"], "--technician", "tom", "--at", "2026-11-25T13:00", user="sam"
    )
    later = office.json(*said, "--within", "20", user="mei")["candidates"][0]
    assert later["login"] == "tom"  # and where he is after that appointment counts, not his base
    assert (later["starts_at"], later["km"]) == ("2026-11-25T07:00:00+00:00", 0.0)


def test_many_technicians_cost_as_many_statements_as_few(office, people, crm_statements):
    numbers = iter(ids(office, 900))
    day = datetime(2026, 11, 24, 2, tzinfo=UTC)
    users = [User(id=next(numbers), login=f"t{n}", role="service", created_at=day) for n in range(300)]
    office.insert(
        *users,
        *(Technician(id=next(numbers), user_id=one.id, base="Suzhou", latitude=31.3, longitude=120.6) for one in users),
        *(Skill(id=next(numbers), name="Pumps", level=3, user_id=one.id) for one in users),
    )
    counts = []
    for skill in ("Model Z", "Pumps"):
        with office.app.read(office.app.actor("mei")) as reader, crm_statements(office.app) as asked:
            found = choose(reader, Wanted(skill=skill, level=1, on=office.today + timedelta(days=1)))
        counts.append((len(found.candidates), len(asked)))
    assert counts == [(5, 7), (300, 7)]
