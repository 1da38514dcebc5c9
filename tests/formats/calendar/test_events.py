"""What becomes of the parts of an event, a note and a task."""

from base64 import b64encode
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path

import pytest

from crmcore.formats.calendar.format import ICALENDAR
from crmcore.hooks.formats import Source
from crmcore.model.incoming import (
    Attachment,
    Incoming,
    IncomingInteraction,
    IncomingParticipant,
    IncomingTask,
    Rejection,
)

DATA = Path(__file__).resolve().parents[2] / "data" / "calendar"


def read_text(folder: Path, text: str) -> list[Incoming | Rejection]:
    path = folder / "some.ics"
    path.write_text(text, "utf-8")
    return list(ICALENDAR.read(Source(path=path)))


def event(folder: Path, *lines: str, calendar: str = "") -> IncomingInteraction:
    text = "\n".join(["BEGIN:VCALENDAR", calendar, "BEGIN:VEVENT", *lines, "END:VEVENT", "END:VCALENDAR", ""])
    (found,) = read_text(folder, text)
    assert isinstance(found, IncomingInteraction)
    return found


def todo(folder: Path, *lines: str, calendar: str = "") -> IncomingTask:
    text = "\n".join(["BEGIN:VCALENDAR", calendar, "BEGIN:VTODO", *lines, "END:VTODO", "END:VCALENDAR", ""])
    (found,) = read_text(folder, text)
    assert isinstance(found, IncomingTask)
    return found


def test_an_invitation_in_chinese() -> None:
    master, moved = ICALENDAR.read(Source(path=DATA / "invitation.ics"))
    assert master == IncomingInteraction(
        line=8,
        channel="meeting",
        external_id="8f2c@example.cn",
        at=datetime(2026, 3, 2, 1, 30, tzinfo=UTC),
        zone="Asia/Shanghai",
        seconds=5400,
        subject="季度回顾：与李总",
        body="议程：\n1. 合同续签, 报价\n2. 培训",
        location="上海市浦东新区; 3楼会议室",
        status="confirmed",
        participants=(
            IncomingParticipant(role="organizer", name="王芳", address="wang.fang@example.cn"),
            IncomingParticipant(role="attendee", name="Li, Wei", address="li.wei@example.com", status="accepted"),
            IncomingParticipant(role="attendee", address="chen@example.com", status="needs-action"),
        ),
        attachments=(Attachment(url="https://example.cn/agenda.pdf", media_type="application/pdf", name="议程.pdf"),),
        extra={
            "dtstart": "20260302T093000",
            "tzid": "China Standard Time",
            "dtend": "TZID=China Standard Time:20260302T110000",
            "attendee": "CN=Li, Wei;ROLE=REQ-PARTICIPANT;PARTSTAT=ACCEPTED:mailto:li.wei@example.com",
            "dtstamp": "20260201T000000Z",
            "rrule": "FREQ=MONTHLY;BYMONTHDAY=2",
            "exdate": "TZID=China Standard Time:20260502T093000\nTZID=China Standard Time:20260802T093000",
            "sequence": "3",
            "categories": "客户\n季度, Q1",
            "transp": "OPAQUE",
            "alarms": "2",
            "method": "REQUEST",
            "calendar.x-wr-calname": "销售",
        },
    )
    assert isinstance(moved, IncomingInteraction)
    assert moved.external_id == "8f2c@example.cn/20260402T013000Z"
    assert moved.at == datetime(2026, 4, 3, 1, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("start", "end", "seconds"),
    [
        ("DTSTART:20240101T100000Z", "DTEND:20240101T113000Z", 5400),
        ("DTSTART:20240101T100000Z", "DURATION:PT1H15M5S", 4505),
        ("DTSTART:20240101T100000Z", "DURATION:P1W", 7 * 86400),
        ("DTSTART:20240101T100000Z", "X-NONE:", None),
        ("DTSTART:20240101T100000Z", "DURATION:-PT1H", None),
        ("DTSTART:20240101T100000Z", "DTEND:20240101T090000Z", None),
        ("DTSTART:20240101T100000Z", "DTEND:soon", None),
        ("DTSTART;VALUE=DATE:20240101", "X-NONE:", 86400),
        ("DTSTART;VALUE=DATE:20240101", "DTEND;VALUE=DATE:20240104", 3 * 86400),
        ("DTSTART;VALUE=DATE:20240101", "DTEND;VALUE=DATE:20240101", 86400),
        ("DTSTART;TZID=Asia/Tokyo:20240101T100000", "DTEND:20240101T103000", 1800),
        ("DTSTART;VALUE=DATE:20240101T000000", "DURATION:P2D", 2 * 86400),
    ],
)
def test_length(tmp_path: Path, start: str, end: str, seconds: int | None) -> None:
    assert event(tmp_path, start, end).seconds == seconds


