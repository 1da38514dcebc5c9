"""Channel events of Asterisk: the calls of several layouts, of a real recording, and the layouts that are refused."""

import csv
import re
from collections.abc import Iterable
from pathlib import Path

import pytest
from crmcore_callcenter.asterisk import cel
from crmcore_callcenter.calls.together import facts_of
from crmcore_callcenter.protocol.events import Heard
from hypothesis import given, settings
from hypothesis import strategies as st

from crmcore.api import InvalidInput, Rejection, Source

DATA = Path(__file__).parents[1] / "data" / "cel"
ZONE = {"zone": "Asia/Shanghai"}


def read(path: Path, **options: str) -> list[Heard | Rejection]:
    return [
        one for one in cel.read(Source(path=path, options={**ZONE, **options})) if isinstance(one, Heard | Rejection)
    ]


def said(heard: Heard | Rejection) -> tuple[object, ...]:
    """What a call was: from, to, who talked, transfers, abandoned, status, seconds of hold."""
    assert isinstance(heard, Heard)
    facts = facts_of(heard.events)
    talked = [leg.party.number for leg in facts.legs if leg.answered]
    return (
        facts.caller.number,
        facts.dialled,
        talked,
        facts.transfers,
        facts.abandoned,
        facts.status,
        facts.hold_seconds,
    )


def whole(found: Iterable[object]) -> list[tuple[object, ...]]:
    return sorted((one.events for one in found if isinstance(one, Heard)), key=repr)


def rows() -> list[list[str]]:
    with (DATA / "master.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.reader(file))


def written(path: Path, lines: Iterable[Iterable[str]]) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(lines)
    return path


@pytest.mark.parametrize("name", ["master.csv", "advanced.csv"])
def test_events_of_a_linked_id_are_one_call(name: str) -> None:
    found = read(DATA / name)
    assert [said(one) for one in found] == [
        ("13800138000", "02161234567", ["202", "205"], 1, False, "ended", 20),
        ("13900139000", "600", [], 0, True, "ended", 0),
        ("203", "013700137000", ["013700137000"], 1, False, "ended", 0),
        ("13300133000", "02161234567", ["203"], 0, False, "ended", 0),
        ("13500135000", "02161234567", [], 0, False, "ringing", 0),  # the log ends while it rings
    ]
    assert cel.sniff((DATA / name).read_bytes(), name) > 80


def test_a_transfer_says_who_passed_on_to_whom_and_which_call_goes_on_in_it() -> None:
    first, queue, out, picked, _open = (one for one in read(DATA / "master.csv") if isinstance(one, Heard))
    passed = next(one for one in first.events if one.kind == "transfer")
    assert (passed.how, passed.joins) == ("attended", "1795137000.3")
    assert [party.number for party in (passed.by, passed.target) if party] == ["202", "205"]
    assert [(one.kind, one.queue) for one in queue.events if one.queue][:2] == [
        ("queue", "support"),
        ("ring", "support"),
    ]
    blind = next(one for one in out.events if one.kind == "transfer")
    assert blind.how == "blind"
    assert [one.reason for one in out.events if one.kind == "ring_end"] == ["no-answer"]
    ended = next(one for one in picked.events if one.kind == "ring_end")
    assert ended.reason == "elsewhere"
    assert {one.name for event in picked.events if (one := event.target)} == {"", "赵敏"}


def test_the_channel_events_of_a_real_recording(realworld: Path, tmp_path: Path) -> None:
    """A call that the server makes: it rings 259 first, then 254 for it (Asterisk 11, by the Manager Interface)."""
    recording = realworld / "telephony" / "gawel_panoramisk" / "originate_with_events.yaml"
    parts = re.findall(r"Event: CEL\n(.*?)\n\s*\n", recording.read_text("utf-8"), re.DOTALL)
    events = [dict(line.strip().partition(":")[::2] for line in part.splitlines()) for part in parts]
    assert len(events) == 20
    names = [name for name in events[0] if name != "Privilege"]
    lines = [[one[name].strip() for name in names] for one in events]
    file = written(tmp_path / "cel.csv", [names, *lines])
    (heard,) = read(file, zone="Europe/Paris")
    assert said(heard) == ("259", "254", ["254"], 0, False, "ended", 0)
    assert isinstance(heard, Heard)
    facts = facts_of(heard.events)
    assert (facts.seconds, facts.talk_seconds, heard.events[0].direction) == (18, 5, "out")
    assert cel.headings(names) > 80


OTHERS = {
    "shuffled": [[*row[4:], *row[:4]] for row in rows()],
    "context and channel swapped": [[*row[:8], row[9], row[8], *row[10:]] for row in rows()],
    "no linked id": [[*row[:15], *row[16:]] for row in rows()],
    "day first": [[row[0], "20/11/2026 09:00:00", *row[2:]] for row in rows()],
    "contacts": [["Name", "Phone"], ["李伟", "13800138000"]],
    "another log of events": [["EventType", "EventTime", "User"], ["LOGIN", "2026-11-20 09:00:00", "ann"]],
}


@pytest.mark.parametrize("name", OTHERS)
def test_what_is_of_another_layout_is_refused_with_a_sentence_that_says_how_to_map_it(
    name: str, tmp_path: Path
) -> None:
    file = written(tmp_path / "other.csv", OTHERS[name])
    assert cel.sniff(file.read_bytes(), file.name) == 0
    with pytest.raises(InvalidInput, match=r"other\.csv .*eventtype, eventtime, channame.*--mapping FILE"):
        read(file)


def test_a_custom_layout_is_mapped_and_a_bad_row_rejected(tmp_path: Path) -> None:
    order = [14, 1, 0, 9, 15, 3, 7, 19, 11, 10]
    own = [[row[place] for place in order] for row in rows()]
    own[5][2] = "SNEEZE"
    names = [
        "uniqueid",
        "eventtime",
        "eventtype",
        "channame",
        "linkedid",
        "cidnum",
        "exten",
        "extra",
        "appdata",
        "appname",
    ]
    mapping = tmp_path / "own.toml"
    mapping.write_text("[columns]\n" + "\n".join(f'"{n}" = "{name}"' for n, name in enumerate(names, start=1)), "utf-8")
    found = read(written(tmp_path / "own.csv", own), mapping=str(mapping))
    (rejected,) = (one for one in found if isinstance(one, Rejection))
    assert (rejected.line, rejected.reason) == (6, "there is no channel event “SNEEZE”")
    assert len(found) == 6


@settings(max_examples=15, deadline=None)
@given(order=st.permutations(range(len(rows()))))
def test_the_order_of_rows_does_not_matter(order: list[int], tmp_path: Path) -> None:
    lines = rows()
    found = read(written(tmp_path / "shuffled.csv", (lines[place] for place in order)))
    assert whole(found) == whole(read(DATA / "master.csv"))


@settings(max_examples=60, deadline=None)
@given(at=st.integers(0, 9_000), gone=st.integers(0, 400), put=st.binary(max_size=40))
def test_any_bytes_give_calls_rejections_or_one_refusal(at: int, gone: int, put: bytes, tmp_path: Path) -> None:
    good = (DATA / "master.csv").read_bytes()
    file = tmp_path / "any.csv"
    file.write_bytes(good[:at] + put + good[at + gone :])
    cel.sniff(file.read_bytes(), file.name)
    try:
        found = read(file)
    except InvalidInput:
        return
    assert [one.line for one in found] == sorted({one.line for one in found})
