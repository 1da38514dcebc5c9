"""What an import reports: counts that add up for every format, and every rejection with file, line and reason."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Counts = Callable[..., dict[str, int]]
DATA = Path(__file__).resolve().parents[1] / "data"


def test_a_table_counts_its_rows(make: Any, imported: Callable[..., dict[str, Any]]) -> None:
    said = imported(make.people(200))
    assert (said["read"], said["created"], said["rejected"]) == (200, 198, 2)
    assert [(one["file"], one["line"]) for one in said["rejections"]] == [("people.csv", 98), ("people.csv", 195)]
    assert all("1980-02-30" in one["reason"] and "Birthday" in one["reason"] for one in said["rejections"])


def test_a_row_with_a_person_and_a_company_is_one_record(make: Any, counts: Counts, listed: Any) -> None:
    path = make.csv(
        "one.csv", "Name,Company,Company Phone,Website,E-mail", [("Li Wei", "Acme", "1", "a.example", "l@a.example")]
    )
    assert counts(path) == {"read": 1, "created": 1}
    assert [one["customers"] for one in listed("contact", "list")] == [["Acme"]]


@pytest.mark.parametrize(
    ("name", "read"),
    [
        ("csv/google_new.csv", 1),
        ("csv/google_old.csv", 3),
        ("csv/outlook.csv", 2),
        ("csv/hubspot_contacts.csv", 1),
        ("csv/hubspot_companies.csv", 1),
        ("csv/salesforce_contacts.csv", 1),
        ("csv/salesforce_leads.csv", 2),
        ("csv/calls.csv", 4),
        ("csv/tasks.csv", 3),
        ("csv/activities_chinese.csv", 3),
        ("csv/chinese_big5.csv", 2),
        ("csv/chinese_gb18030.csv", 3),
        ("csv/chinese_companies.csv", 2),
        ("csv/damaged.csv", 12),
        ("xlsx/contacts.xlsx", 2),
        ("vcard/chinese_phone_gbk.vcf", 2),
        ("vcard/company_and_person.vcf", 2),
        ("calendar/invitation.ics", 2),
        ("mail/foxmail_html.eml", 1),
        ("mail/bounce.eml", 1),
        ("mail/newsletter.eml", 1),
        ("mail", 5),
    ],
)
def test_counts_add_up_for_every_kind_of_file_and_nothing_is_new_the_second_time(
    name: str, read: int, counts: Counts
) -> None:
    first = counts(DATA / name)
    assert first["read"] == read
    rejected = first.get("rejected", 0)
    again = counts(DATA / name)
    assert again == {
        name: n for name, n in (("read", read), ("unchanged", read - rejected), ("rejected", rejected)) if n
    }


def test_a_person_sees_the_counts_and_how_to_take_it_back(make: Any, crm: Any) -> None:
    result = crm("import", make.people(100))
    assert [word for word in result.stdout.split() if word.isdigit()][:5] == ["100", "99", "0", "0", "1"]
    assert "people.csv" in result.stdout
    assert "--undo" in result.stderr


def test_what_was_rejected_can_be_asked_for_later(make: Any, crm: Any, imported: Any, listed: Any) -> None:
    said = imported(make.people(300))
    later = listed("import", "--rejections", said["batch"])
    assert [(one["file"], one["line"]) for one in later] == [("people.csv", line) for line in (98, 195, 292)]
    assert all(one["raw"] for one in later)
    (batch,) = listed("import", "--list")
    assert (batch["id"], batch["state"], batch["counts"]["read"]) == (said["batch"], "done", 300)
    assert "There is no import 999" in crm("import", "--rejections", 999, code=1).stderr
