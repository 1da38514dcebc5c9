"""S1-01: a preference taken from a note; the call list built for 09:30 leaves the client out and says why."""

import json
from collections.abc import Callable

import pytest
from click.testing import Result

from crmcore.app import App
from crmcore.model.party import Contact, ContactPoint

NOW = "2026-11-23T08:00+08:00"


@pytest.mark.row("S1-01")
def test_the_call_list_leaves_out_who_wants_no_call_before_ten(app: App, crm: Callable[..., Result]) -> None:
    with app.transaction(app.actor("ann")) as tx:
        for name, number in (("Li Wei", "+8613900000001"), ("Anna Schmidt", "+4930901200"), ("Max Ohnenummer", "")):
            contact = tx.add(Contact(name=name))
            if number:
                tx.add(ContactPoint(kind="phone", value=number, normal=number, contact_id=contact.id))
    for line in (
        "Li Wei: no call before 10:00, likes it spicy",
        "Li Wei wants quote today",
        "Anna Schmidt wants brochure today",
        "Max Ohnenummer wants brochure today",
    ):
        crm("log", line, CRM_NOW=NOW)

    early = json.loads(crm("call-list", "--at", "2026-11-23T09:30", "--json", CRM_NOW=NOW).stdout)
    assert [one["name"] for one in early["call"]] == ["Anna Schmidt"]
    assert [one["name"] for one in early["no_number"]] == ["Max Ohnenummer"]
    [li] = early["left_out"]
    assert li["name"] == "Li Wei"
    assert li["objections"] == ["asked for quiet at 09:30: “no call before 10:00”"]
    assert li["until"] == "2026-11-23T10:00:00+08:00"
    assert [reason["subject"] for reason in li["why"]] == ["Li Wei wants quote today"]

    shown = crm("call-list", "--at", "2026-11-23T09:30", CRM_NOW=NOW, COLUMNS="140").stdout
    called, _title, left_out = shown.partition("Left out")
    assert "Anna Schmidt" in called
    assert "Li Wei" not in called
    assert "no call before 10:00" in left_out

    later = json.loads(crm("call-list", "--at", "2026-11-23T10:30", "--json", CRM_NOW=NOW).stdout)
    assert [one["name"] for one in later["call"]] == ["Li Wei", "Anna Schmidt"]
    assert later["left_out"] == []

    wishes = json.loads(crm("brief", "Li Wei", "--json", CRM_NOW=NOW).stdout)["blocks"][1]
    assert {wish["kind"] for wish in wishes["data"]} == {"quiet_hours", "taste"}
