from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from crmcore.errors import InvalidInput
from crmcore.formats.table.format import CSV
from crmcore.hooks.formats import Source
from crmcore.model.incoming import IncomingContact, IncomingInteraction, IncomingParticipant, IncomingTask, Rejection

DATA = Path(__file__).resolve().parents[3] / "tests" / "data" / "csv"


def read(path: Path, **options: str) -> list[Any]:
    return list(CSV.read(Source(path=path, options=options)))


def test_call_rows() -> None:
    first, second, no_time, no_length = read(DATA / "calls.csv")
    assert isinstance(first, IncomingInteraction)
    assert (first.channel, first.direction, first.seconds, first.external_id) == ("call", "in", 125, "c1")
    assert (first.at, first.zone) == (datetime(2026, 3, 1, 1, 15, tzinfo=UTC), "+08:00")
    assert first.participants == (
        IncomingParticipant(role="callee", address="1001"),
        IncomingParticipant(role="caller", name="张三", address="+8613800138000"),
    )
    assert (first.body, first.owner) == ("asked for a quotation", "li.wei")
    assert (second.direction, second.seconds, second.at) == ("out", 45, datetime(2026, 3, 1, 10, tzinfo=UTC))
    assert isinstance(no_time, Rejection)
    assert ("Call Time" in no_time.reason, "yesterday" in no_time.reason) == (True, True)
    assert isinstance(no_length, Rejection)
    assert "soon" in no_length.reason


def test_chinese_activities(tmp_path: Path) -> None:
    mapping = tmp_path / "m.toml"
    mapping.write_text('zone = "Asia/Shanghai"\n', encoding="utf-8")
    call, visit, chat = read(DATA / "activities_chinese.csv", mapping=str(mapping))
    assert (call.channel, call.subject, call.body, call.owner) == ("call", "报价", "谈了价格", "李伟")
    assert (call.at, call.zone) == (datetime(2026, 3, 1, 6, 30, tzinfo=UTC), "Asia/Shanghai")
    assert call.participants == (IncomingParticipant(role="present", name="北京水务集团"),)
    assert (visit.channel, visit.at, visit.all_day) == ("visit", None, date(2026, 3, 2))
    assert (chat.channel, chat.body, chat.extra["跟进方式"]) == ("chat", "发了合同", "微信")


def test_tasks() -> None:
    offer, back, wrong = read(DATA / "tasks.csv")
    assert isinstance(offer, IncomingTask)
    assert (offer.subject, offer.due, offer.done) == ("Send offer", date(2026, 12, 1), False)
    assert (offer.about, offer.owner, offer.note) == ("Grace Hopper", "ann@us.example", "by mail")
    assert dict(offer.extra) == {"Status": "Not Started", "Priority": "High"}
    assert (back.due, back.done) == (date(2026, 11, 30), True)
    assert isinstance(wrong, Rejection)
    assert ("Due Date" in wrong.reason, "31/11/2026" in wrong.reason) == (True, True)


def test_salesforce_events_are_meetings(tmp_path: Path) -> None:
    path = tmp_path / "events.csv"
    path.write_text(
        "Id,Subject,StartDateTime,DurationInMinutes,Location,WhoId,Description\n"
        "00U1,Demo,2026-03-01T10:00:00.000+0000,90,Room 1,003A,went well\n",
        encoding="utf-8",
    )
    (event,) = read(path)
    assert (event.channel, event.seconds, event.location, event.external_id) == ("meeting", 5400, "Room 1", "00U1")
    assert event.participants == (IncomingParticipant(role="present", address="003A"),)


def test_an_address_book_with_dates_and_notes_stays_one(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text(
        "First Name,Last Name,Date,Type,Notes,Phone\nAnn,Lee,2026-01-01,VIP,likes tea,1\n", encoding="utf-8"
    )
    (ann,) = read(path)
    assert isinstance(ann, IncomingContact)
    assert dict(ann.extra) == {"Date": "2026-01-01", "Type": "VIP"}


@pytest.mark.parametrize(
    ("table", "direction", "parties"),
    [
        (
            "calldate,src,dst,channel,duration\n2026-11-20 09:00:00,13800138000,201,SIP/trunk-00000001,120\n",
            "",
            [("caller", "13800138000"), ("callee", "201")],
        ),
        (
            "Number,Date,Duration,Type\n13800138000,2026-11-20 09:00:00,120,Incoming\n",
            "in",
            [("caller", "13800138000")],
        ),
        (
            "号码,对方号码,呼叫类型,开始时间,时长\n02161234567,13800138000,主叫,2026-11-20 09:00:00,120\n",
            "out",
            [("callee", "13800138000")],
        ),
        (
            "客户号码,通话类型,通话时间,通话时长,备注\n13800138000,呼入,2026-11-20 09:00:00,2分0秒,报价\n",
            "in",
            [("caller", "13800138000")],
        ),
    ],
    ids=["of Asterisk", "of a telephone", "of one's own number", "with notes"],
)
def test_a_table_of_calls_is_of_calls_whatever_its_columns_say(
    tmp_path: Path, table: str, direction: str, parties: list[tuple[str, str]]
) -> None:
    path = tmp_path / "t.csv"
    path.write_text(table, encoding="utf-8")
    (call,) = read(path)
    assert (call.channel, call.seconds, call.direction) == ("call", 120, direction)
    assert call.at == datetime(2026, 11, 20, 9, tzinfo=UTC)
    assert [(one.role, one.address) for one in call.participants] == parties


def test_what_a_telephone_system_tells_of_itself_is_no_list_of_people(tmp_path: Path) -> None:
    path, mapping = tmp_path / "t.csv", tmp_path / "m.toml"
    path.write_text("事件,姓名,主叫号码,通道\nANSWER,李伟,13800138000,SIP/trunk-1\n", encoding="utf-8")
    with pytest.raises(InvalidInput, match="of a telephone system, neither contacts nor customers"):
        read(path)
    mapping.write_text('[columns]\n"主叫号码" = "phone"\n', encoding="utf-8")
    (person,) = read(path, mapping=str(mapping))
    assert isinstance(person, IncomingContact)
    path.write_text("Name;Rufnummer;Datum;Dauer\nLi;13800138000;20.11.2026 09:00;2:00\n", encoding="utf-8")
    with pytest.raises(InvalidInput, match="telephone calls"):
        read(path)