@pytest.mark.parametrize("end", ["DTEND:soon", "DTEND:20230101T000000Z", "DURATION:long", "DURATION:-PT1H"])
def test_an_end_that_makes_no_sense_is_named_and_kept(tmp_path: Path, end: str) -> None:
    found = event(tmp_path, "DTSTART:20240101T100000Z", end)
    name, _, value = end.partition(":")
    assert found.extra[name.lower()] == value
    assert found.extra["problems"].startswith("line 5: " + name)


@pytest.mark.parametrize(
    "value", ["20240229T093000Z", "2024-02-29T09:30:00Z", "2024-02-29T10:30:00+01:00", "20240229t093000z"]
)
def test_other_spellings_of_an_instant(tmp_path: Path, value: str) -> None:
    assert event(tmp_path, f"DTSTART:{value}").at == datetime(2024, 2, 29, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "value", ["", "1234", "20230229", "20171032T000000", "0:30", "PT1H", "20240101/20240102", "00000000"]
)
def test_a_start_that_is_no_date_is_rejected_with_line_and_value(tmp_path: Path, value: str) -> None:
    text = f"BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:x\nDTSTART:{value}\nEND:VEVENT\nEND:VCALENDAR\n"
    (found,) = read_text(tmp_path, text)
    assert isinstance(found, Rejection)
    assert (found.line, found.reason) == (4, f"DTSTART: “{value}” is no date or time.")
    assert "SUMMARY:x" in found.raw


def test_status_and_method(tmp_path: Path) -> None:
    assert event(tmp_path, "STATUS:TENTATIVE").status == "tentative"
    assert event(tmp_path, "STATUS:Canceled").status == "cancelled"
    assert event(tmp_path, "STATUS:CONFIRMED", calendar="METHOD:cancel").status == "cancelled"


def test_an_event_without_uid_keeps_its_id_from_export_to_export(tmp_path: Path) -> None:
    first = event(tmp_path, "DTSTAMP:20240101T000000Z", "SUMMARY:Tea", "DTSTART:20240101T100000Z")
    again = event(tmp_path, "DTSTAMP:20250505T000000Z", "SUMMARY:Tea", "DTSTART:20240101T100000Z")
    other = event(tmp_path, "DTSTAMP:20240101T000000Z", "SUMMARY:Tee", "DTSTART:20240101T100000Z")
    assert first.external_id.startswith("sha256:")
    assert first.external_id == again.external_id != other.external_id


def test_recurrence_ids(tmp_path: Path) -> None:
    assert event(tmp_path, "UID:a", "RECURRENCE-ID;VALUE=DATE:20240101").external_id == "a/20240101"
    zoned = event(tmp_path, "UID:a", "RECURRENCE-ID;RANGE=THISANDFUTURE;TZID=Europe/Paris:20240701T100000")
    assert zoned.external_id == "a/20240701T080000Z"
    assert zoned.extra["recurrence-id"] == "RANGE=THISANDFUTURE;TZID=Europe/Paris:20240701T100000"


def test_content_in_the_file_is_measured_not_carried(tmp_path: Path) -> None:
    content = bytes(range(256))
    inline = "ATTACH;VALUE=BINARY;ENCODING=BASE64;FMTTYPE=image/png;X-FILENAME=plan.png:" + b64encode(content).decode()
    found = event(tmp_path, inline, "ATTACH:https://example.com/a?b=c", "ATTACH;ENCODING=BASE64:***")
    assert found.attachments == (
        Attachment(name="plan.png", media_type="image/png", size=256, sha256=sha256(content).hexdigest()),
        Attachment(url="https://example.com/a?b=c"),
    )
    assert found.extra["attach"] == "ENCODING=BASE64:***"
    assert "ATTACH" in found.extra["problems"]


