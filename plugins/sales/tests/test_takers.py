"""Sales takes over what others hand over: leads, which become opportunities and quotes with nothing typed again."""

from datetime import date
from decimal import Decimal

from crmcore.api import Answered, Prospect, Sum
from crmcore.testing.statements import Statements


def reads(said):
    """Return how many statements read; ids are drawn in growing blocks."""
    return sum(each.startswith("SELECT") and "crm_id" not in each for each in said)


def test_prospects_become_leads_and_a_trail_leads_from_any_of_them_to_all(office):
    office.crm("sales", "product", "add", "RT-100", "Rotary pump", "--price", "8000", user="ann")
    people = [office.staff[place][0] for place in range(100)]
    given = [
        Prospect(
            title="" if place else "Two hundred pumps",
            contact_id=person,
            amount=Decimal(1_600_000),
            product="RT-100" if place != 1 else "something that pumps",
            quantity=Decimal(200),
            need_by=date(2027, 1, 15),
            campaign="C7",
            lead_source="campaign",
            note="asked for prices",
            origin=("contact", person),
        )
        for place, person in enumerate(people)
    ]
    with office.at("2026-11-24T09:00+08:00", user="ann") as tx, Statements(office.app) as said:
        one = tx.hand_over(given[:1])
        before = reads(said)
        taken = [*one, *tx.hand_over(given[1:])]
        assert reads(said) - before <= before  # for 99 as for one
    assert {entity for entity, _id in taken} == {"sales_lead"}
    leads = office.json("sales", "lead", "list", "--pool", "--campaign", "C7", "--limit", 200)
    assert len(leads) == 100
    by_id = {each["id"]: each for each in leads}
    first, second = (by_id[key] for _entity, key in taken[:2])
    assert (first["title"], first["customer"]["id"], first["currency"], first["lead_source"]) == (
        "Two hundred pumps", office.customers[0], "CNY", "campaign",
    )  # fmt: skip
    assert second["title"].startswith("Interest of ")
    assert first["wanted"] == {"product": "RT-100", "quantity": "200", "need_by": "2027-01-15"}
    assert "RT-100 · 200 · 2027-01-15" in office.crm("sales", "lead", "show", first["id"]).out
    deal = office.json("sales", "lead", "accept", first["id"])
    assert (deal["need_by"], Decimal(deal["amount"]), deal["campaign"]) == ("2027-01-15", Decimal(1_600_000), "C7")
    assert [(each["product"]["code"], Decimal(each["quantity"])) for each in deal["lines"]] == [
        ("RT-100", Decimal(200))
    ]
    words = office.json("sales", "lead", "accept", second["id"])
    assert [each["text"] for each in words["lines"]] == ["something that pumps"]
    quote = office.json("sales", "quote", "add", deal["id"])
    revised = office.json("sales", "quote", "revise", quote["id"], "200 RT-100 @7900")
    whole = [
        ("contact", people[0]), ("lead", first["id"]), ("opportunity", deal["id"]), ("quote", quote["id"]),
        ("quote", revised["id"]),
    ]  # fmt: skip
    for name, key in whole:
        found = office.json("trail", name, key)["trail"]
        assert [(each["name"], each["id"]) for each in found] == whole
        assert [each["step"] for each in found if not each["step"]] == [0]
    assert [each["state"] for each in office.json("trail", "lead", first["id"])["trail"]][1:3] == [
        "qualified", "qualification"
    ]  # fmt: skip
    hidden = office.crm("trail", "sales_quote", quote["id"], user="sam")
    assert "Two hundred pumps" in hidden.out


def test_others_fill_in_a_lead(office):
    values = {"title": "换泵", "product": "RT-100", "quantity": Decimal(2), "amount": Sum(value=Decimal(9000))}
    with office.at("2026-11-24T09:00+08:00", user="sam") as tx:
        kept = tx.fill_in("sales.lead", [
            Answered(contact_id=one, at=tx.now, values=values, about="C7", origin=("contact", one))
            for one in office.contacts[:2]
        ])  # fmt: skip
    leads = office.json("sales", "lead", "list", "--pool", "--campaign", "C7")
    assert {each["id"] for each in leads} == {one.id for one in kept}
    assert (kept[0].entity, kept[0].sentence) == ("sales_lead", f"lead {kept[0].id}")
    assert {(each["title"], Decimal(each["amount"]), each["wanted"]["quantity"]) for each in leads} == {
        ("换泵", Decimal(9000), "2")
    }
    assert [each["id"] for each in office.json("trail", "contact", office.contacts[0])["trail"]][-1] == kept[0].id
