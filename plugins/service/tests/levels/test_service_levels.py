"""Service levels at the command line: said, shown, changed and removed; what is refused."""

import pytest
from crmcore_service.levels.saying import step_said, target_said
from crmcore_service.model.queue import TicketQueue

from crmcore.api import InvalidInput


@pytest.mark.parametrize(
    "text", ["", "response", "response=", "response=0m", "P9:response=1h", "lunch=1h", "response=1w"]
)
def test_what_is_no_target(text):
    with pytest.raises(InvalidInput):
        target_said(text)


@pytest.mark.parametrize(
    "text",
    ["", "response", "response soon", "response after", "response after 1d manager", "response after manager",
     "lunch due manager", "response due boss", "response due user:", "P1", "response due raise:P9"],
)  # fmt: skip
def test_what_is_no_step(text):
    with pytest.raises(InvalidInput):
        step_said(text)


def test_a_level_is_said_as_it_is_shown_changed_and_removed(office):
    targets = ["P1:response=30m", "response=1d", "resolution=8h"]
    steps = [
        "P1 response after 30m manager",
        "response before 15m owner",
        "resolution late 4h user:mei raise:P1 assign",
    ]
    said = [part for each in targets for part in ("--target", each)] + [
        part for each in steps for part in ("--step", each)
    ]
    level = ("service", "level")
    made = office.json(*level, "add", "gold", "--calendar", "always@customer", "--pause", "waiting", *said, user="mei")
    assert [one["text"] for one in made["targets"]] == targets
    assert [one["text"] for one in made["steps"]] == steps
    assert (made["calendar"], made["pauses"], made["version"]) == ("always@customer", ["waiting"], 1)
    changed = office.json(
        *level, "edit", "gold", "--target", "P1:response=20m", "--target", "resolution=-", "--drop-step",
        made["steps"][1]["id"], "--pause", "none", user="mei",
    )  # fmt: skip
    assert [one["text"] for one in changed["targets"]] == ["P1:response=20m", "response=1d"]
    assert [one["text"] for one in changed["steps"]] == [steps[0], steps[2]]
    assert changed["pauses"] == []
    assert [one["name"] for one in office.json(*level, "list", user="wang")] == ["gold"]
    assert "30m manager" in office.crm(*level, "show", "gold", user="wang").out
    for arguments, told in (
        (("add", "Gold"), "already"),
        (("add", "x", "--pause", "lunch"), "no open state “lunch”"),
        (("add", "x", "--calendar", "home"), "no calendar “home”"),
        (("add", "x", "--step", "response due team:nobody"), "Nobody is in the team nobody"),
        (("edit", "gold", "--drop-step", 1), "no step 1"),
        (("edit", "gold", "--note", "x", "--version", 1), "changed since version 1"),
    ):
        assert told in office.crm(*level, *arguments, user="mei", code=1).err.replace("\n", " ")
    assert "who may change all" in office.crm(*level, "edit", "gold", "--note", "x", user="sam", code=1).err
    with office.at(office.clock.now, user="mei") as tx:
        queue = tx.add(TicketQueue(name="pumps", level_id=made["id"])).id
    assert "promises it" in office.crm(*level, "remove", "gold", user="mei", code=1).err
    with office.at(office.clock.now, user="mei") as tx:
        tx.get(TicketQueue, queue).level_id = None
    office.crm(*level, "remove", "gold", user="mei")
    assert office.json(*level, "list", user="mei") == []
