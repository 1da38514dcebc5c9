"""S1-23: a campaign all round on one page: 92k of the 100k planned, 1,000 reached, 100 leads, 12 orders, 9 opt-outs."""

from datetime import UTC, datetime

import pytest
from crmcore_marketing.tables import message
from crmcore_marketing.web.messages import unsubscribe
from crmcore_sales.model.lead import Lead
from sqlalchemy import insert

from crmcore.mail import new_token

ORDERS = [30_000] * 11 + [50_000]


@pytest.mark.row("S1-23")
def test_a_campaign_is_seen_all_round_on_one_page(market, tmp_path):
    office = market.office
    crm, json = office.crm, office.json
    crm("marketing", "campaign", "add", "Autumn tour", "--code", "C7", "--type", "lecture", "--planned-cost", "100k",
        "--planned-reached", 1200, "--planned-leads", 80, "--planned-orders", 10, "--planned-revenue", "300k",
        "--from", "2026-09-01", "--to", "2026-09-30", "--product", "P40", "--outcome", "attendees=260")  # fmt: skip
    crm("marketing", "campaign", "split", "C7", "北京", "上海")
    for place, what, amount in (("C7-01", "halls", "42k"), ("C7-02", "halls", "38k"), ("C7", "print", "12k")):
        crm("marketing", "spend", "add", place, amount, "--for", what, "--on", "2026-09-01")
    for place, people in (("C7-01", office.contacts[:600]), ("C7-02", office.contacts[600:1000])):
        table = tmp_path / f"{place}.csv"
        table.write_text("contact\n" + "\n".join(map(str, people)) + "\nnobody@nowhere.example\n")
        taken = json("marketing", "member", "add", "--campaign", place, "--file", table, "--status", "sent", "--at",
                     "2026-09-02T10:00", "--channel", "email")  # fmt: skip
        assert (taken["added"], [one["line"] for one in taken["rejections"]]) == (len(people), [len(people) + 2])
    crm("marketing", "member", "move", "responded", *office.contacts[:140], "--campaign", "C7-01", "--at",
        "2026-09-05T10:00", "--channel", "email")  # fmt: skip
    office.insert(
        *(
            Lead(
                title="Anfrage", contact_id=person, customer_id=customer, received_at=datetime(2026, 9, 20, tzinfo=UTC)
            )
            for person, customer in zip(office.contacts[:100], office.customers, strict=False)
        )
    )
    for customer, amount in enumerate(ORDERS):
        market.won(customer=customer, on="2026-10-15", revenue=amount)
    market.won(customer=500, on="2026-10-15", revenue=77_000)  # who only got the mail: not ours
    market.open()
    shanghai = json("marketing", "campaign", "show", "C7-02")["id"]
    with office.at("2026-09-06T10:00+08:00", user="ann") as tx:
        opted = [
            {"id": tx.new_id(), "kind": "mailing", "campaign_id": shanghai,
             "contact_id": person, "customer_id": None, "address": "a@b.example", "purpose": "marketing",
             "status": "sent", "reason": "", "token": new_token(), "due_at": tx.now, "attempts": 1, "worker": "",
             "sent_at": tx.now, "details": {}}
            for person in office.contacts[700:709]
        ]  # fmt: skip
        tx.execute(insert(message), opted)
        for one in opted:
            assert unsubscribe(tx, one["token"], "link")

    told = json("marketing", "campaign", "page", "C7")
    assert (told["planned_cost"], told["cost"], told["currency"]) == ("100000.00", "92000.00", "CNY")
    assert (told["members"], told["reached"], told["responses"], told["opted_out"]) == (1000, 1000, 140, 9)
    assert (told["leads"], told["won"], told["revenue"]) == (100, 12, "380000.00")
    seen = told["overview"]
    assert {one["what"]: one["amount"] for one in seen["costs"]} == {"halls": "80000.00", "print": "12000.00"}
    assert {one["status"]: one["members"] for one in seen["states"]} == {"sent": 860, "responded": 140}
    assert [(one["code"], one["cost"], one["leads"]) for one in told["below"]] == [
        ("C7-01", "42000.00", 100), ("C7-02", "38000.00", 0),
    ]  # fmt: skip
    shown = json("marketing", "campaign", "show", "C7-01")
    assert (shown["members"], shown["leads"], shown["revenue"], shown["parent"]["name"]) == (
        600, 100, "380000.00", "C7 Autumn tour",
    )  # fmt: skip

    page = crm("marketing", "campaign", "page", "C7", COLUMNS="100").out
    for part in ("100,000", "92,000", "92%", "1,200", "1,000", "83%", "125%", "380,000", "attendees", "260"):
        assert part in page
    assert "opted out" in page
    for ending, beginning in (("pdf", b"%PDF"), ("xlsx", b"PK"), ("svg", b"<?xml"), ("csv", b"\xef\xbb\xbf")):
        file = tmp_path / f"page.{ending}"
        crm("marketing", "campaign", "page", "C7", "--out", file)
        assert file.read_bytes().startswith(beginning)
