"""S2-Q5: a deal stuck for 21 days: two plays that worked in at least 5 similar deals, with their success rates."""

from datetime import timedelta
from decimal import Decimal

import pytest
from crmcore_sales.tables import passage
from sqlalchemy import insert

from crmcore.api import Interaction

pytestmark = pytest.mark.row("S2-Q5")


def test_two_plays_that_worked_in_similar_deals_that_were_stuck(office):
    """Of each play: how many deals it was tried in, and how many of these moved on; nothing else passed with them."""
    for name, known in (
        ("Visit the plant", ("--channel", "visit", "--text", "Bring the engineer.")),
        ("Show a reference", ("--words", "reference, 参考")),
        ("Send a gift", ("--channel", "letter")),
        ("Call again", ("--channel", "fax")),
    ):
        office.crm("sales", "play", "add", name, *known, user="mei")
    history, made, place = office.clock.now - timedelta(days=300), [], 0

    def stuck(count, moved, interaction=None, after=35, amount=400_000):
        """Deals that came to `proposal` on a day, and moved on (to negotiation, or lost) 45 days after that."""
        nonlocal place
        for number in range(count):
            customer = office.customers[-1 - place]
            place += 1
            good = number < moved
            deal = {"customer_id": customer, "amount": Decimal(amount), "at": history}
            deal |= {"stage": "negotiation"} if good else {"stage": "lost", "closed": office.today}
            contact = office.staff[office.customers.index(customer)][0]
            made.append((deal, good, interaction, history + timedelta(days=after), contact))

    stuck(9, 7, {"channel": "visit", "subject": "at the plant"})  # 78%
    stuck(8, 5, {"channel": "email", "body": "sent the reference of Huaxin"})  # 63%
    stuck(20, 4, {"channel": "letter"})  # 20%, in 4 deals only
    stuck(12, 12, {"channel": "fax"}, after=5)  # before they were stuck: counts for nothing
    stuck(9, 9, {"channel": "fax"}, amount=9_000)  # small deals are not similar
    deals = office.deals(each for each, *_rest in made)
    stays, talks = [], []
    for deal, (given, good, interaction, at, contact) in zip(deals, made, strict=True):
        left = history + timedelta(days=45)
        stays.append((deal.id, "", "proposal", history, left))
        stays.append((deal.id, "proposal", "negotiation" if good else "lost", left, None))
        if interaction:
            party = {"customer_id": given["customer_id"], "contact_id": contact}
            talks.append(Interaction(**interaction, **party, at=at, created_at=at, user_id=office.users["wang"]))
    office.insert(*talks)
    ids = iter(range(10**9, 10**9 + len(stays)))
    with office.app.engine.begin() as connection:
        columns = ("opportunity_id", "origin", "stage", "entered_at", "left_at")
        connection.execute(insert(passage), [{"id": next(ids), **dict(zip(columns, s, strict=True))} for s in stays])

    entered = office.clock.now - timedelta(days=21)
    slow, quick = office.deals(
        {"title": title, "amount": Decimal(500_000), "stage": "proposal", "at": at, "customer_id": office.customers[0]}
        for title, at in (("Slow", entered), ("Quick", entered + timedelta(days=1)))
    )
    assert [(one["id"], one["days"]) for one in office.json("sales", "play", "stuck", "--owner", "wang")] == [
        (one.id, 21 if one is slow else 300) for one in [*(each for each in deals if each.status == "open"), slow]
    ]
    found = office.json("sales", "play", "advise", "Slow")
    assert (found["stage"], found["days"], found["stuck"]) == ("proposal", 21, 49)
    assert [(one["name"], one["worked"], one["n"], one["rate"]) for one in found["plays"]] == [
        ("Visit the plant", 7, 9, 0.7778), ("Show a reference", 5, 8, 0.625),
    ]  # fmt: skip
    assert found["plays"][0]["without"] == {"n": 40, "moved": 21}
    shown = office.crm("sales", "play", "advise", "Slow").out
    assert "78% (7/9)" in shown
    assert "52% (21/40)" in shown
    assert "Bring the engineer." in shown
    assert "Quick is not stuck: proposal for 20 days" in office.crm("sales", "play", "advise", quick.id, code=1).err
    everything = office.json("sales", "play", "advise", slow.id, "--least", 1, "--most", 9)["plays"]
    assert [one["name"] for one in everything] == ["Visit the plant", "Show a reference", "Send a gift"]
