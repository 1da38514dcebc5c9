"""Whose number rings: in whatever form it was typed, with reasons, and never a guess taken for certain."""

import pytest
from crmcore_callcenter.recognising.numbers import agreed, whose

from crmcore.api import Contact, ContactPoint, Customer, Interaction, point_key
from crmcore.testing.statements import Statements


def asked(office, *numbers, user="wang"):
    """Return the matches of numbers as a telephone system writes them, in their order."""
    normals = [point_key("phone", each, "CN") for each in numbers]
    with office.app.read(office.app.actor(user)) as reader:
        found = whose(reader, normals)
    return [found[normal] for normal in normals]


def has(contact_id, number, **given):
    """Return a number of somebody's, as it is typed at the desk."""
    return ContactPoint(
        contact_id=contact_id, kind=given.pop("kind", "phone"), value=number,
        normal=point_key("phone", number, "CN"), **given,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "rings"),
    [
        ("138 0013 8001", ["+86 138 0013 8001", "0086 138-0013-8001", "013800138001", "8613800138001", "13800138001"]),
        ("(021) 5555-0101 ext 3", ["(021) 5555-0101 ext 3", "021-55550101转3", "+86 21 5555 0101 x3"]),
    ],
)
def test_a_number_is_known_in_every_form(office, typed, rings):
    """pains-and-firsts.md 15: numbers in five formats never match."""
    contact = office.contacts[7]
    with office.at("2026-11-24T09:00+08:00", user="ann") as tx:
        tx.add(has(contact, typed, label="mobile"))
    for found in asked(office, *rings):
        assert [(one.contact_id, one.certain) for one in found] == [(contact, True)]


def test_a_switchboard_is_its_company_s_and_of_those_behind_it(office):
    customer, staff = office.customers[5], office.staff[5]
    with office.at("2026-11-24T09:00+08:00", user="ann") as tx:
        tx.add(ContactPoint(customer_id=customer, kind="phone", value="021-5555 0101", normal="+862155550101"))
        tx.add(has(staff[1], "021-5555 0101 ext 3", label="work"))
    (switchboard, line) = asked(office, "02155550101", "+86 21 5555 0101 ext 3")
    assert [(one.contact_id, one.customer_id, one.certain) for one in switchboard] == [
        (None, customer, False), (staff[1], customer, False),
    ]  # fmt: skip
    assert switchboard[0].why.startswith(f"the company's switchboard number, {len(staff)} people")
    assert switchboard[1].why.startswith("extension 3 of this number")
    assert agreed(switchboard) == (None, customer)
    assert [one.contact_id for one in line] == [staff[1], None]
    assert agreed(line) == (None, customer)


def test_a_direct_line_is_its_house_s_where_the_numbering_plan_says_so(office):
    """Germany: 030 1234567-0 has all that begin with 030 1234567; in China 5555 0123 need not be 5555 0100's."""
    with office.at("2026-11-24T09:00+08:00", user="ann") as tx:
        for place, number in ((3, "+4930 1234567-0"), (4, "+86 21 5555 0100")):
            normal = point_key("phone", number, "CN")
            tx.add(ContactPoint(customer_id=office.customers[place], kind="phone", value=number, normal=normal))
    found = asked(office, "+49 30 1234567-42", "+49 30 1234568-42", "+86 21 5555 0123")
    assert [[one.customer_id for one in each] for each in found] == [[office.customers[3]], [], []]
    assert found[0][0].why.startswith("a line of the company, whose switchboard is +493012345670")


def test_who_shares_a_number_is_told_and_who_called_last_comes_first(office):
    first, second = office.contacts[10], office.contacts[11]
    with office.at("2026-11-24T09:00+08:00", user="ann") as tx:
        for contact in (first, second):
            tx.add(has(contact, "+86 139 0000 0001", label="mobile"))
    office.insert(
        Interaction(
            channel="call", direction="in", at=office.clock.now, zone="Asia/Shanghai", contact_id=second, subject="价格"
        )
    )
    (found,) = asked(office, "13900000001")
    assert [one.contact_id for one in found] == [second, first]
    name = office.json("contact", "show", first)["name"]
    assert found[0].why == f"their mobile number; shared with {name}; called last on 2026-11-24"
    assert not any(one.certain for one in found)
    assert agreed(found) == (None, None)


def test_what_is_marked_is_not_certain_and_what_is_hidden_matches_nobody(office):
    marked, private = office.contacts[20], Contact(name="Private Person", private=True)
    private.owner_id = office.users["liu"]
    with office.at("2026-11-24T09:00+08:00", user="ann") as tx:
        tx.add(has(marked, "+86 139 0000 0002", status="stale"))
    with office.at("2026-11-24T09:00+08:00", user="liu") as tx:
        tx.add(private)
        tx.add(has(private.id, "+86 139 0000 0003"))
    stale, hidden = asked(office, "13900000002", "13900000003")
    assert [(one.contact_id, one.certain) for one in stale] == [(marked, False)]
    assert "marked as stale" in stale[0].why
    assert agreed(stale) == (None, None)
    assert hidden == []
    (own,) = asked(office, "13900000003", user="liu")
    assert [(one.contact_id, one.certain) for one in own] == [(private.id, True)]


def test_a_customer_who_is_one_person_is_one_match(office):
    with office.at("2026-11-24T09:00+08:00", user="ann") as tx:
        one = tx.add(Customer(name="Chen Hao", kind="individual"))
        tx.add(ContactPoint(customer_id=one.id, kind="phone", value="13900000004", normal="+8613900000004"))
    (found,) = asked(office, "13900000004")
    assert [(each.contact_id, each.customer, each.why, each.certain) for each in found] == [
        (None, "Chen Hao", "the customer's number", True)
    ]


def test_withheld_and_internal_numbers_are_nobody_s(office):
    with office.at("2026-11-24T09:00+08:00", user="ann") as tx:
        tx.add(has(office.contacts[7], "201"))
    for found in asked(office, "anonymous", "201", "12"):
        assert found == []


def test_a_thousand_callers_are_one_statement(office):
    normals = [f"+86138{place:08}" for place in range(1_000)]
    with office.app.read(office.app.actor("wang")) as reader:
        whose(reader, normals[:1])  # which asks once whether anybody is private
        with Statements(office.app) as statements:
            found = whose(reader, normals)
    assert len(statements) == 1
    assert [found[normal][0].contact_id for normal in normals] == office.contacts[:1_000]
    assert all(found[normal][0].certain for normal in normals)
