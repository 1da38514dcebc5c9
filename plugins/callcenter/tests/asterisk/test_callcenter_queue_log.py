"""Asterisk's log of queues: calls, agents, and the lines that are neither."""

from pathlib import Path

import pytest
from crmcore_callcenter.asterisk import queue_log
from crmcore_callcenter.calls.together import facts_of
from crmcore_callcenter.protocol.events import AgentEvent, Heard
from hypothesis import given, settings
from hypothesis import strategies as st

from crmcore.api import InvalidInput, Rejection, Source

DATA = Path(__file__).parents[1] / "data" / "queue_log"


def read(path: Path, **options: str) -> list[Heard | AgentEvent | Rejection]:
    return list(queue_log.read(Source(path=path, options={"zone": "Asia/Shanghai", **options})))


def said(heard: Heard) -> tuple[object, ...]:
    """What a call was: from, queue, who talked, transfers, abandoned, reason, seconds, seconds of talk."""
    facts = facts_of(heard.events)
    talked = [leg.party.agent for leg in facts.legs if leg.answered]
    figures = facts.seconds, facts.talk_seconds
    return facts.caller.number, facts.queue, talked, facts.transfers, facts.abandoned, facts.reason, *figures


def test_the_lines_of_a_call_are_told_together() -> None:
    calls = [one for one in read(DATA / "queue_log") if isinstance(one, Heard)]
    assert [said(one) for one in calls] == [
        ("13800138000", "support", ["陈静"], 0, False, "completed", 145, 120),
        ("13900139000", "support", [], 0, True, "cancelled", 40, 0),
        ("13700137000", "support", ["PJSIP/201"], 1, False, "no-answer", 161, 90),
        ("", "", ["Agent/1001"], 1, False, "completed", 103, 95),  # when it came into the queue is in an older log
        ("", "support", [], 0, False, "no-answer", 0, 0),
    ]
    first = calls[0].events
    assert "1795136416.5" in first[0].ids
    rang = next(one for one in first if one.kind == "ring_end")
    assert rang.target
    assert (rang.target.number, rang.target.device, rang.reason) == ("201", "PJSIP/201", "no-answer")
    passed = [one for one in calls[2].events if one.kind == "transfer"]
    assert [(one.how, one.target.number if one.target else "") for one in passed] == [("blind", "205")]


def test_news_of_agents_and_lines_that_say_nothing() -> None:
    found = read(DATA / "queue_log")
    agents = [(one.agent, one.state, one.queue, one.reason, one.line) for one in found if isinstance(one, AgentEvent)]
    assert agents == [
        ("PJSIP/201", "available", "support", "", 2),
        ("陈静", "paused", "support", "", 3),
        ("PJSIP/201", "paused", "", "lunch", 4),
        ("PJSIP/201", "available", "", "", 5),
        ("陈静", "available", "support", "", 6),
        ("PJSIP/201", "offline", "support", "", 23),
    ]
    rejected = [(one.line, one.reason) for one in found if isinstance(one, Rejection)]
    assert rejected == [(24, "there is no event “MYEVENT” of queues")]
    in_calls = 24 - len(agents) - len(rejected) - 2  # two lines are about the queues themselves
    assert in_calls == 15
    assert len([one for one in found if isinstance(one, Heard)]) == 5


def test_an_export_of_the_table_tells_the_same_events() -> None:
    (call,) = read(DATA / "table.csv")
    assert isinstance(call, Heard)
    assert said(call) == ("13800138000", "support", ["陈静"], 0, False, "completed", 135, 120)
    head = (DATA / "table.csv").read_text("utf-8").splitlines()[0].split(",")
    assert queue_log.headings(head) > 80
    assert queue_log.sniff((DATA / "queue_log").read_bytes(), "queue_log") > 80


@pytest.mark.parametrize(
    "text",
    [
        "support|1795136400|1795136398.1|NONE|ENTERQUEUE||13800138000|1\n" * 3,  # shuffled
        "1795136400|1795136398.1|NONE|ENTERQUEUE||13800138000|1\n" * 3,  # a column is missing
        "20/11/2026 09:00:00|1795136398.1|support|NONE|ENTERQUEUE||13800138000|1\n" * 3,
        "2026-11-20|INFO|started|main|ok|\n2026-11-20|WARN|slow|main|ok|\n",
        "time,callid,queuename,agent,event\n1795136400,1795136398.1,support,NONE,VISITED\n",
    ],
)
def test_another_layout_is_refused_with_a_sentence_that_says_how_to_map_it(text: str, tmp_path: Path) -> None:
    file = tmp_path / "queue_log"
    file.write_text(text, "utf-8")
    with pytest.raises(InvalidInput, match=r"queue_log .*time, callid, queuename, agent, event.*--mapping FILE"):
        read(file)


def test_another_order_of_columns_is_mapped(tmp_path: Path) -> None:
    file, mapping = tmp_path / "own.txt", tmp_path / "own.toml"
    lines = (DATA / "queue_log").read_text("utf-8").splitlines()[6:13]
    file.write_text(
        "\n".join("|".join([*line.split("|")[1:3], line.split("|")[0], *line.split("|")[3:]]) for line in lines)
    )
    names = ["callid", "queuename", "time", "agent", "event", "data1", "data2", "data3"]
    mapping.write_text("[columns]\n" + "\n".join(f'"{n}" = "{name}"' for n, name in enumerate(names, start=1)), "utf-8")
    with pytest.raises(InvalidInput):
        read(file)
    padded = "\n".join((line + "||||").rstrip("\n") for line in file.read_text("utf-8").splitlines())
    file.write_text(padded, "utf-8")
    found = [one for one in read(file, mapping=str(mapping)) if isinstance(one, Heard)]
    assert [said(one)[:5] for one in found] == [
        ("13800138000", "support", ["陈静"], 0, False),
        ("13900139000", "support", [], 0, True),
    ]


@settings(max_examples=60, deadline=None)
@given(at=st.integers(0, 1_200), gone=st.integers(0, 200), put=st.binary(max_size=40))
def test_any_bytes_give_calls_rejections_or_one_refusal(at: int, gone: int, put: bytes, tmp_path: Path) -> None:
    good = (DATA / "queue_log").read_bytes()
    file = tmp_path / "queue_log"
    file.write_bytes(good[:at] + put + good[at + gone :])
    queue_log.sniff(file.read_bytes(), file.name)
    try:
        found = read(file)
    except InvalidInput:
        return
    assert [one.line for one in found] == sorted({one.line for one in found})
