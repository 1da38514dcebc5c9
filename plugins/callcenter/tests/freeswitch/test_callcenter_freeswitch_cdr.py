"""Call detail records of FreeSWITCH as JSON, XML and CSV."""

import json
from collections.abc import Iterable
from pathlib import Path

import pytest
from crmcore_callcenter.calls.together import facts_of
from crmcore_callcenter.freeswitch import cdr
from crmcore_callcenter.protocol.events import Heard
from hypothesis import given, settings
from hypothesis import strategies as st

from crmcore.api import InvalidInput, Rejection, Source

DATA = Path(__file__).parents[1] / "data" / "freeswitch"


def read(path: Path, **options: str) -> list[Heard | Rejection]:
    found = cdr.read(Source(path=path, options={"zone": "Asia/Shanghai", **options}))
    return [one for one in found if isinstance(one, Heard | Rejection)]


def said(heard: Heard | Rejection) -> tuple[object, ...]:
    """What a call was: from, to, who talked, transfers, abandoned, seconds, seconds of talk and of hold."""
    assert isinstance(heard, Heard)
    facts = facts_of(heard.events)
    talked = [leg.party.number for leg in facts.legs if leg.answered]
    figures = facts.seconds, facts.talk_seconds, facts.hold_seconds
    return facts.caller.number, facts.dialled, talked, facts.transfers, facts.abandoned, *figures


def whole(found: Iterable[object]) -> list[tuple[object, ...]]:
    return sorted((one.events for one in found if isinstance(one, Heard)), key=repr)


@pytest.mark.parametrize("name", ["legs.jsonl", "legs.json", "legs.xml"])
def test_the_legs_of_a_call_are_one_call_however_they_are_written(name: str) -> None:
    found = read(DATA / name)
    assert [said(one) for one in found] == [
        ("13800138000", "02161234567", ["1002"], 0, False, 96, 60, 10),
        ("13900139000", "02161234567", [], 0, False, 21, 0, 0),
        ("13300133000", "02161234567", [], 0, True, 60, 0, 0),
        ("1004", "013700137000", ["013700137000", "1005"], 1, False, 100, 90, 0),
        ("13600136000", "02161234567", ["1002"], 0, False, 100, 95, 0),
        ("1002", "1006", ["1006"], 1, False, 70, 65, 0),  # asks before passing on: see the test of imports
    ]
    queued = found[0]
    assert isinstance(queued, Heard)
    begin = queued.events[0]
    assert begin.caller
    assert begin.caller.name == "李伟"
    rung = [(one.target.agent, one.kind) for one in queued.events if one.target]
    assert rung == [("1001", "ring"), ("1001", "ring_end"), ("1002", "ring"), ("1002", "answer")]
    assert [one.queue for one in queued.events if one.kind == "queue"] == ["support"]
    assert [one.url for one in queued.events if one.url] == ["/rec/2026/a.wav"]
    asked = found[5]
    assert isinstance(asked, Heard)
    passed = next(one for one in asked.events if one.kind == "transfer")
    assert passed.by
    assert (passed.how, passed.by.number) == ("attended", "1002")
    assert found[4].line < asked.line
    assert {one[:8] for one in asked.events[0].ids} == {"00000050", "00000053"}
    assert cdr.sniff((DATA / name).read_bytes()[:65_536], name) > 90


def test_a_leg_alone_tells_of_its_call_by_the_same_ids_and_keys(tmp_path: Path) -> None:
    """One file a leg, as both modules write them: what each tells is found again in what all tell together."""
    together = {
        (one.call, one.key): one
        for heard in read(DATA / "legs.jsonl")
        if isinstance(heard, Heard)
        for one in heard.events
    }
    file = tmp_path / "leg.json"
    calls: dict[str, set[str]] = {}
    for line in (DATA / "legs.jsonl").read_text("utf-8").splitlines()[:5]:
        file.write_text(line, "utf-8")
        (heard,) = read(file)
        assert isinstance(heard, Heard)
        first = heard.events[0]
        assert {(one.call, one.key) for one in heard.events if one.kind not in ("begin", "hangup")} <= set(together)
        calls.setdefault(first.call, set()).update((first.call, *first.ids))
    assert len(calls) == 2


