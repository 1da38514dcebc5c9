"""Importing again: the same file changes nothing, one mail is one interaction however it comes, events follow their
revisions (RFC 5546, 2.1.5; pains 6 and 19)."""

from collections.abc import Callable
from typing import Any

import pytest

Counts = Callable[..., dict[str, int]]
PEOPLE = "Name,Company,Title,E-mail,Phone"
ROWS = [
    ("Li Wei", "Acme", "Buyer", "li@acme.example", "+86 138 0013 8000"),
    ("王芳", "水务集团", "", "", "010-6655 7788"),
]
EVENT = (
    "UID:e1@x.example|DTSTAMP:20260301T000000Z|SEQUENCE:{n}|DTSTART:2026030{n}T020000Z|DURATION:PT1H|SUMMARY:Visit {n}"
)


def again(counts: Counts, path: object, dump: Any, read: int) -> None:
    assert counts(path) == {"read": read, "created": read}
    before = dump()
    assert counts(path) == {"read": read, "unchanged": read}
    assert dump() == before


def test_a_csv_twice(make: Any, counts: Counts, dump: Any) -> None:
    again(counts, make.csv("a.csv", PEOPLE, ROWS), dump, 2)


def test_a_workbook_twice_and_as_csv(make: Any, counts: Counts, dump: Any) -> None:
    again(counts, make.xlsx("a.xlsx", PEOPLE, ROWS), dump, 2)
    assert counts(make.csv("a.csv", PEOPLE, ROWS)) == {"read": 2, "unchanged": 2}


def test_cards_twice_with_and_without_a_uid(make: Any, counts: Counts, dump: Any) -> None:
    path = make.cards(
        "a.vcf",
        "UID:urn:uuid:1|FN:Li Wei|EMAIL:li@x.example",
        "FN:Wang Fang|TEL:+8613900139000",
        "FN:No Points|NOTE:shy",
    )
    again(counts, path, dump, 3)


def test_a_calendar_twice(make: Any, counts: Counts, dump: Any) -> None:
    again(counts, make.calendar("a.ics", EVENT.format(n=1)), dump, 1)


def test_mail_twice_in_every_form_is_one_interaction(make: Any, counts: Counts, dump: Any, listed: Any) -> None:
    messages = [make.mail(1), make.mail(2), make.mail(3)]
    again(counts, make.mbox("a.mbox", messages), dump, 3)
    assert counts(make.eml("one.eml", messages[0])) == {"read": 1, "unchanged": 1}
    assert counts(make.maildir("box", messages)) == {"read": 3, "unchanged": 3}
    assert len(listed("interaction", "list")) == 3


def test_a_maildir_twice_though_messages_were_read_meanwhile(make: Any, counts: Counts, dump: Any) -> None:
    box = make.maildir("box", [make.mail(1), make.mail(2)])
    again(counts, box, dump, 2)
    for path in (box / "new").iterdir():
        path.rename(box / "cur" / (path.name + ":2,S"))
    assert counts(box) == {"read": 2, "unchanged": 2}


def test_another_copy_of_a_mail_adds_what_is_missing_and_takes_nothing(make: Any, counts: Counts, listed: Any) -> None:
    counts(make.eml("theirs.eml", make.mail(1)))
    ours = make.mail(1, "Bcc: boss@us.example", body="We want 1 pumps.\n-- \nsent through the list\n")
    assert counts(make.eml("ours.eml", ours)) == {"read": 1, "updated": 1}
    assert counts(make.eml("ours.eml", ours)) == {"read": 1, "unchanged": 1}
    (one,) = listed("interaction", "list")
    assert {each["address"] for each in one["participants"]} == {
        "li1@water.example",
        "ann@us.example",
        "boss@us.example",
    }


def test_a_thread_is_kept_together(make: Any, counts: Counts, query: Any) -> None:
    answer = make.mail(2, "In-Reply-To: <m1@water.example>", "References: <m1@water.example>")
    counts(make.mbox("a.mbox", [make.mail(1), answer]))
    assert query("SELECT DISTINCT thread FROM interaction") == [("m1@water.example",)]


