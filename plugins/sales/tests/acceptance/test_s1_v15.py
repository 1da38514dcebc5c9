"""S1-V15, as far as sales acts: who has an open problem is not sold to unwarned; it lifts 3 days after resolution.

The tickets come from a plugin that knows nothing of sales, and of which sales knows nothing.
"""

import importlib.util
import sys
from pathlib import Path

import pytest

from crmcore.plugins import discovery, loading

DISTRIBUTIONS = Path(__file__).parents[4] / "tests" / "plugins" / "conftest.py"


@pytest.fixture
def tickets(office, tmp_path, monkeypatch):
    """The office with a plugin of tickets; Wang has a deal and a lead with a customer whose problem is open 5 days."""
    spec = importlib.util.spec_from_file_location("plugin_sites", DISTRIBUTIONS)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.Site(tmp_path, "").install("open_tickets")
    monkeypatch.syspath_prepend(str(tmp_path))
    discovery.installed.cache_clear()
    firm = office.customers[1200]
    office.deals([{"customer_id": firm, "amount": 9_000_000, "owner": "wang"}])
    office.crm("plugin", "enable", "open_tickets", user="ann")
    office.clock.set("2026-11-19T10:00+08:00")
    office.ticket = office.crm("ticket", "open", firm, "the pump leaks", user="mei").out.strip()
    office.clock.set("2026-11-24T10:00+08:00")
    yield office, firm
    discovery.installed.cache_clear()
    loading._IMPORTED.clear()
    for name in [name for name in sys.modules if name.startswith("crmcore_open_tickets")]:
        del sys.modules[name]


def warned(office, firm):
    """Return what is said against visiting a customer today."""
    found = office.json("sales", "today")["visits"]
    (one,) = [each for each in found if each["customer"]["id"] == firm]
    return [each["reason"] for each in one["warnings"]]


@pytest.mark.row("S1-V15")
def test_the_rep_is_warned_while_a_problem_is_open_and_three_days_more(tickets):
    office, firm = tickets
    said = f"ticket {office.ticket} is open for 5 days: the pump leaks"
    assert warned(office, firm) == [said]
    assert f"⚠ {said}" in office.crm("sales", "today", COLUMNS="160").out
    lead = office.json("sales", "lead", "add", "more pumps", "--customer", firm, "--mine")
    shown = office.json("sales", "lead", "show", lead["id"])
    assert [each["reason"] for each in shown["objections"]["call"]] == [said]
    assert shown["objections"]["call"][0]["blocks"] is False
    assert f"⚠ call: {said}" in office.crm("sales", "lead", "show", lead["id"]).out
    # A campaign's mail to the same customer would be refused: that is marketing's to ask.
    asked = office.json("policy", "explain", firm, "--channel", "email", "--purpose", "marketing")
    assert asked["allowed"] is False

    office.crm("ticket", "resolve", office.ticket, user="mei")
    office.clock.advance(days=2)
    assert warned(office, firm)[0].startswith(f"ticket {office.ticket} is resolved on 2026-11-24")
    office.clock.advance(days=1, minutes=1)
    assert warned(office, firm) == []
    assert office.json("sales", "lead", "show", lead["id"])["objections"] == {"call": [], "email": []}
