"""S4-05: a partner's agent sees and moves the twelve deals given to them, and no others; the rep sees both's."""

import pytest
from crmcore_sales.tables import line, opportunity
from sqlalchemy import func, select

from crmcore.api import tables

ROLES = """
[role.agent]
read = "own"
write = "own"
"""


@pytest.mark.row("S4-05")
def test_an_agent_sees_and_moves_the_own_twelve(office, tmp_path):
    (tmp_path / "roles.toml").write_text(ROLES)
    office.crm("config", "apply", tmp_path / "roles.toml", user="ann")
    office.crm("user", "add", "agi", "--name", "Agi", "--role", "agent", user="ann")
    partner = office.customers[5]
    office.crm("customer", "role", partner, "add", "partner", user="ann")
    office.crm("sales", "agent", "appoint", "agi", partner, user="ann")
    deals = office.deals(
        {"owner": "wang" if place % 2 else "liu", "amount": 1000 + place, "lines": []} for place in range(30)
    )
    theirs = [one.id for one in deals[:12]]
    office.crm("sales", "agent", "assign", "agi", *theirs, user="mei")
    office.crm("sales", "opportunity", "edit", theirs[0], "--need-by", "2026-12-24", user="mei")
    (agent,) = office.json("sales", "agent", "list", user="mei")
    assert (agent["login"], agent["open"]) == ("agi", 12)

    seen = office.json("sales", "opportunity", "list", user="agi")
    assert sorted(one["id"] for one in seen) == theirs
    assert all(one["customer"]["name"] and one["owner"] in ("wang", "liu") for one in seen)  # whose it is, and who
    assert len(office.json("sales", "opportunity", "list", user="wang")) == 30
    office.crm("sales", "opportunity", "show", deals[20].id, user="agi", code=1)
    office.crm("brief", office.customers[20], user="agi", code=1)
    office.crm("history", deals[20].id, user="agi", code=1)
    with office.app.read(office.app.actor("agi")) as reader:
        parts = reader.value(select(func.count()).select_from(line))
        assert reader.value(select(func.count()).select_from(opportunity)) == 12
        assert reader.value(select(func.count()).select_from(tables.customer)) == 12
    assert parts == 0

    moved = office.json("sales", "opportunity", "move", theirs[3], "needs", user="agi")
    assert moved["stage"] == "needs"
    assert office.json("sales", "opportunity", "show", theirs[3], user="liu" if 3 % 2 == 0 else "wang")["stage"] == (
        "needs"
    )
    office.crm("sales", "opportunity", "move", deals[20].id, "needs", user="agi", code=1)
    told = office.json("history", theirs[3], user="mei")
    assert any(one["actor"] == "agi" for one in told)

    # A deal that the agent registers is theirs to follow, and one of ours' to own, though both are hidden from them.
    hidden = office.customers[40]
    office.crm("customer", "role", hidden, "add", "partner", user="ann")
    office.crm("sales", "agent", "appoint", "agi", hidden, user="ann")
    office.crm("customer", "add", "New Mills Ltd", user="agi")
    mine = office.json("sales", "partner", "register", hidden, "New Mills Ltd", "Spare parts", user="agi")
    assert (mine["agent"], mine["owner"], mine["status"]) == ("agi", "zhao", "protected")
    office.crm("sales", "opportunity", "show", mine["opportunity_id"], user="agi")
    office.crm("sales", "partner", "register", partner, "New Mills Ltd", "Spare parts", user="agi", code=1)
