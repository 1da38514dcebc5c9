"""S0-14: Zhang leaves: 42 accounts, 11 deals, 8 promises and 130 notes find two successors, with a brief of each."""

from collections import Counter

import pytest
from crmcore_sales.model.account import Account
from crmcore_sales.tables import account, lead, opportunity, quote
from sqlalchemy import func, or_, select

from crmcore.api import Contact, Customer, Interaction, Position, Task, User, tables


@pytest.fixture
def leaving(office):
    """Zhou, a rep with 42 accounts of two groups and alone, two private to him; 11 deals, 8 promises, 130 notes."""
    zhou = User(login="zhou", name="Zhou", role="rep", team="south")
    office.insert(zhou)
    office.users["zhou"] = zhou.id
    accounts = [Customer(name=f"Account {place:02}", owner_id=zhou.id, private=place > 39) for place in range(42)]
    office.insert(*accounts)
    with office.at("2026-11-01T09:00+08:00", user="ann") as tx:
        for one in accounts[1:4]:
            tx.get(Customer, one.id).parent_id = accounts[0].id
        tx.add(Account(customer_id=office.customers[0], sponsor_id=zhou.id))
    people = [Contact(name=f"Person {place:02}", owner_id=zhou.id) for place in range(42)]
    office.insert(*people)
    office.insert(
        *(Position(contact_id=who.id, customer_id=one.id) for who, one in zip(people, accounts, strict=True)),
        *(
            Task(subject=f"promise {place}", kind="promise", owner_id=zhou.id, customer_id=accounts[place].id)
            for place in range(7)
        ),
        Task(subject="promise to a person", kind="promise", owner_id=zhou.id, contact_id=people[30].id),
        *(
            Interaction(channel="note", subject=f"note {place}", body=f"What I know, part {place}.", user_id=zhou.id,
                        at=office.clock.now, customer_id=accounts[place % 40].id, contact_id=people[place % 40].id)
            for place in range(130)
        ),
    )  # fmt: skip
    office.deals({"owner": "zhou", "customer_id": accounts[place].id, "amount": 1000} for place in range(11))
    office.deals([{"owner": "zhou", "stage": "won", "customer_id": accounts[20].id, "closed": office.today}])
    return zhou, accounts, people


@pytest.mark.row("S0-14")
def test_everything_of_a_rep_who_leaves_goes_to_two_successors(office, leaving, tmp_path):
    zhou, accounts, people = leaving
    briefs = tmp_path / "briefs"
    handover = ("sales", "handover", "zhou", "--to", "chen", "--to", "sun")
    assert "Only an administrator" in office.crm(*handover, "--briefs", briefs, user="mei", code=1).err
    assert list(briefs.iterdir()) == []  # nothing happened
    planned = office.json(*handover, "--dry-run", user="ann")
    assert len(planned) == 40  # two are private to him

    done = office.json(*handover, "--briefs", briefs, "--give", "Account 39=sun", user="ann")

    assert done["owned"] == {"customer": 42, "contact": 42, "task": 8, "sales_opportunity": 11}
    assert (done["notes"], done["orphans"], done["unseen"]) == (130, 0, 2)
    by = {login: Counter() for login in ("chen", "sun")}
    for one in done["accounts"]:
        by[one["successor"]].update(accounts=1, deals=one["deals"], notes=one["notes"])
    assert abs(by["chen"]["accounts"] - by["sun"]["accounts"]) <= 4
    assert {by["chen"]["deals"], by["sun"]["deals"]} == {5, 6}
    assert sum(each["deals"] for each in by.values()) == 11
    to = {one["customer_id"]: one["successor"] for one in done["accounts"]}
    assert len({to[one.id] for one in accounts[:4]}) == 1  # a group stays together
    assert to[accounts[39].id] == "sun"

    # What is on an account went with it; nothing under way is still his, in whatever table.
    logins = {key: login for login, key in office.users.items()}
    with office.app.read() as reader:
        for table in (opportunity, tables.task):
            rows = reader.rows(select(table.c.customer_id, table.c.owner_id).where(table.c.customer_id.in_(to)))
            assert {logins[row.owner_id] == to[row.customer_id] for row in rows if row.owner_id != zhou.id} == {True}
        contacts = dict(reader.rows(select(tables.contact.c.id, tables.contact.c.owner_id)))
        assert all(logins[contacts[who.id]] == to[one.id] for who, one in zip(people[:40], accounts[:40], strict=True))
        promise = reader.value(select(tables.task.c.owner_id).where(tables.task.c.contact_id == people[30].id))
        assert logins[promise] == to[accounts[30].id]
        left = {
            table.name: reader.value(
                select(func.count()).where(
                    or_(
                        *(
                            table.c[name] == zhou.id
                            for name in ("owner_id", "agent_id", "sponsor_id")
                            if name in table.c
                        )
                    )
                )
            )
            for table in (tables.customer, tables.contact, tables.task, opportunity, lead, quote, account)
        }
    assert left == {**dict.fromkeys(left, 0), "sales_opportunity": 1}  # the one he won stays his

    # Whoever takes over knows what he knew: one brief for each account, and all of it in the system.
    files = sorted(briefs.iterdir())
    assert len(files) == 40
    assert {each.name for each in files} == {one["brief"] for one in done["accounts"]}
    text = (briefs / done["accounts"][0]["brief"]).read_text()
    assert "Account 00" in text
    assert f"zhou to {to[accounts[0].id]}" in text
    assert all(word in text for word in ("Person 00", "promise 0", "What I know, part 0.", "What I know, part 120."))
    seen = office.json("interaction", "list", "--customer", accounts[0].id, user=to[accounts[0].id])
    assert sum("What I know" in one["body"] for one in seen) == 4
    assert [one["type"] for one in office.json("history", accounts[0].id, user="mei")].count("sales.handed_over") == 1
    assert any(one["type"] == "user_account.handed_over" for one in office.json("history", zhou.id, user="ann"))
    office.crm("customer", "list", user="zhou", code=1)