def test_people_as_various_programs_write_them(tmp_path: Path) -> None:
    found = event(
        tmp_path,
        'ORGANIZER;CN="O\'Neil, Ann":MAILTO:ann@example.com',
        'ATTENDEE;CN="half quoted:mailto:half@example.com',
        "ATTENDEE;ROLE=ORGANIZER;STATUS=NEEDS ACTION:Bo Li <bo@example.com>",
        "ATTENDEE;CN=room@example.com:mailto:room@example.com",
        "ATTENDEE;CN=Zoe;EMAIL=zoe@example.com:urn:uuid:1",
        "ATTENDEE:",
    )
    assert [(one.role, one.name, one.address, one.status) for one in found.participants] == [
        ("organizer", "O'Neil, Ann", "ann@example.com", ""),
        ("attendee", "half quoted", "half@example.com", ""),
        ("organizer", "Bo Li", "bo@example.com", "needs-action"),
        ("attendee", "", "room@example.com", ""),
        ("attendee", "Zoe", "zoe@example.com", ""),
    ]


def test_nothing_that_is_written_gets_lost(tmp_path: Path) -> None:
    found = event(
        tmp_path,
        "SUMMARY:one",
        "SUMMARY:two",
        "X-FOO;X-BAR=1:a\\,b",
        "RELATED-TO:other",
        "COMMENT;LANGUAGE=en:c\\nd",
        "no property",
        "BEGIN:VLOCATION",
        "NAME:Hall",
        "END:VLOCATION",
    )
    assert (found.subject, found.extra["summary"]) == ("one", "two")
    assert found.extra["x-foo"] == "X-BAR=1:a\\,b"
    assert found.extra["comment"] == "c\nd\nno property"  # a line of prose that was not folded
    assert found.extra["related-to"] == "other"
    assert found.extra["vlocation"] == "BEGIN:VLOCATION\nNAME:Hall"


def test_a_journal_entry_is_a_note(tmp_path: Path) -> None:
    note = "BEGIN:VJOURNAL\nUID:j\nDTSTART;VALUE=DATE:20240101\nDESCRIPTION:called\nEND:VJOURNAL"
    text = f"BEGIN:VCALENDAR\n{note}\nEND:VCALENDAR"
    (found,) = read_text(tmp_path, text)
    assert isinstance(found, IncomingInteraction)
    assert (found.channel, found.all_day, found.seconds, found.body) == ("note", date(2024, 1, 1), None, "called")


def test_tasks(tmp_path: Path) -> None:
    found = todo(
        tmp_path, "UID:t", "SUMMARY:Send quote", "DESCRIPTION:to Li", "DUE;TZID=Asia/Shanghai:20240301T010000",
        "ATTENDEE:mailto:bo@example.com", "CONTACT:Li Wei", "PRIORITY:1",
    )  # fmt: skip
    assert (found.external_id, found.subject, found.note, found.owner) == ("t", "Send quote", "to Li", "bo@example.com")
    assert (found.due, found.done, found.about) == (date(2024, 3, 1), False, "Li Wei")  # in UTC it is still February
    assert found.extra["priority"] == "1"
    assert found.extra["due"] == "TZID=Asia/Shanghai:20240301T010000"


@pytest.mark.parametrize(
    ("lines", "calendar", "due"),
    [
        (["DUE;VALUE=DATE:20240301"], "X-WR-TIMEZONE:Asia/Tokyo", date(2024, 3, 1)),
        (["DUE:20240301T200000Z"], "X-WR-TIMEZONE:Asia/Tokyo", date(2024, 3, 2)),
        (["DUE:20240301T200000Z"], "", date(2024, 3, 1)),
        (["DTSTART:20240301T200000Z", "DURATION:P2D"], "", date(2024, 3, 3)),
        (["DTSTART:20240301T200000Z"], "", None),
        (["DUE:tomorrow"], "", None),
    ],
)
def test_when_a_task_is_due(tmp_path: Path, lines: list[str], calendar: str, due: date | None) -> None:
    assert todo(tmp_path, "SUMMARY:x", *lines, calendar=calendar).due == due


@pytest.mark.parametrize(
    ("line", "done"),
    [
        ("STATUS:COMPLETED", True),
        ("COMPLETED:20240101T000000Z", True),
        ("PERCENT-COMPLETE:100", True),
        ("PERCENT-COMPLETE:90", False),
        ("STATUS:IN-PROCESS\nPERCENT-COMPLETE:100", False),
        ("STATUS:NEEDS-ACTION", False),
        ("PRIORITY:1", False),
    ],
)
def test_when_a_task_is_done(tmp_path: Path, line: str, done: bool) -> None:
    assert todo(tmp_path, line).done is done
