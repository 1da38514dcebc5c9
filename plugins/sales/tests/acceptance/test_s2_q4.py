"""S2-Q4: less admin: the weekly report is written from events, 0 lines typed; 43 of 50 approvals pass automatically."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from crmcore_sales.model.lead import Lead
from crmcore_sales.model.opportunity import Opportunity
from crmcore_sales.model.product import Price, Product
from crmcore_sales.quoting.lines import said
from crmcore_sales.quoting.making import make
from crmcore_sales.quoting.sending import send
from sqlalchemy import select

from crmcore.api import Task, tables

pytestmark = pytest.mark.row("S2-Q4")

MONDAY = datetime(2026, 11, 15, 16, tzinfo=UTC)  # midnight in Shanghai


def test_the_week_is_told_from_what_is_recorded_and_43_of_50_discounts_need_nobody(office, tmp_path):
    product = Product(code="P-1", name="Pump", created_at=MONDAY, updated_at=MONDAY)
    office.insert(product)
    office.insert(Price(product_id=product.id, unit_price=Decimal(1000), valid_from=date(2026, 1, 1)))
    wang = office.users["wang"]
    before = {"at": MONDAY - timedelta(days=9)}
    deal = office.deals(
        [
            {"title": "Mill", "amount": Decimal(400_000), **before},
            {"title": "Tunnel", "amount": Decimal(50_000), "need_by": date(2026, 11, 25), **before},
        ]
    )[0]
    office.insert(Lead(title="Fair 12", owner_id=wang, received_at=MONDAY + timedelta(hours=20), status="new"))
    with office.at("2026-11-18T09:00+08:00") as tx:
        tx.get(Opportunity, deal.id).stage = "proposal"
        tx.add(Task(subject="send the drawing", kind="promise", owner_id=wang, due=date(2026, 11, 18)))
    with office.at("2026-11-19T09:00+08:00") as tx:
        won = tx.get(Opportunity, deal.id)
        won.stage, won.reason = "won", "quality"
        task = tx.load(Task, tables.task.c.subject == "send the drawing")[0]
        task.status, task.closed_at = "done", tx.now
    office.clock.set("2026-11-20T15:00+08:00")
    with office.at(office.clock.now) as tx:
        for customer in office.customers[:40]:
            send(tx, make(tx, customer_id=customer, typed=said(tx, ["2 P-1 @-4%"])))
    for number in range(40, 50):
        discount = "-4%" if number < 43 else "-9%"
        office.crm("sales", "quote", "add", office.customers[number], f"2 P-1 @{discount}", "--customer", "--send")

    office.clock.set("2026-11-23T09:00+08:00")
    typed = ("sales", "weekly", "--week", "2026-W47")
    told = office.json(*typed)["told"]
    assert (told["approvals"]["count"], told["approvals"]["which"]) == (50, ["43 allowed at once, inside the limit"])
    c = tables.interaction.c
    with office.app.read() as reader:
        spoken = reader.rows(
            select(c.channel, c.customer_id).where(
                c.user_id == wang, c.moment >= MONDAY, c.moment < MONDAY + timedelta(days=7)
            )
        )
    channels = Counter(row.channel for row in spoken)
    assert told["interactions"]["count"] == len(spoken) > 20
    assert told["interactions"]["which"] == [f"{channels[name]} {name}" for name in sorted(channels)]
    assert told["customers"]["count"] == len({row.customer_id for row in spoken})
    assert {key: one["count"] for key, one in told.items() if key not in ("interactions", "customers", "due")} == {
        "leads_received": 1, "leads_contacted": 0, "opened": 0, "moved": 2, "won": 1, "lost": 0, "needed": 1,
        "quotes": 43, "approvals": 50, "done": 1, "kept": 1,
    }  # fmt: skip
    assert told["won"] == {"count": 1, "amount": "400000.00", "which": ["Mill"]}
    assert told["needed"] == {"count": 1, "amount": "50000.00", "which": ["Tunnel"]}
    assert told["moved"]["which"] == ["Mill: qualification → proposal", "Mill: proposal → won"]
    assert told["kept"]["which"] == ["send the drawing"]
    assert Decimal(told["quotes"]["amount"]) == 43 * 2 * 960

    shown = office.crm(*typed).out
    assert "2026-W47 of wang: 2026-11-16 to 2026-11-22" in shown
    assert "43 allowed at once, inside the limit" in shown
    office.crm(*typed, "--out", tmp_path / "week.pdf")
    assert (tmp_path / "week.pdf").read_bytes().startswith(b"%PDF")
    team = office.json("sales", "weekly", "--team", "north", "--week", "2026-11-18", user="mei")["told"]
    assert team["interactions"]["count"] > told["interactions"]["count"]
    assert "is not a week" in office.crm("sales", "weekly", "--week", "soon", code=1).err
