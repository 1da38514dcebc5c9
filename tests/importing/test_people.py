"""Who met in mail and meetings becomes a contact: nobody, who was answered, or all; never lists and machines."""

from typing import Any

import pytest

THEIRS = "From: Wang Fang <wang@water.example>"


@pytest.fixture
def post(make: Any, crm: Any) -> Any:
    """A mailbox: one mail of ours to Zhao with Sun in copy, one of Wang's to us, lists and machines."""
    crm("user", "edit", "ann", "--email", "ann@us.example")
    return make.mbox(
        "post.mbox",
        [
            make.mail(
                1, "From: Ann <ann@us.example>", "To: Zhao Jun <zhao@pump.example>", "Cc: 孙丽 <sun@pump.example>"
            ),
            make.mail(2, THEIRS, "Reply-To: office@water.example"),
            make.mail(3, "From: News <news@letters.example>", "List-Unsubscribe: <mailto:off@letters.example>"),
            make.mail(4, "From: no-reply@bank.example"),
            make.mail(5, "From: MAILER-DAEMON@us.example", "Auto-Submitted: auto-replied"),
            make.mail(6, "From: Help <pumps-request@lists.example>"),
            make.mail(7, THEIRS),
        ],
    )


@pytest.mark.parametrize(
    ("rule", "names", "met"),
    [
        ("none", [], 3),
        ("answered", ["Zhao Jun", "孙丽"], 1),
        ("all", ["Wang Fang", "Zhao Jun", "孙丽"], 0),
    ],
)
def test_the_three_rules_with_what_they_counted(
    rule: str, names: list[str], met: int, post: Any, imported: Any, listed: Any, crm: Any
) -> None:
    said = imported(post, "--people", rule)
    assert (said["read"], said["created"]) == (7, 7)
    assert said["met"] == met
    assert sorted(one["name"] for one in listed("contact", "list")) == sorted(names)
    assert len(listed("interaction", "list")) == 7


def test_a_person_is_told_how_many_were_left_out(post: Any, crm: Any) -> None:
    assert "3 people met were not made contacts" in crm("import", post).stderr


def test_people_of_a_meeting(make: Any, imported: Any, listed: Any, crm: Any) -> None:
    crm("user", "edit", "ann", "--email", "ann@us.example")
    event = "UID:{}|DTSTART:20260302T020000Z|SUMMARY:{}|ORGANIZER{}|ATTENDEE{}"
    ours = event.format(1, "Ours", ":mailto:ann@us.example", ";CN=Li Wei:mailto:li@x.example")
    theirs = event.format(2, "Theirs", ";CN=Bo:mailto:bo@y.example", ":mailto:cy@y.example")
    path = make.calendar("a.ics", ours, theirs)
    said = imported(path, "--people", "answered")
    assert [one["name"] for one in listed("contact", "list")] == ["Li Wei"]
    assert said["met"] == 2
    meeting = next(one for one in listed("interaction", "list") if one["subject"] == "Ours")
    assert meeting["contact_id"] is not None
    assert {p["role"] for p in meeting["participants"]} == {"organizer", "attendee"}


def test_somebody_met_twice_is_one_contact(post: Any, make: Any, imported: Any, listed: Any) -> None:
    imported(post, "--people", "all")
    again = make.mbox("more.mbox", [make.mail(n, THEIRS.replace("wang@", "Wang@")) for n in range(20, 30)])
    imported(again, "--people", "all")
    assert [one["name"] for one in listed("contact", "list")].count("Wang Fang") == 1
