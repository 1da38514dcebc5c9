"""Broken, odd and hostile files: good records are kept, bad ones named, and nothing but InvalidInput is raised."""

import tracemalloc
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmcore.errors import InvalidInput
from crmcore.formats.calendar.format import ICALENDAR
from crmcore.hooks.formats import Source
from crmcore.model.incoming import Incoming, IncomingInteraction, Rejection

REAL = Path(__file__).resolve().parents[3] / ".." / "shared" / "realworld" / "calendar"
DATA = Path(__file__).resolve().parents[2] / "data" / "calendar"
SEEDS = sorted(DATA.glob("*.ics")) + [path for path in sorted(REAL.glob("*/*.ics")) if path.stat().st_size < 3000]


def read(folder: Path, content: bytes, **options: str) -> list[Incoming | Rejection]:
    path = folder / "some.ics"
    path.write_bytes(content)
    return list(ICALENDAR.read(Source(path=path, options=options)))


def subjects(found: list[Incoming | Rejection]) -> list[str]:
    return [one.subject for one in found if isinstance(one, IncomingInteraction)]


def complaints(found: list[Incoming | Rejection]) -> list[tuple[int, str]]:
    return [(one.line, one.reason) for one in found if isinstance(one, Rejection)]


def calendar(*lines: str) -> str:
    return "\r\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", *lines, "END:VCALENDAR", ""])


def event(subject: str) -> str:
    return f"BEGIN:VEVENT\r\nUID:{subject}\r\nSUMMARY:{subject}\r\nEND:VEVENT"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "some.ics: the file is empty."),
        (b" \r\n\r\n", "some.ics: the file is empty."),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(range(256)), "some.ics: this is a binary file, not a calendar."),
        (b"PK\x03\x04" + b"\x14\0" * 50, "some.ics: this is a binary file, not a calendar."),
        (b"name,phone\r\nLi,123\r\n", "some.ics: no calendar in it (no line BEGIN:VCALENDAR)."),
    ],
)
def test_files_that_are_no_calendar(tmp_path: Path, content: bytes, sentence: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        read(tmp_path, content)
    assert str(caught.value) == sentence


def test_a_missing_file_and_an_unknown_encoding(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match=r"^none\.ics: cannot be read: No such file"):
        list(ICALENDAR.read(Source(path=tmp_path / "none.ics")))
    with pytest.raises(InvalidInput, match="“nonsense” is not a known encoding"):
        read(tmp_path, calendar(event("x")).encode(), encoding="nonsense")
    with pytest.raises(InvalidInput, match=r"^some\.ics: the file is not written in utf-8\.$"):
        read(tmp_path, calendar(event("Ä")).encode("latin-1"), encoding="utf-8")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "gb18030"])
@pytest.mark.parametrize("text", ["与李总会议", "会议", "季度回顾会议，请带上合同"])
def test_chinese_in_any_encoding(tmp_path: Path, encoding: str, text: str) -> None:
    assert subjects(read(tmp_path, calendar(event(text)).encode(encoding))) == [text]


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("latin-1", "Möte i Sången"),
        ("cp1252", "Réunion à Genève – prêt"),
        ("latin-1", "Västerås"),
        ("big5", "與李總會議"),
        ("shift_jis", "会議のお知らせ"),
        ("cp1251", "Новый год"),
    ],
)
def test_other_encodings_without_a_word_about_them(tmp_path: Path, encoding: str, text: str) -> None:
    assert subjects(read(tmp_path, calendar(event(text)).encode(encoding))) == [text]


def test_the_encoding_the_user_names_is_believed(tmp_path: Path) -> None:
    assert subjects(read(tmp_path, calendar(event("Ärger")).encode("cp437"), encoding="cp437")) == ["Ärger"]


def test_a_fold_may_cut_a_character(tmp_path: Path) -> None:
    raw = calendar(event("会议")).encode().replace("议".encode(), "议".encode()[:1] + b"\r\n " + "议".encode()[1:])
    assert subjects(read(tmp_path, raw)) == ["会议"]


@pytest.mark.parametrize("end", ["\n", "\r", "\r\n", "\r\r\n", "\n\n"])
def test_line_ends(tmp_path: Path, end: str) -> None:
    content = calendar(event("a"), event("b\r\n c")).replace("\r\n", end).encode()
    assert subjects(read(tmp_path, content)) == ["a", "bc"]


def test_several_calendars_and_a_missing_end_of_each_kind(tmp_path: Path) -> None:
    content = calendar(event("a")) + "BEGIN:VCALENDAR\r\nMETHOD:CANCEL\r\n" + event("b") + "\r\n"
    content += calendar(
        "BEGIN:VEVENT", "SUMMARY:cut", event("c"), "BEGIN:VEVENT\r\nBEGIN:VALARM\r\nEND:VEVENT", event("d")
    )
    found = read(tmp_path, content.encode())
    assert subjects(found) == ["a", "b", "c", "", "d"]
    assert [one.status for one in found if isinstance(one, IncomingInteraction)] == ["", "cancelled", "", "", ""]
    assert complaints(found) == [
        (8, "The calendar that begins here has no END:VCALENDAR; the file may be cut off."),
        (16, "VEVENT has no END:VEVENT; it may be cut off."),
    ]


