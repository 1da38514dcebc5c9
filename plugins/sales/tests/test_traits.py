"""What selections may ask of deals, quotes, leads and accounts, beside sums made by hand."""

from collections import Counter, defaultdict
from datetime import timedelta
from decimal import Decimal

from crmcore_sales.model.account import Account
from crmcore_sales.model.lead import Lead
from crmcore_sales.model.product import Rate
from crmcore_sales.model.quote import Quote

from crmcore.api import askable, selection


def test_selections_ask_of_sales(office):
    today, customers = office.today, office.customers
    office.insert(
        Rate(currency="USD", day=today - timedelta(days=900), rate=Decimal(7)),
        *(
            Account(customer_id=one, tier="key" if n % 2 else "mass", region="North")
            for n, one in enumerate(customers[:9])
        ),
    )
    deals = office.deals(
        {
            "customer_id": customers[n % 50], "stage": ("won", "lost", "needs")[n % 3],
            "amount": Decimal(1000 + 37 * n),
            "currency": "USD" if n % 4 == 0 else "CNY", "rate": Decimal("6.5") if n % 4 == 0 else Decimal(1),
            **({"closed": today - timedelta(days=n)} if n % 3 < 2 else {}),
        }
        for n in range(400)
    )  # fmt: skip
    now = office.clock.now
    offered = {"contact_id": office.contacts[0], "amount": Decimal(5), "created_at": now, "updated_at": now}
    office.insert(
        Quote(number="Q1", customer_id=customers[0], status="open", sent_at=now, **offered),
        Quote(number="Q2", customer_id=customers[1], status="open", valid_until=today - timedelta(days=1), **offered),
        Quote(number="Q3", customer_id=customers[2], status="draft", **offered),
        *(Lead(title="Asks", contact_id=office.contacts[7], received_at=now, created_at=now) for _twice in range(2)),
        Lead(title="Asked", contact_id=office.contacts[8], received_at=now, closed_at=now, created_at=now),
    )
    won, ahead = defaultdict(Decimal), defaultdict(Decimal)
    last, counts = {}, {"won": Counter(), "lost": Counter(), "open": Counter()}
    for one in deals:
        key = one.customer_id
        counts[one.status][key] += 1
        if one.status == "won":
            won[key] += one.amount * one.rate
            last[key] = max(one.closed_on, last.get(key, one.closed_on))
        elif one.status == "open":
            ahead[key] += one.amount * (7 if one.currency == "USD" else 1)
    limit = sorted(won.values())[len(won) // 2]
    expected = {
        f"sales.won_amount >= {limit}": {key for key, worth in won.items() if worth >= limit},
        "sales.won_amount == 0 && sales.open_amount > 0": {key for key in ahead if key not in won},
        "sales.open_amount > 20000": {key for key, worth in ahead.items() if worth > 20_000},
        "sales.won_deals > 2": {key for key, number in counts["won"].items() if number > 2},
        "sales.lost_deals == sales.open_opportunities && sales.lost_deals > 0": {
            key for key in customers[:50] if counts["lost"][key] == counts["open"][key] > 0
        },
        "days_since(sales.last_won) < 60": {key for key, day in last.items() if (today - day).days < 60},
        "sales.has_quote": {customers[0]},
        "has(sales.last_quote)": {customers[0]},
        "sales.tier == 'key' && sales.region == 'North'": set(customers[1:9:2]),
    }
    with office.app.read() as reader:
        for expression, those in expected.items():
            found = {row.id for row in reader.rows(selection(reader, expression, "customer").statement)}
            assert found == those, expression
            people = {row.id for row in reader.rows(selection(reader, expression).statement)}
            assert people == {one for key in those for one in office.staff[customers.index(key)]}, expression
        busy = reader.rows(selection(reader, "sales.open_leads > 1").statement)
        assert [row.id for row in busy] == [office.contacts[7]]
        names = [one.name for one in askable(reader) if one.name.startswith("sales.")]
        for name in names:
            reader.rows(selection(reader, f"{name} != null").statement.limit(1))
    assert len(names) == 11
