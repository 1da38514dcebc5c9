"""Marketing's form as others fill it in, such as a script on the telephone: now, later, none, and what it knows."""

from datetime import date, timedelta
from decimal import Decimal

from crmcore.api import Answered, Sum, answers_known, answers_said, form_named, here
from crmcore.testing.statements import Statements

TODAY = date(2026, 11, 24)


def test_answers_of_others_are_qualifications_of_their_campaign_and_handed_over(office_with_sales):
    office = office_with_sales
    office.crm("marketing", "campaign", "add", "Pump lecture", "--code", "L7", user="ann")
    one, two, three, four = office.contacts[:4]
    with office.at("2026-11-24T10:00+08:00", user="ann") as tx:
        form = form_named(tx, "marketing.qualification")

        def answered(person, **texts):
            values = answers_said(form.questions, texts, here(tx))
            return Answered(contact_id=person, at=tx.now, values=values, about="L7", origin=("contact", person),
                            user_id=office.users["wang"])  # fmt: skip

        kept = tx.fill_in(form.name, [
            answered(one, need="换泵", product="RT-100", quantity="两百", need_by="2027-01-15", budget="160万"),
            answered(two, need="a second line", need_by="2027-06-30"),
            answered(three, need="whatever was typed before", none="yes"),
            answered(four, need="pumps", need_by="2026-11-01"),
        ])  # fmt: skip
    lead = office.json("sales", "lead", "list", "--pool", "--campaign", "L7", user="wang")
    assert [each["title"] for each in lead] == ["换泵"]
    assert [(each.result, each.sentence) for each in kept] == [
        ("now", f"now: lead {lead[0]['id']}"),
        ("later", f"later: asked again on {date(2027, 6, 30) - timedelta(days=92)}"),
        ("none", "needs nothing"),
        ("", ""),
    ]
    assert kept[3].problem == "need by 2026-11-01 is over on 2026-11-24."
    told = office.json("marketing", "qualification", "list", "--campaign", "L7", user="ann")
    assert {(each["contact"]["id"], each["agent"], each["result"]) for each in told} == {
        (one, "wang", "now"), (two, "wang", "later"), (three, "wang", "none")
    }  # fmt: skip
    assert [each["name"] for each in office.json("trail", "contact", one)["trail"]][:2] == ["contact", "qualification"]
    with office.app.read() as reader:
        assert answers_known(reader, form, [one, two, three, four]) == {
            one: {"need": "换泵", "product": "RT-100", "quantity": Decimal(200), "need_by": date(2027, 1, 15),
                  "budget": Sum(value=Decimal(1_600_000), currency="CNY")},
            two: {"need": "a second line", "need_by": date(2027, 6, 30), "again_on": date(2027, 3, 30)},
        }  # fmt: skip

    # Who is in hand is told so; what is about no campaign of ours is kept without one; alone nobody goes on with it.
    with office.at("2026-11-24T11:00+08:00", user="ann") as tx:
        (again,) = tx.fill_in(form.name, [answered(one, need="换泵", need_by="2027-01-15")])
    assert again.sentence == "now: in hand already"
    office.crm("plugin", "disable", "sales", user="ann")
    with office.app.transaction(office.app.actor("ann"), cause="a test") as tx:
        strange = Answered(
            contact_id=four, at=tx.now, values={"product": "x", "need_by": TODAY}, about="a list of ours"
        )
        (alone,) = tx.fill_in(form.name, [strange])
    assert (alone.result, alone.sentence) == ("now", "now: nobody goes on with it yet")


def test_a_thousand_forms_are_as_many_statements_as_ten(office_with_sales):
    office = office_with_sales
    office.crm("marketing", "campaign", "add", "Lecture", "--code", "L1", user="ann")

    def reads(people):
        values = {"need": "pumps", "need_by": TODAY + timedelta(days=30)}
        with office.at("2026-11-24T11:00+08:00", user="ann") as tx, Statements(office.app) as said:
            tx.fill_in("marketing.qualification", [
                Answered(contact_id=one, at=tx.now, values=values, about="L1") for one in people
            ])  # fmt: skip
        return sum(each.startswith(("SELECT", "WITH")) and "crm_id" not in each for each in said)

    few = reads(office.contacts[:10])
    assert reads(office.contacts[100:1_100]) <= few + 2