def test_the_table_of_mod_cdr_csv() -> None:
    found = read(DATA / "Master.csv")
    assert [said(one)[:5] for one in found] == [
        ("13800138000", "02161234567", ["02161234567"], 0, False),
        ("13900139000", "1003", [], 0, False),
        ("9008", "1004", [], 0, False),
        ("1004", "5000", [], 0, False),  # a menu answered: nobody talked
    ]
    first = found[0]
    assert isinstance(first, Heard)
    assert first.events[0].at
    assert first.events[0].at.isoformat() == "2026-11-20T06:00:00+00:00"
    assert [facts_of(one.events).reason for one in found if isinstance(one, Heard)] == [
        "completed", "no-answer", "busy", "completed",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        '{"name": "李伟", "phone": "13800138000"}\n' * 3,
        "<contacts><contact>李伟</contact></contacts>",
        '"02161234567","李伟","13800138000","2026-11-20 10:00:00","2026-11-20 10:00:05","x","y","65","60","N","1"\n',
        "Call Time,Caller ID,Destination,Status\n2026-11-20 09:00:00,13800138000,201,Answered\n",
    ],
)
def test_what_is_none_is_refused(text: str, tmp_path: Path) -> None:
    file = tmp_path / "other"
    file.write_text(text, "utf-8")
    assert cdr.sniff(file.read_bytes(), file.name) == 0
    with pytest.raises(InvalidInput, match="other is not read as call detail records of FreeSWITCH"):
        read(file)


@pytest.mark.parametrize(
    "kind",
    ['<!DOCTYPE cdr [<!ENTITY a "aaaa">]>', '<!DOCTYPE cdr SYSTEM "file:///etc/passwd">', "<!ENTITY a SYSTEM 'x'>"],
)
def test_xml_with_a_document_type_is_refused(kind: str, tmp_path: Path) -> None:
    file = tmp_path / "leg.xml"
    file.write_text((DATA / "legs.xml").read_text("utf-8").replace('<?xml version="1.0"?>', kind, 1), "utf-8")
    with pytest.raises(InvalidInput, match="document type"):
        read(file)


def test_a_bad_document_is_rejected_and_the_others_go_on(tmp_path: Path) -> None:
    lines = (DATA / "legs.jsonl").read_text("utf-8").splitlines()
    lines[1] = lines[1][:200]
    without = json.loads(lines[2])
    without["variables"] = {"uuid": "x"}
    without["callflow"] = []
    lines[2] = json.dumps(without)
    file = tmp_path / "legs.json"
    file.write_text("\n".join(lines), "utf-8")
    found = read(file)
    rejected = [(one.line, one.reason) for one in found if isinstance(one, Rejection)]
    assert rejected == [(2, "this is no JSON object"), (3, "it does not say when it began and ended")]
    assert len(found) == 8
    xml = tmp_path / "legs.xml"
    xml.write_text((DATA / "legs.xml").read_text("utf-8").replace("</variables>", "", 1), "utf-8")
    first, *others = read(xml)
    assert isinstance(first, Rejection)
    assert len(others) == 6


@settings(max_examples=15, deadline=None)
@given(order=st.permutations(range(13)))
def test_the_order_of_legs_does_not_matter(order: list[int], tmp_path: Path) -> None:
    lines = (DATA / "legs.jsonl").read_text("utf-8").splitlines()
    file = tmp_path / "legs.jsonl"
    file.write_text("\n".join(lines[place] for place in order), "utf-8")
    assert whole(read(file)) == whole(read(DATA / "legs.jsonl"))


@settings(max_examples=80, deadline=None)
@given(
    name=st.sampled_from(["legs.jsonl", "legs.json", "legs.xml", "Master.csv"]),
    share=st.floats(0, 1), gone=st.integers(0, 600), put=st.binary(max_size=40),
)  # fmt: skip
def test_any_bytes_give_calls_rejections_or_one_refusal(
    name: str, share: float, gone: int, put: bytes, tmp_path: Path
) -> None:
    good = (DATA / name).read_bytes()
    at = int(share * len(good))
    file = tmp_path / name
    file.write_bytes(good[:at] + put + good[at + gone :])
    cdr.sniff(file.read_bytes(), file.name)
    try:
        found = read(file)
    except InvalidInput:
        return
    assert [one.line for one in found] == sorted({one.line for one in found})
