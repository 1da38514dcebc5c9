"""Logs of telephone systems through `crm import`: known without being named, told twice the same, refused whole."""

from pathlib import Path
from typing import Any

DATA = Path(__file__).parents[1] / "data"
LOGS = (
    "cdr/master.csv", "cdr/freepbx.csv", "cdr/custom.csv", "cel/master.csv", "cel/advanced.csv", "queue_log/queue_log",
    "queue_log/table.csv", "freeswitch/legs.jsonl", "freeswitch/legs.xml", "freeswitch/Master.csv",
)  # fmt: skip
CALLS = 5 + 4 + 2 + 5 + 5 + 5 + 4
"""Of all files together: the second of a kind tells of the same calls once more, in another layout."""


def test_every_log_is_known_by_its_content_and_imported_once(office: Any) -> None:
    paths = [str(DATA / name) for name in LOGS]
    first = office.json("import", *paths)
    calls = office.json("callcenter", "call", "list", "--limit", "100")
    assert (first["read"], first["created"], first["rejected"], len(calls)) == (50, CALLS, 7, CALLS)
    nobodys = [one for one in first["rejections"] if "agent" in one["reason"]]
    assert len(nobodys) == 6  # news of agents whom nobody has set up
    found = {one["external_ids"][0]: one for one in calls}
    passed_on = found["1795140000.16"]
    assert (passed_on["direction"], passed_on["from"], passed_on["talked_to"]) == ("in", "13800138000", ["202", "205"])
    assert (passed_on["transfers"], passed_on["seconds"], passed_on["talk_seconds"]) == (1, 190, 150)
    assert found["1795140420.64"]["abandoned"]
    again = office.json("import", *paths)
    assert (again["read"], again["created"], again["updated"]) == (50, 0, 0)
    assert office.json("callcenter", "call", "list", "--limit", "100") == calls
    office.crm("import", "--undo", first["batch"])
    assert office.json("callcenter", "call", "list", "--limit", "100") == []


def test_an_unknown_layout_is_refused_whole_until_a_mapping_file_explains_it(office: Any) -> None:
    file = DATA / "cdr" / "chinese.csv"
    refused = office.crm("import", "--format", "asterisk-cdr", file, code=1).err
    assert "--mapping FILE" in refused
    assert office.json("callcenter", "call", "list") == []
    office.crm("import", "--format", "asterisk-cdr", "--mapping", DATA / "cdr" / "chinese.toml", file)
    calls = office.json("callcenter", "call", "list")
    assert sorted((one["from"], one["answered"], one["seconds"]) for one in calls) == [
        ("13800138000", True, 65),
        ("13900139000", False, 20),
    ]
    assert {one["started_at"] for one in calls} == {"2026-11-20T04:00:00+00:00", "2026-11-20T04:05:00+00:00"}


def test_legs_in_files_of_their_own_are_the_calls_that_they_are_in_one_file(office: Any, tmp_path: Path) -> None:
    def calls() -> list[tuple[Any, ...]]:
        found = office.json("callcenter", "call", "list")
        names = ("from", "to", "talked_to", "transfers", "abandoned", "seconds", "queue", "direction")
        return sorted((sorted(one["external_ids"]), *(one[name] for name in names)) for one in found)

    legs = (DATA / "freeswitch" / "legs.jsonl").read_text("utf-8").splitlines()
    for place, leg in enumerate(reversed(legs)):
        (tmp_path / f"{place:02}.cdr.json").write_text(leg, "utf-8")
    alone = office.json("import", tmp_path)
    assert (alone["read"], alone["created"], alone["rejected"]) == (13, 5, 0)
    one_by_one = calls()
    together = office.json("import", DATA / "freeswitch" / "legs.jsonl")
    assert together["created"] == 0
    assert calls() == one_by_one
    assert [one[3:5] for one in one_by_one] == [
        (["1002"], 0),
        ([], 0),
        ([], 0),
        (["013700137000", "1005"], 1),
        (["1002", "1006"], 1),
    ]
