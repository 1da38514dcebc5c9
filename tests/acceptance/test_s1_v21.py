"""S1-V21: three reps contacted one customer; 7 promises in the ledger, 2 of which conflict and are flagged."""

import json
from collections.abc import Callable

import pytest
from click.testing import Result

from crmcore.app import App
from crmcore.model.party import Contact, Customer, Position
from crmcore.model.user import User

SAID = [
    ("tom", "2026-11-16", "Called Li Wei, promised delivery within 2 weeks"),
    ("tom", "2026-11-16", "Met Li Wei, I promised him a 5% discount on the routers"),
    ("mia", "2026-11-17", "Li Wei 15 min call. We will send the contract by Friday"),
    ("mia", "2026-11-18", "Visited Li Wei, promised delivery in 4 weeks"),
    ("jon", "2026-11-18", "Mailed Li Wei, we will call back on Monday"),
    ("jon", "2026-11-19", "李伟来电，我们答应免费安装"),
    ("jon", "2026-11-19", "Spoke to Li Wei, we will send the brochure by 2026-11-25"),
]
EXPECTED = [  # who, topic, amount, unit, due
    ("tom", "delivery", "2", "week", "2026-11-30"),
    ("tom", "discount", "5", "percent", None),
    ("mia", "document", None, "", "2026-11-20"),
    ("mia", "delivery", "4", "week", "2026-12-16"),
    ("jon", "call", None, "", "2026-11-23"),
    ("jon", "installation", "0", "free", None),
    ("jon", "document", None, "", "2026-11-25"),
]


@pytest.mark.row("S1-V21")
def test_seven_promises_by_three_reps_and_the_two_that_cannot_both_hold(app: App, crm: Callable[..., Result]) -> None:
    with app.transaction() as tx:
        for login in ("tom", "mia", "jon"):
            tx.add(User(login=login, name=login.title()))
        acme = tx.add(Customer(name="Acme Routers"))
        li = tx.add(Contact(name="Li Wei"))
        tx.add(Position(contact_id=li.id, customer_id=acme.id))
    for login, day, line in SAID:
        crm("log", line, CRM_USER=login, CRM_NOW=f"{day}T11:00+08:00")

    ledger = json.loads(crm("promise", "list", "--customer", "Acme Routers", "--json").stdout)
    by_sentence = {one["sentence"]: one for one in ledger}
    assert len(ledger) == 7
    found = []
    for login, day, line in SAID:
        one = next(each for sentence, each in by_sentence.items() if sentence in line)
        assert (one["to"], one["customer"], one["by"], one["made_at"][:10]) == ("Li Wei", "Acme Routers", "us", day)
        assert one["who"] == login.title()
        found.append((login, one["topic"], one["amount"], one["unit"], one["due"]))
    assert found == EXPECTED

    flagged = [one for one in ledger if any("week" in reason for reason in one["conflicts"])]
    assert [(one["who"], one["amount"], one["unit"]) for one in flagged] == [("Tom", "2", "week"), ("Mia", "4", "week")]
    for one in flagged:
        assert "Tom promised 2 week" in one["conflicts"][0]
        assert "Mia promised 4 week" in one["conflicts"][0]
    assert [one["id"] for one in ledger if one["conflicts"]] == [one["id"] for one in flagged]

    shown = crm("promise", "list", "--customer", "Acme Routers", COLUMNS="160")
    assert shown.stdout.count("⚠") == 2
    assert "Mia promised 4 week" in shown.stderr
    assert "Mia promised 4 week" in crm("brief", "Acme Routers", COLUMNS="160").stdout
