"""S1-17: who is customer, supplier and partner registers a deal; it is protected, and who comes second is flagged."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from crmcore_sales.accounts.registering import register

from crmcore.api import User


@pytest.mark.row("S1-17")
def test_a_registered_deal_is_protected_for_ninety_days(office):
    one, other, end = office.customers[5], office.customers[6], office.customers[60]
    refused = office.crm("sales", "partner", "register", one, end, "Pumps for the new hall", user="mei", code=1).err
    assert "is no partner" in refused
    for role in ("supplier", "partner"):  # and a customer as before
        office.crm("customer", "role", one, "add", role, user="mei")
    office.crm("customer", "role", other, "add", "partner", user="mei")

    def deal(*arguments):
        return office.json("sales", "partner", "register", *arguments, user="mei")

    first = deal(one, end, "Pumps for the new hall", "--amount", "1.6M")
    until = office.today + timedelta(days=90)
    assert (first["status"], first["days_left"], first["protected_until"]) == ("protected", 90, until.isoformat())
    opened = office.json("sales", "opportunity", "show", first["opportunity_id"], user="mei")
    assert (opened["partner"]["id"], opened["customer"]["id"], opened["channel"]) == (one, end, "partner")
    assert (opened["amount"], opened["owner"]) == ("1600000.00", "wang")
    assert "registered already" in office.crm(
        "sales", "partner", "register", one, end, "Pumps for the new hall", user="mei", code=1
    ).err  # fmt: skip

    office.clock.advance(days=30)
    second = deal(other, end, "The same pumps", "--amount", "1.5M")
    assert (second["status"], second["rival_id"], second["opportunity_id"]) == ("conflict", first["id"], None)
    assert until.isoformat() in second["reason"]
    flagged = office.json("sales", "partner", "conflicts", user="mei")
    assert [(each["customer"]["id"], [who["partner"]["id"] for who in each["working"]]) for each in flagged] == [
        (end, [one, other])
    ]
    (task,) = office.json("task", "list", "--customer", end, user="wang")
    assert "conflict" in task["subject"]
    assert any(each["type"] == "sales.partner_conflict" for each in office.json("history", end, user="mei"))

    shown = office.crm("brief", end, user="mei", COLUMNS="160").out
    assert "Registered by partners" in shown
    assert [each["entity"] for each in office.json("brief", end, "--timeline", user="mei")["entries"]].count(
        "sales_registration"
    ) == 2  # fmt: skip

    kept = office.json("sales", "partner", "decide", second["id"], "refuse", "--reason", "They came later", user="mei")
    assert (kept["status"], kept["reason"]) == ("refused", "They came later")
    assert office.json("sales", "partner", "conflicts", user="mei") == []
    office.clock.advance(days=61)  # the protection is over, though the deal is still open: we work on it, are told so
    assert office.json("sales", "partner", "deals", "--status", "expired", user="mei")[0]["id"] == first["id"]
    office.crm("sales", "opportunity", "lose", first["opportunity_id"], "--reason", "price", user="mei")
    assert deal(other, end, "Pumps again")["status"] == "protected"
    listed = {row["id"]: row for row in office.json("sales", "partner", "list", user="mei")}
    assert (listed[one]["registered"], listed[one]["protected"], listed[one]["lost"]) == (1, 0, 1)
    assert (listed[other]["registered"], listed[other]["protected"], listed[other]["open"]) == (2, 1, 1)


@pytest.mark.row("S1-17")
def test_of_two_partners_who_register_at_the_same_moment_one_comes_first(office):
    partners = office.customers[5:7]
    for each in partners:
        office.crm("customer", "role", each, "add", "partner", user="mei")
    office.insert(User(login="pam", name="Pam", role="manager"), User(login="pat", name="Pat", role="manager"))
    actors = [office.app.actor(login) for login in ("pam", "pat")]

    def claim(place, end):
        with office.app.transaction(actors[place]) as tx:
            return register(tx, partner_id=partners[place], customer_id=end, title="Pumps", on=office.today).status

    with ThreadPoolExecutor(2) as pool:
        for end in office.customers[200:208]:
            found = sorted(pool.map(claim, (0, 1), (end, end)))
            assert found == ["conflict", "protected"]
