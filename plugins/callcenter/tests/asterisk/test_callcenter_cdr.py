"""Call detail records of Asterisk: the calls of several layouts, and the layouts that are refused."""

import csv
import io
from collections.abc import Iterable
from pathlib import Path

import pytest
from crmcore_callcenter.asterisk import cdr
from crmcore_callcenter.calls.together import facts_of
from crmcore_callcenter.protocol.events import Heard
from hypothesis import given, settings
from hypothesis import strategies as st

from crmcore.api import InvalidInput, Rejection, Source

DATA = Path(__file__).parents[1] / "data" / "cdr"
ZONE = {"zone": "Asia/Shanghai"}
TALKS = ("ANSWERED", "NO ANSWER", "BUSY")


def calls(path: Path, **options: str) -> list[Heard]:
    found = list(cdr.read(Source(path=path, options={**ZONE, **options})))
    assert not [one for one in found if isinstance(one, Rejection)]
    return [one for one in found if isinstance(one, Heard)]


def said(heard: Heard) -> tuple[object, ...]:
    """What a call was: from, to, who talked, transfers, abandoned, seconds, seconds of talk."""
    facts = facts_of(heard.events)
    talked = [leg.party.number for leg in facts.legs if leg.answered]
    return (
        facts.caller.number,
        facts.dialled,
        talked,
        facts.transfers,
        facts.abandoned,
        facts.seconds,
        facts.talk_seconds,
    )


def whole(found: Iterable[object]) -> list[tuple[object, ...]]:
    """Events without the lines they stand on, in an order of their own."""
    return sorted((one.events for one in found if isinstance(one, Heard)), key=repr)


def table(rows: Iterable[Iterable[str]], delimiter: str = ",") -> str:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator="\n").writerows(rows)
    return text.getvalue()


def rows_of(name: str) -> list[list[str]]:
    with (DATA / name).open(newline="", encoding="utf-8") as file:
        return list(csv.reader(file))


def test_the_default_layout_needs_no_headings() -> None:
    found = calls(DATA / "master.csv")
    assert [said(one) for one in found] == [
        ("13800138000", "02161234567", ["201"], 0, False, 127, 120),
        ("13900139000", "02161234567", ["202"], 0, False, 180, 168),  # two telephones rang, two rows
        ("203", "013700137000", ["013700137000"], 0, False, 75, 60),
        ("13600136000", "02161234567", [], 0, False, 4, 0),
        ("13500135000", "02161234567", [], 0, False, 20, 0),  # an announcement is nobody to talk with
    ]
    first, _second, out, busy, _closed = found
    begin = first.events[0]
    assert begin.call == "1795136400.1"
    assert begin.caller
    assert begin.caller.name == "李伟"
    assert begin.at
    assert begin.at.isoformat() == "2026-11-20T01:00:00+00:00"
    assert out.events[0].details == {"account": "sales", "userfield": "VIP"}
    assert busy.events[0].details["userfield"] == "asked\nfor a callback"
    assert facts_of(busy.events).reason == "busy"
    assert [one.line for one in found] == [1, 2, 4, 5, 7]


def test_rows_of_a_linked_id_are_one_call_with_its_queue_transfers_and_consultation() -> None:
    found = calls(DATA / "freepbx.csv")
    assert [said(one) for one in found] == [
        ("13800138000", "02161234567", ["202", "205"], 1, False, 190, 150),
        ("13900139000", "02161234567", [], 0, False, 33, 0),
        ("203", "013700137000", ["013700137000", "204"], 1, False, 90, 80),
        ("13300133000", "02161234567", [], 0, True, 95, 0),
    ]
    events = found[0].events
    passed = next(one for one in events if one.kind == "transfer")
    assert passed.by
    assert passed.by.number == "202"
    assert passed.how == "attended"
    assert passed.joins == "1795140120.22"
    assert {one.queue for one in events if one.kind == "queue"} == {"600"}
    assert [one.url for one in events if one.url] == ["q-600-13800138000-20261120-100000-1795140000.16.wav"]
    assert "1795140030.20" in events[0].ids
    rang = [(one.target.number, one.kind, one.reason) for one in events if one.target and one.kind.startswith("ring")]
    assert rang == [("201", "ring", ""), ("201", "ring_end", "no-answer"), ("202", "ring", "")]
    blind = next(one for one in found[2].events if one.kind == "transfer")
    assert blind.how == "blind"
    assert blind.by
    assert blind.by.number == "203"


