"""S1-01 for outbound calls: who wants no call before 10:00 is left out at 09:30, with the reason, and called then."""

import pytest

SAID = "asked for quiet at 09:30: “no call before 10:00”"


@pytest.mark.row("S1-01")
def test_the_list_at_half_past_nine_leaves_out_who_wants_no_call_before_ten(office):
    first, second = office.contacts[:2]
    name = office.json("contact", "show", first)["name"]
    office.clock.set("2026-11-24T08:00+08:00")
    office.crm("log", f"{name}: no call before 10:00, likes it spicy")
    office.crm("callcenter", "list", "add", "Old pumps", "--contact", first, "--contact", second)

    office.clock.set("2026-11-24T09:30+08:00")
    taken = office.json("callcenter", "list", "next")
    assert taken["entry"]["contact"]["id"] == second
    assert [(each["why"], each["until"]) for each in taken["left_out"]] == [(SAID, "2026-11-24T02:00:00+00:00")]
    (left,) = office.json("callcenter", "list", "show", "Old pumps", "--status", "skipped")["entries"]
    assert (left["contact"]["id"], left["why"], left["next_at"]) == (first, SAID, "2026-11-24T02:00:00+00:00")
    assert "10:00" in office.crm("callcenter", "list", "show", "Old pumps", COLUMNS="200").out
    assert office.json("callcenter", "list", "report", "Old pumps")["left_out"] == {SAID: 1}
    (refused,) = office.json("policy", "log", first, "--refused", user="ann")
    assert refused["objections"][0][1] == SAID  # asked at that moment, and kept

    office.crm("callcenter", "list", "add", "Alone", "--contact", first)
    told = office.crm("callcenter", "list", "next", "Alone", user="liu", COLUMNS="200")
    assert (told.out.strip(), told.err.strip()) == (
        "Nobody is to be called now.", f"Left out until 2026-11-24 10:00: {name}, {SAID}"
    )  # fmt: skip
    office.crm("callcenter", "list", "close", "Alone")

    # Two minutes before ten there is nobody; whoever asks for them gets nobody else's.
    office.crm("callcenter", "list", "done", "--result", "reached")
    office.clock.set("2026-11-24T09:58+08:00")
    assert office.json("callcenter", "list", "next")["entry"] is None
    office.clock.set("2026-11-24T10:00+08:00")
    assert office.json("callcenter", "list", "next", user="liu")["entry"]["contact"]["id"] == first
    assert office.json("callcenter", "list", "next")["entry"] is None
