"""S0-08 with sales itself: enabled on a live base of 2,000 customers it asks nothing, changes nothing, adds its events.

The same is shown for two processes, one after the other, with small distributions in the tests of the core.
"""

import pytest
from sqlalchemy import inspect, select

from crmcore.api import tables

OF_THE_PLATFORM = {"plugin", "setting", "finding", "hook_time", "subscription", "schedule", "job", "worker", "counter"}
"""What enabling a plugin may write: that it is enabled, and how it fares."""


def core(office):
    """Return all rows of the core's tables but the platform's, and what its columns demand."""
    with office.app.engine.connect() as connection:
        rows = {
            name: sorted(map(repr, connection.execute(select(table))))
            for name, table in tables.metadata.tables.items()
            if name not in OF_THE_PLATFORM | {"journal"}
        }
    inspector = inspect(office.app.engine)
    columns = {name: [str(one) for one in inspector.get_columns(name)] for name in tables.metadata.tables}
    return rows, columns


@pytest.mark.row("S0-08")
def test_sales_on_a_live_base(office):
    office.crm("plugin", "disable", "sales", user="ann")
    office.crm("plugin", "purge", "sales", "--yes", user="ann")
    customer, person = office.customers[1999], office.staff[1999][0]
    office.crm("log", "20 min call, wants a quote for pumps", "--contact", person)
    before = core(office)
    assert len(before[0]["customer"]) == 2000
    office.crm("plugin", "enable", "sales", user="ann")
    assert core(office) == before
    with office.app.read():
        assert not [one for one in office.app.assembly.definitions.fields if one.required]
    office.crm("contact", "add", "A name is enough")

    deal = office.json("sales", "opportunity", "add", customer, "Pumps", "--amount", "120000.10")
    office.clock.advance(days=3)
    office.crm("log", "5 min call about the price", "--contact", person)
    office.clock.advance(days=1)
    office.crm("sales", "opportunity", "win", deal["id"], "--reason", "price")
    entries = office.json("brief", customer, "--timeline")["entries"]
    assert [one["plugin"] for one in entries[:4]] == ["sales", "core", "sales", "core"]
    assert [said in one["text"] for said, one in zip(("won", "5 min", "Pumps", "20 min"), entries, strict=False)] == (
        [True] * 4
    )
    again = office.json("brief", customer, "--timeline", user="mei")["entries"]
    assert again == entries
