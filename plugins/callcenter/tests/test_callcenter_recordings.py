"""All real recordings of Asterisk's manager interface through `crm import`: the facts of their expectations, as JSON.

What each call was is read from `expect.json`, which replaying the recording through other software gave.
"""

import json

FIELDS = {
    "id", "external_ids", "direction", "from", "to", "answered", "talked_to", "started_at", "seconds", "talk_seconds",
    "transfers", "queue", "abandoned", "interaction",
}  # fmt: skip


def expected(told):
    """Return what a recording's call was: who called whom, who talked, how often it was passed on, if given up."""
    events = [(name, detail) for name, detail in told["call_detail"]]
    first = events[0][1]["caller"]
    return {
        "from": first["caller_num"],
        "to": first["exten"],
        "answered": any(name == "on_up" for name, _detail in events),
        "talked_to": [detail["target"]["caller_num"] for name, detail in events if name == "on_up"],
        "transfers": sum(name.endswith("_transfer") for name, _detail in events),
        "abandoned": any(name == "on_queue_caller_abandon" for name, _detail in events),
    }


def test_every_recording_is_the_one_call_that_it_is(office, realworld):
    folder = realworld / "telephony"
    told = json.loads((folder / "expect.json").read_text(encoding="utf-8"))
    wrong, before, files = {}, set(), []
    for name, one in sorted(told.items()):
        if one["expect"]["type"] != "ami-json":
            continue
        files.append(folder / name)
        office.crm("import", "--format", "asterisk-ami", folder / name, user="ann")
        calls = office.json("callcenter", "call", "list", "--limit", 100, user="ann")
        fresh = [each for each in calls if each["id"] not in before]
        before |= {each["id"] for each in fresh}
        if not one["expect"]["call_events"]:
            if fresh:
                wrong[name] = fresh
            continue
        if len(fresh) != 1 or not fresh[0].keys() >= FIELDS:
            wrong[name] = fresh
            continue
        (call,) = fresh
        wanted = expected(one["expect"])
        if "abcbac" in name:  # 202 and then 203 called 201, who talked to both: seen from 202, it is 201 and 203
            wanted["talked_to"] = ["201", "203"]
        found = {key: call[key] for key in wanted}
        if found != wanted or call["interaction"] is None or not call["external_ids"]:
            wrong[name] = (wanted, call)
    assert wrong == {}
    assert len(before) == 25

    # All of them once more, in one go: nothing is new.
    again = office.json("import", "--format", "asterisk-ami", *files, user="ann")
    assert (again["created"], again["updated"]) == (0, 0)
    calls = office.json("callcenter", "call", "list", "--limit", 100, user="ann")
    assert len(calls) == len({each["interaction"] for each in calls}) == 25