def test_without_ids_rows_with_a_channel_in_common_at_the_same_time_are_one_call(tmp_path: Path) -> None:
    rows = [row[:16] for row in rows_of("master.csv")]
    rows[3][5], rows[3][9:12] = "DAHDI/1-1", ["2026-11-20 09:10:00", "2026-11-20 09:10:15", "2026-11-20 09:11:15"]
    rows[4][5], rows[4][9:12] = "DAHDI/1-1", ["2026-11-20 09:11:16", "", "2026-11-20 09:11:20"]  # used again at once
    file = tmp_path / "Master.csv"
    file.write_text(table(rows), "utf-8")
    found = calls(file)
    assert len(found) == 5
    assert said(found[1])[2] == ["202"]
    assert len({one.events[0].call for one in found}) == 5
    assert whole(found) == whole(calls(file))


def test_numbers_are_those_that_were_shown_and_dialled_whatever_devices_are_called(tmp_path: Path) -> None:
    rows = rows_of("master.csv")
    incoming, out = list(rows[0]), list(rows[3])
    incoming[5] = "PJSIP/1001-00000001"  # a trunk whose account is a number
    incoming[2], incoming[8] = "2", "PJSIP/201,30"
    out[1], out[4] = "02161234567", '"赵敏" <02161234567>'  # calls out with the company's number
    out[6], out[8] = "PJSIP/1001-00000007", "PJSIP/013700137000@1001,60"
    file = tmp_path / "Master.csv"
    file.write_text(table([incoming, out[:16], rows[4]]), "utf-8")  # loguniqueid was switched on later, or off
    found = [said(one)[:3] for one in calls(file)]
    assert found[0] == ("13800138000", "2", ["201"])
    assert found[1] == ("02161234567", "013700137000", ["013700137000"])
    assert len(found) == 3


def test_an_hour_that_comes_twice_makes_no_call_longer(tmp_path: Path) -> None:
    row = rows_of("master.csv")[0]
    row[9:14] = ["2026-10-25 02:50:00", "2026-10-25 02:50:10", "2026-10-25 02:10:00", "1200", "1190"]
    file = tmp_path / "Master.csv"
    file.write_text(table([row]), "utf-8")
    (call,) = calls(file, zone="Europe/Berlin")
    assert said(call)[-2:] == (1200, 1190)


def test_the_sample_of_cdr_custom_is_known_and_other_layouts_are_mapped(tmp_path: Path) -> None:
    assert [said(one)[2] for one in calls(DATA / "custom.csv")] == [["201"], []]
    mapped = calls(DATA / "chinese.csv", mapping=str(DATA / "chinese.toml"))
    assert [said(one) for one in mapped] == [
        ("13800138000", "201", ["201"], 0, False, 65, 60),
        ("13900139000", "201", [], 0, False, 20, 0),
    ]
    assert mapped[0].events[0].at
    assert mapped[0].events[0].at.isoformat() == "2026-11-20T04:00:00+00:00"
    own = tmp_path / "own.csv"
    own.write_text(
        table([[row[9], row[1], row[14], row[2], row[12], row[13]] for row in rows_of("master.csv")]), "utf-8"
    )
    numbers = tmp_path / "own.toml"
    columns = {"1": "start", "2": "src", "3": "disposition", "4": "dst", "5": "duration", "6": "billsec"}
    lines = (f'"{place}" = "{name}"' for place, name in columns.items())
    numbers.write_text('zone = "UTC"\n[columns]\n' + "\n".join(lines), "utf-8")
    found = calls(own, mapping=str(numbers))
    assert len(found) == 6
    assert found[0].events[0].at
    assert found[0].events[0].at.hour == 9


def _moved(rows: list[list[str]]) -> list[list[str]]:
    return [[*row[3:], *row[:3]] for row in rows]


def _swapped(rows: list[list[str]], one: int, other: int) -> list[list[str]]:
    for row in rows:
        row[one], row[other] = row[other], row[one]
    return rows


def _dated(rows: list[list[str]], order: str) -> list[list[str]]:
    for row in rows:
        for place in (9, 10, 11):
            year, month, day = row[place][:10].split("-") if row[place] else ("", "", "")
            row[place] = order.format(y=year, m=month, d=day) + row[place][10:] if year else ""
    return rows


MASTER = rows_of("master.csv")
NAMED = [["accountcode", "src", "dst", "dcontext", "clid", "channel", "dstchannel", "lastapp", "lastdata", "start",
          "answer", "end", "duration", "billsec", "disposition", "amaflags", "uniqueid", "userfield"]]  # fmt: skip
