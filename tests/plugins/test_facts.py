"""An integrator's process over a plugin's table asks what only the plugin can tell."""

import json

TOML = """
[process.ticket]
entity = "open_tickets_ticket"
field = "status"
states = [
  { name = "open", steps = ["Ask what was changed"], expert = "wang" },
  { name = "late" },
  { name = "resolved", kind = "done" },
]
transitions = [
  { from = "open", to = "resolved", guard = "minutes_open <= 480" },
  { from = "open", to = "late" },
  { from = "late", to = "resolved", roles = ["manager", "admin"] },
]
"""


def test_a_ticket_that_is_open_too_long_takes_another_way(here, workspace):
    here.environment["CRM_DATABASE_URL"] = workspace
    here.install("open_tickets")
    here.crm("plugin", "enable", "open_tickets")
    (here.folder / "ticket.toml").write_text(TOML)
    here.crm("config", "apply", here.folder / "ticket.toml")
    here.crm("customer", "add", "Huaxin")
    quick, slow = (
        here.crm("ticket", "open", "Huaxin", "the pump leaks", CRM_NOW="2026-11-17T09:00+08:00").stdout.strip()
        for _each in range(2)
    )
    here.crm("ticket", "resolve", quick, CRM_NOW="2026-11-17T17:00+08:00")
    evening = {"CRM_NOW": "2026-11-17T17:01+08:00"}
    refused = here.crm("ticket", "resolve", slow, code=1, **evening).stderr
    assert f"ticket {slow} cannot go from open to resolved: “minutes_open <= 480” does not hold" in refused
    assert "minutes_open is 481" in refused
    ways = json.loads(here.crm("process", "item", slow, "--json", **evening).stdout)["ways"]
    assert [(way["to"], way["open"]) for way in ways] == [("resolved", False), ("late", True)]
    here.crm("process", "move", slow, "late", **evening)
    here.crm("process", "move", slow, "resolved", **evening)
    assert [
        (one["name"], one["open"], one["closed"]) for one in json.loads(here.crm("process", "list", "--json").stdout)
    ] == [("ticket", 0, 2)]
    assert len(json.loads(here.crm("process", "items", "ticket", "--state", "resolved", "--json").stdout)) == 2
    unknown = TOML.replace("minutes_open <= 480", "minutes_shut <= 480")
    (here.folder / "ticket.toml").write_text(unknown)
    assert "unknown name “minutes_shut”" in here.crm("config", "apply", here.folder / "ticket.toml", code=1).stderr
