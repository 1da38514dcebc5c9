"""What people want to buy, by product line: Li routers 0.7, switches 0.2, from clicks, a question and a quote; 340."""

from datetime import timedelta

import pytest
from crmcore_marketing.campaigns.touching import Touch, touch


@pytest.mark.row("S1-V11")
def test_interest_by_line_comes_from_clicks_questions_and_quotes(office_with_sales):
    office = office_with_sales
    for code, family in (("RT-9", "Routers"), ("RT-1", "Routers"), ("SW-24", "Switches")):
        office.crm("sales", "product", "add", code, f"{family} {code}", "--family", family, user="ann")
    office.crm("marketing", "campaign", "add", "Spring", "--code", "C7", user="ann")
    campaign = office.json("marketing", "campaign", "show", "C7", user="ann")["id"]
    office.crm("contact", "edit", office.contacts[0], "--name", "Li Wei")
    li, interested, others = office.contacts[0], office.contacts[1:340], office.contacts[340:600]

    def met(contact, kind, product, ago=10):
        at = office.clock.now - timedelta(days=ago)
        return Touch(campaign_id=campaign, contact_id=contact, kind=kind, at=at, product=product)

    with office.at(office.clock.now, user="ann") as tx:
        touch(
            tx,
            [
                met(li, "click", "RT-9"), met(li, "click", "routers", 90), met(li, "form", "Routers", 30),
                met(li, "click", "SW-24"), met(li, "visit", "switches"),
                met(li, "click", "RT-9", 400), met(li, "sent", "SW-24"), met(li, "click", ""),  # old, ours, of nothing
                *(met(one, "click", "routers") for one in interested for _twice in range(2)),
                *(met(one, "form", "switches") for one in others),
                *(met(one, "click", "routers") for one in others),
            ],
        )  # fmt: skip
    office.crm(
        "sales", "quote", "add", "--customer", office.customers[0], "--contact", li, "2 RT-9 @800", "1 RT-1 @500"
    )  # fmt: skip

    told = office.json("marketing", "interest", "show", "Li Wei")
    assert told["contact"]["id"] == li
    assert [(one["line"], one["interest"], one["signals"]) for one in told["interests"]] == [
        ("routers", 0.7, {"click": 2, "question": 1, "quote": 1}), ("switches", 0.2, {"click": 2})
    ]  # fmt: skip
    shown = office.crm("marketing", "interest", "show", li).out
    assert "click 2, question 1, quote 1" in shown

    office.crm("marketing", "audience", "add", "Routers", 'marketing.interest("routers") >= 0.5')
    audience = office.json("marketing", "audience", "show", "Routers")
    assert audience["chosen"] == 340
    listed = office.json("marketing", "interest", "list", "ROUTERS", "--limit", 1_000)
    assert [one["contact_id"] for one in listed] == [li, *interested]
    assert office.json("marketing", "interest", "list") == [
        {"line": "routers", "people": 600, "interested": 340}, {"line": "switches", "people": 261, "interested": 260}
    ]  # fmt: skip
    both = 'marketing.interest("routers") >= 0.7 && marketing.interest("switches") >= 0.2'
    assert office.json("marketing", "audience", "try", both)["chosen"] == 1
    nothing = f'marketing.interest("nothing") == 0 && contact.id < {office.contacts[5]}'
    assert office.json("marketing", "audience", "try", nothing)["chosen"] == 5
