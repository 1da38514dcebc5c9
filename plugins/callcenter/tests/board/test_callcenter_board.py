"""The board: how it stands at the telephones, in a few statements, in 80 columns, live in a terminal."""

import os
import pty
import re
import signal
import subprocess
import sys
import time
from datetime import timedelta

import pytest
from crmcore_callcenter.agents.presence import follow, say
from crmcore_callcenter.agents.queues import join
from crmcore_callcenter.board.layout import Column, cut, filled, table
from crmcore_callcenter.board.standing import standing
from crmcore_callcenter.board.telling import lines, shown
from crmcore_callcenter.callbacks.owed import ended
from crmcore_callcenter.model.agent import CallAgent, CallQueue
from crmcore_callcenter.model.call import Call
from crmcore_callcenter.tables import leg
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from sqlalchemy import insert


@pytest.fixture
def house(office):
    """Ten o'clock on a Tuesday: nine callers of today were answered or gave up, three calls go on."""
    now = office.clock.now

    def at(**before):
        return now - timedelta(**before)

    with office.at(now, user="ann") as tx:
        support = tx.add(CallQueue(name="Support", code="support", answer_seconds=20, callback_minutes=30))
        hotline = tx.add(CallQueue(name="售后服务热线", code="hotline"))
        anna = tx.add(CallAgent(name="Anna", extension="201"))
        bruno = tx.add(CallAgent(name="Bruno", extension="202"))
        chen = tx.add(CallAgent(name="陈静", extension="203"))
        tx.add(CallAgent(name="Dora", extension="204"))
        tx.flush()
        for one in (anna, bruno):
            join(tx, support.id, one.id)
        join(tx, hotline.id, chen.id)

        def call(wait, *, queue=support, talk=None, ago=3600, direction="in", **more):
            begun = at(seconds=ago)
            answered = None if talk is None else begun + timedelta(seconds=wait)
            fields = {
                "started_at": begun, "queued_at": begun if direction == "in" else None, "answered_at": answered,
                "answered": talk is not None, "ended_at": begun + timedelta(seconds=wait + (talk or 0)),
                "status": "ended", "direction": direction, "queue_id": queue.id if direction == "in" else None,
                "abandoned": talk is None and direction == "in",
            }  # fmt: skip
            return tx.add(Call(**{**fields, **more}))

        over = [call(10, talk=60) for _each in range(5)] + [call(40, talk=60) for _each in range(2)]
        lost = call(30, ago=3500, from_normal="+8613800000007", contact_id=office.contacts[7])
        over += [lost, call(30), call(3), call(10, talk=60, ago=86_400)]
        going = {"ended_at": None, "abandoned": False}
        waits = call(0, ago=65, **going, status="queued", from_normal="+8613700000001", from_number="13700000001")
        talks = call(
            5, ago=605, talk=1, **going, status="talking", from_normal="+8613800000009", contact_id=office.contacts[9]
        )
        rings = call(
            0, ago=12, **going, direction="out", status="ringing", from_number="202", to_normal="+861069445464"
        )
        tx.flush()
        tx.execute(
            insert(leg),
            [
                {
                    "id": tx.new_id(), "call_id": talks.id, "place": 1, "device": "", "number": "201", "name": "",
                    "agent_id": anna.id, "user_id": None, "rang_at": at(seconds=605), "answered": True,
                    "answered_at": at(seconds=600), "ended_at": None, "reason": "", "transfer": "",
                }
            ],
        )  # fmt: skip
        follow(tx, [talks.id, rings.id, waits.id])
        ended(tx, [one.id for one in over])
    with office.at(at(minutes=20), user="ann") as tx:
        say(tx, chen.id, "paused", "午饭")
    return office