OTHERS = {
    "shuffled": _moved(rows_of("master.csv")),
    "caller and callee swapped": _swapped(rows_of("master.csv"), 1, 2),
    "answer and end swapped": _swapped(rows_of("master.csv"), 10, 11),
    "duration and billsec swapped": _swapped(rows_of("master.csv"), 12, 13),
    "a column is missing": [row[:3] + row[4:] for row in rows_of("master.csv")],
    "day first": _dated(rows_of("master.csv"), "{d}/{m}/{y}"),
    "headings and day first": NAMED + _dated(rows_of("master.csv"), "{d}/{m}/{y}"),
    "headings and day before month": NAMED + _dated(rows_of("master.csv"), "{y}-{d}-{m}"),
    "headings but cells moved": NAMED + _moved(rows_of("master.csv")),
    "headings without a disposition": [row[:14] + row[15:] for row in NAMED + rows_of("master.csv")],
    "contacts": [["Name", "Phone", "Email"], ["李伟", "13800138000", "li@example.com"]],
    "network flows": [["src", "dst", "start", "end", "duration", "packets"],
                      ["10.0.0.1", "10.0.0.2", "2026-11-20 09:00:00", "2026-11-20 09:00:05", "5", "17"]],
    "another telephone system": [["Call Time", "Caller ID", "Destination", "Status", "Ringing", "Talking"],
                                 ["2026-11-20 09:00:00", "13800138000", "201", "Answered", "00:00:05", "00:02:00"]],
}  # fmt: skip


@pytest.mark.parametrize("name", OTHERS)
def test_what_is_of_another_layout_is_refused_with_a_sentence_that_says_how_to_map_it(
    name: str, tmp_path: Path
) -> None:
    file = tmp_path / "other.csv"
    file.write_text(table(OTHERS[name]), "utf-8")
    with pytest.raises(InvalidInput) as refused:
        list(cdr.read(Source(path=file, options=ZONE)))
    sentence = str(refused.value)
    assert sentence.startswith("other.csv ")
    assert "--mapping FILE" in sentence
    assert '"Caller" = "src"' in sentence
    assert "start" in sentence
    assert "disposition" in sentence


def test_a_bad_row_is_rejected_with_its_line_and_field_and_the_others_go_on(tmp_path: Path) -> None:
    rows = rows_of("master.csv")
    rows[0][14] = "MAYBE"
    rows[2][12] = "760"  # not what start and end say
    file = tmp_path / "Master.csv"
    file.write_text(table([*rows, ["half", "a", "row"]]), "utf-8")
    found = list(cdr.read(Source(path=file, options=ZONE)))
    rejected = {one.line: one.reason for one in found if isinstance(one, Rejection)}
    assert list(rejected) == [1, 3, 8]
    assert rejected[1] == "disposition cannot be “MAYBE”"
    assert "end is not start and duration" in rejected.values()
    assert len([one for one in found if isinstance(one, Heard)]) == 4  # one has lost one of its two rows
    assert [one.line for one in found] == sorted({one.line for one in found})


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_the_same_calls_are_read_in_every_encoding(encoding: str, ends: str, tmp_path: Path) -> None:
    file = tmp_path / "Master.csv"
    file.write_bytes((DATA / "master.csv").read_text("utf-8").replace("\n", ends).encode(encoding))
    assert whole(calls(file)) == whole(calls(DATA / "master.csv"))
    if encoding != "utf-16":
        assert cdr.sniff(file.read_bytes(), file.name) > 80


@settings(max_examples=25, deadline=None)
@given(order=st.permutations(range(10)))
def test_the_order_of_rows_does_not_matter(order: list[int], tmp_path: Path) -> None:
    heading, *rows = rows_of("freepbx.csv")
    file = tmp_path / "shuffled.csv"
    file.write_text(table([heading, *(rows[place] for place in order)]), "utf-8")
    assert whole(calls(file)) == whole(calls(DATA / "freepbx.csv"))


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_any_bytes_give_calls_rejections_or_one_refusal(data: st.DataObject, tmp_path: Path) -> None:
    good = data.draw(
        st.sampled_from([(DATA / name).read_bytes() for name in ("master.csv", "freepbx.csv", "custom.csv")])
    )
    at = data.draw(st.integers(0, len(good)))
    until = data.draw(st.integers(at, min(len(good), at + 400)))
    file = tmp_path / "any.csv"
    file.write_bytes(good[:at] + data.draw(st.binary(max_size=40)) + good[until:])
    cdr.sniff(file.read_bytes(), file.name)
    try:
        found = list(cdr.read(Source(path=file, options=ZONE)))
    except InvalidInput:
        return
    assert all(isinstance(one, Heard | Rejection) for one in found)
    assert [one.line for one in found] == sorted({one.line for one in found})
