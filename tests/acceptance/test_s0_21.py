"""S0-21: `log "Li 10 min, wants quote Fri"` -> interaction + follow-up; on Monday it is in the overdue list."""

import json
from collections.abc import Callable

import pytest
from click.testing import Result

from crmcore.app import App
from crmcore.model.party import Contact

WEDNESDAY, MONDAY = "2026-11-18T10:00+08:00", "2026-11-23T09:00+08:00"


@pytest.mark.row("S0-21")
def test_a_line_is_an_interaction_and_a_follow_up_that_is_overdue_on_monday(
    app: App, crm: Callable[..., Result]
) -> None:
    with app.transaction(app.actor("ann")) as tx:
        li = tx.add(Contact(name="Li Wei"))

    said = json.loads(crm("log", "Li 10 min, wants quote Fri", "--json", CRM_NOW=WEDNESDAY).stdout)
    assert (said["channel"], said["seconds"], said["contact"]["id"]) == ("call", 600, li.id)
    [follow_up] = said["tasks"]
    assert (follow_up["kind"], follow_up["due"], follow_up["subject"]) == ("task", "2026-11-20", "wants quote Fri")

    [due] = json.loads(crm("due", "--json", CRM_NOW=WEDNESDAY).stdout)
    assert (due["id"], due["when"]) == (follow_up["id"], "this week")
    [due] = json.loads(crm("due", "--json", CRM_NOW="2026-11-20T23:59+08:00").stdout)
    assert due["when"] == "today"

    [due] = json.loads(crm("due", "--json", CRM_NOW=MONDAY).stdout)
    assert (due["id"], due["when"], due["contact"], due["interaction_id"]) == (
        follow_up["id"], "overdue", "Li Wei", said["id"],
    )  # fmt: skip
    shown = crm("due", CRM_NOW=MONDAY).stdout
    assert "overdue" in shown
    assert "wants quote Fri" in shown

    brief = json.loads(crm("brief", "Li Wei", "--json", CRM_NOW=MONDAY).stdout)
    [entry] = next(block for block in brief["blocks"] if block["title"].startswith("Timeline"))["data"]
    call = entry["data"]
    assert (call["id"], call["body"], call["seconds"]) == (said["id"], "Li 10 min, wants quote Fri", 600)