def test_the_board_tells_how_it_stands_in_seven_statements(house, crm_statements):
    with house.app.read(house.app.actor("sam")) as reader, crm_statements(house.app) as asked:
        board = standing(reader)
    assert len(asked) == 8  # one is the core's: whether anything is private to anybody
    support, hotline = board.queues
    assert (support.offered, support.answered, support.in_time, support.in_time_rate) == (10, 8, 6, 60.0)
    assert (support.abandoned, support.abandon_rate, support.overdue) == (2, 20.0, 1)
    assert (support.waiting, support.longest, support.late) == (1, 65, True)
    assert (hotline.name, hotline.offered, hotline.in_time_rate, hotline.waiting) == ("售后服务热线", 0, None, 0)
    person = board.calls[0].party
    assert [(one.name, one.state, one.seconds, one.with_whom) for one in board.agents] == [
        ("Anna", "talking", 600, person), ("Bruno", "ringing", 12, "+861069445464"), ("Dora", "", None, ""),
        ("陈静", "paused", 1200, ""),
    ]  # fmt: skip
    assert [(one.direction, one.status, one.seconds, one.agents) for one in board.calls] == [
        ("in", "talking", 605, ["Anna"]), ("in", "queued", 65, []), ("out", "ringing", 12, ["Bruno"]),
    ]  # fmt: skip
    assert board.calls[0].number == "+8613800000009" != person
    assert [one.number or one.normal for one in board.callbacks] == ["+8613800000007"]
    with house.app.read(house.app.actor("sam")) as reader:
        alone = standing(reader, hotline.id)
    assert ([one.name for one in alone.queues], [one.name for one in alone.agents]) == (["售后服务热线"], ["陈静"])
    assert (alone.calls, alone.overdue) == ([], 0)


def test_the_board_is_printed_once_in_80_columns_in_english_and_chinese_where_it_is_piped(house):
    for language in ("en", "zh"):
        out = house.crm("callcenter", "board", user="sam", COLUMNS="80", CRM_LANG=language).out
        assert "\x1b" not in out
        assert max(cell_len(line) for line in out.splitlines()) <= 80
        for text in ("Support", "售后服务热线", "1:05", "60%", "2 (20%)", "Anna", "10:00", "陈静", "午饭", "20:00"):
            assert text in out, text
        assert "09:32" in out  # when the callback was due
    told = house.json("callcenter", "board", "--once", "--queue", "support", user="sam")
    assert (told["queues"][0]["waiting"], told["overdue"], len(told["agents"])) == (1, 1, 2)
    assert told["calls"][0]["agents"] == ["Anna"]


def test_the_board_is_drawn_in_one_place_until_ctrl_c(house):
    main, side = pty.openpty()
    address = house.app.url
    told = {
        "CRM_DATABASE_URL": address, "CRM_USER": "sam", "CRM_LANG": "en", "COLUMNS": "80", "LINES": "24",
        "TERM": "xterm", "PYTHONUNBUFFERED": "1",
    }  # fmt: skip
    command = [sys.executable, "-m", "crmcore.cli", "callcenter", "board", "--every", "0.2"]
    running = subprocess.Popen(
        command, env={**os.environ, **told}, stdin=side, stdout=side, stderr=subprocess.PIPE, start_new_session=True
    )
    os.close(side)
    seen, until = b"", time.monotonic() + 60
    while seen.count(b"\x1b[H") < 3 and time.monotonic() < until:
        seen += os.read(main, 65_536)
    running.send_signal(signal.SIGINT)
    try:
        while more := os.read(main, 65_536):
            seen += more
    except OSError:  # the other side is closed
        pass
    assert (running.wait(timeout=60), running.stderr.read()) == (0, b"")
    running.stderr.close()
    os.close(main)
    text = seen.decode()
    assert text.startswith("\x1b[?1049h\x1b[?25l\x1b[H")
    assert text.endswith("\x1b[?25h\x1b[?1049l")
    assert "\x1b[2J" not in text
    frame = text.split("\x1b[H")[2].partition("\x1b[J")[0]
    rows = re.sub(r"\x1b\[\d*m", "", frame).split("\r\n")
    assert len(rows) <= 24
    assert {cell_len(row) for row in rows} == {79}
    assert "\x1b[31mSupport" in frame  # somebody waits too long


@given(
    st.lists(st.tuples(*[st.text(alphabet="abc 张伟客户服务中心", max_size=40)] * 3), max_size=5),
    st.integers(30, 120),
)
def test_columns_fit_any_width_and_numbers_are_never_cut(rows, width):
    columns = [Column(name="客户"), Column(name="whom"), Column(name="数", number=True)]
    rows = [(one, other, str(len(third))) for one, other, third in rows]
    told = table(columns, rows, width)
    assert all(cell_len(line.text) <= width for line in told)
    assert all(line.text.endswith(row[2]) for line, row in zip(told[1:], rows, strict=True))
    for row in rows:
        assert cell_len(filled(row[0], width)) == width
        assert cut(row[0], 80) == row[0]


def test_what_has_no_room_is_counted(house):
    with house.app.read() as reader:
        told = lines(standing(reader), 80, reader.now.tzinfo)
    assert shown(told, len(told)) == told
    few = shown(told, 5)
    assert len(few) == 5
    assert few[-1].text.startswith(f"… {len(told) - 4} more lines")