def test_what_cannot_be_taken_is_named(tmp_path: Path) -> None:
    content = calendar(
        "BEGIN:X-THING\r\nA:1\r\nEND:X-THING", event("a"), "stray", "END:VTODO", "BEGIN:VEVENT\r\nEND:VEVENT"
    )
    found = read(tmp_path, (content + event("out")).encode())
    assert subjects(found) == ["a"]
    assert complaints(found) == [
        (3, "X-THING is no component that is known here."),
        (11, "“END:VTODO” ends nothing that was begun."),
        (12, "VEVENT: it is empty."),
        (15, "VEVENT stands outside a calendar (BEGIN:VCALENDAR ... END:VCALENDAR)."),
    ]


def test_vcalendar_1_with_quoted_printable_in_a_chinese_charset(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        b"BEGIN:VCALENDAR\r\nVERSION:1.0\r\nTZ:+08\r\nBEGIN:VEVENT\r\n"
        b"SUMMARY;CHARSET=GB2312;ENCODING=QUOTED-PRINTABLE:=B1=B1=\r\n=BE=A9\r\n"
        b"LOCATION;CHARSET=GB2312:" + "上海".encode("gb2312") + b"\r\n"
        b"DESCRIPTION;QUOTED-PRINTABLE:one=0D=0Atwo\r\nDTSTART:20240102T090000\r\nRRULE:D1 #5\r\n"
        b"AALARM:20240102T084500\r\n"
        b"END:VEVENT\r\nEND:VCALENDAR\r\n",
    )
    (one,) = found
    assert isinstance(one, IncomingInteraction)
    assert (one.subject, one.location, one.body) == ("北京", "上海", "one\ntwo")
    assert (one.at, one.zone) == (datetime(2024, 1, 2, 1, tzinfo=UTC), "+08:00")
    assert (one.extra["rrule"], one.extra["aalarm"]) == ("D1 #5", "20240102T084500")


@pytest.mark.parametrize(
    ("head", "name", "least", "most"),
    [
        (b"BEGIN:VCALENDAR\r\n", "a.ics", 95, 100),
        (b"\xef\xbb\xbf\r\nbegin:vcalendar\n", "mail", 95, 100),
        ("BEGIN:VCALENDAR\r\n".encode("utf-16"), "a", 95, 100),
        (b"X-JUNK\r\nBEGIN:VCALENDAR\r\n", "a.vcs", 80, 95),
        (b"\0\1\2", "a.ics", 1, 50),
        (b"Subject: x\r\n\r\nBEGIN:VCALENDAR\r\n", "a.eml", 0, 0),
        (b"BEGIN:VCARD\r\n", "a.vcf", 0, 0),
        (b"", "a.txt", 0, 0),
    ],
)
def test_sniffing(head: bytes, name: str, least: int, most: int) -> None:
    assert least <= ICALENDAR.sniff(head, name) <= most


def survives(folder: Path, content: bytes) -> None:
    try:
        found = read(folder, content)
    except InvalidInput:
        return
    for one in found:
        assert one.line >= 1
        if isinstance(one, IncomingInteraction):
            assert one.at is None or one.at.utcoffset() == timedelta()
            assert one.external_id


PIECES = st.sampled_from(
    [b"BEGIN:VCALENDAR", b"END:VCALENDAR", b"BEGIN:VEVENT", b"END:VEVENT", b"BEGIN:VTODO", b"END:VTODO",
     b"BEGIN:VALARM",
     b"BEGIN:VTIMEZONE", b"BEGIN:STANDARD", b"DTSTART", b"DTEND", b"DUE", b"DURATION", b"RECURRENCE-ID", b"ATTENDEE",
     b"ATTACH", b"TZID", b"X-WR-TIMEZONE", b";TZID=", b";VALUE=DATE", b";ENCODING=BASE64",
     b";ENCODING=QUOTED-PRINTABLE", b"idna", b"undefined",
     b";CHARSET=", b":", b";", b"=", b"\r\n", b"\n ", b"\n", b'"', b"\\", b"00010101T000000", b"99991231T235959Z",
     b"P999999999999W", b"-PT1S", b"Pacific/Kiritimati", b"UTC+14", b"mailto:", b"\0", b"\xff", b"\xe4\xbc"]
)  # fmt: skip


@given(content=st.binary(max_size=300))
def test_random_bytes(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    survives(tmp_path_factory.getbasetemp(), content)
    survives(tmp_path_factory.getbasetemp(), b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART" + content)


@given(pieces=st.lists(PIECES | st.binary(max_size=4), max_size=60))
def test_random_pieces_of_calendars(tmp_path_factory: pytest.TempPathFactory, pieces: list[bytes]) -> None:
    survives(tmp_path_factory.getbasetemp(), b"BEGIN:VCALENDAR\nBEGIN:VEVENT\n" + b"".join(pieces))


@given(data=st.data())
@settings(max_examples=300, deadline=None)
def test_mutated_calendars(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    content = bytearray(data.draw(st.sampled_from(SEEDS)).read_bytes())
    for _ in range(data.draw(st.integers(1, 8))):
        at = data.draw(st.integers(0, max(len(content) - 1, 0)))
        length = data.draw(st.integers(0, 30))
        content[at : at + length] = data.draw(PIECES | st.binary(max_size=8))
    survives(tmp_path_factory.getbasetemp(), bytes(content))


def test_the_same_file_reads_the_same_each_time() -> None:
    for path in SEEDS[:20]:
        assert list(ICALENDAR.read(Source(path=path))) == list(ICALENDAR.read(Source(path=path)))


def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    def peak(events: int) -> int:
        path = tmp_path / "many.ics"
        path.write_text(calendar(*(event(f"number {number}") for number in range(events))), "utf-8")
        tracemalloc.start()
        assert sum(1 for _ in ICALENDAR.read(Source(path=path))) == events
        used = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return used

    peak(100)
    assert peak(4000) < 2 * peak(400)