@pytest.mark.parametrize("apart", [True, False])
def test_a_later_revision_updates_and_an_earlier_one_does_not(
    apart: bool, make: Any, counts: Counts, listed: Any
) -> None:
    first, second, third = (EVENT.format(n=n) for n in (1, 2, 3))
    if apart:
        assert counts(make.calendar("a.ics", second)) == {"read": 1, "created": 1}
        assert counts(make.calendar("b.ics", third)) == {"read": 1, "updated": 1}
        assert counts(make.calendar("c.ics", first)) == {"read": 1, "unchanged": 1}
    else:
        assert counts(make.calendar("a.ics", second, third, first)) == {
            "read": 3,
            "created": 1,
            "updated": 1,
            "unchanged": 1,
        }
    (one,) = listed("interaction", "list")
    assert (one["subject"], one["at"][:13]) == ("Visit 3", "2026-03-03T02")


def test_of_two_copies_with_one_sequence_the_later_stamp_counts(make: Any, counts: Counts, listed: Any) -> None:
    early = "UID:e|DTSTAMP:20260301T000000Z|DTSTART:20260302T020000Z|SUMMARY:Early"
    late = "UID:e|DTSTAMP:20260302T000000Z|DTSTART:20260302T020000Z|SUMMARY:Late"
    counts(make.calendar("late.ics", late))
    assert counts(make.calendar("early.ics", early)) == {"read": 1, "unchanged": 1}
    assert [one["subject"] for one in listed("interaction", "list")] == ["Late"]


def test_a_cancelled_meeting_keeps_its_row(make: Any, counts: Counts, listed: Any) -> None:
    counts(make.calendar("a.ics", EVENT.format(n=1)))
    cancelled = make.calendar("b.ics", EVENT.format(n=2) + "|STATUS:CANCELLED")
    assert counts(cancelled) == {"read": 1, "updated": 1}
    (one,) = listed("interaction", "list")
    assert one["status"] == "cancelled"
    assert counts(cancelled) == {"read": 1, "unchanged": 1}


def test_a_cancellation_by_method_alone(make: Any, counts: Counts, listed: Any) -> None:
    counts(make.calendar("a.ics", EVENT.format(n=1)))
    path = make.calendar("b.ics", EVENT.format(n=2))
    path.write_bytes(path.read_bytes().replace(b"VERSION:2.0", b"VERSION:2.0\r\nMETHOD:CANCEL"))
    assert counts(path) == {"read": 1, "updated": 1}
    assert [one["status"] for one in listed("interaction", "list")] == ["cancelled"]


def test_answers_of_attendees_are_followed(make: Any, counts: Counts, listed: Any) -> None:
    event = EVENT.format(n=1) + "|ORGANIZER:mailto:ann@us.example|ATTENDEE;PARTSTAT={}:mailto:li@x.example"
    counts(make.calendar("a.ics", event.format("NEEDS-ACTION")))
    assert counts(make.calendar("a.ics", event.format("ACCEPTED"))) == {"read": 1, "updated": 1}
    (one,) = listed("interaction", "list")
    assert [each["status"] for each in one["participants"] if each["role"] == "attendee"] == ["accepted"]


def test_a_moved_occurrence_is_a_meeting_of_its_own(make: Any, counts: Counts, listed: Any) -> None:
    series = "UID:s|DTSTAMP:20260301T000000Z|DTSTART:20260302T020000Z|RRULE:FREQ=DAILY;COUNT=3|SUMMARY:Series"
    moved = "UID:s|DTSTAMP:20260301T000000Z|RECURRENCE-ID:20260303T020000Z|DTSTART:20260303T050000Z|SUMMARY:Moved"
    again(counts, make.calendar("a.ics", series, moved), lambda: None, 2)
    assert {one["subject"] for one in listed("interaction", "list")} == {"Series", "Moved"}


def test_what_a_file_says_newly_updates_and_an_empty_cell_takes_nothing(make: Any, counts: Counts, listed: Any) -> None:
    counts(make.csv("a.csv", "Id,Name,E-mail,Notes", [("K-1000000000001", "Li Wei", "li@a.example", "old")]))
    assert counts(make.csv("b.csv", "Id,Name,E-mail,Notes", [("K-1000000000001", "Li Wei", "li@b.example", "")])) == {
        "read": 1,
        "updated": 1,
    }
    (one,) = listed("contact", "list")
    assert (sorted(one["emails"]), one["note"]) == (["li@a.example", "li@b.example"], "old")
