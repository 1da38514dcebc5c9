import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from crmcore.formats.table.columns import words

TODAY = "2026-11-22T09:30+08:00"
GIVEN = words(
    "Weiming Guoqiang Xiaohong Jianguo Meiling Yongjun Shufen Haitao Lixia Zhiyuan Rosalind Thaddeus Bettina "
    "Cornelius Henrietta Leopold Marguerite Nathaniel Octavia Percival Quentin Seraphina Valentin"
)
FAMILY = words(
    "Ouyang Zhuang Situ Murong Kowalczyk Lindqvist Abernathy Szentgyorgyi Okonkwo Papadakis Vandermeer "
    "Ferreira Grunwald Hakimov Ivarsson Jablonski Karjalainen Ljungberg Montefiore Nakashima Oppenheim"
)


def table(path: Path) -> Path:
    """500 rows: 463 people, and 37 of them a second time, their names the other way round and with the same number."""
    people = [(given, family) for given in GIVEN for family in FAMILY][:463]
    rows = [(f"{g} {f}", f"{g.lower()}.{f.lower()}@firm{n}.example", f"+86 139 {n:04} {n * 7 % 10000:04}", f"Firm {n}")
            for n, (g, f) in enumerate(people)]  # fmt: skip
    again = [(f"{f} {g}", "", f"0139{n:04}{n * 7 % 10000:04}".removeprefix("0"), "")
             for n, (g, f) in enumerate(people) if n % 12 == 5][:37]  # fmt: skip
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([("Name", "E-mail", "Phone", "Company"), *rows, *again])
    return path


@pytest.mark.row("S0-07")
def test_500_contacts_37_duplicates_60_follow_ups_9_due_today(crm: Callable[..., Result], tmp_path: Path) -> None:
    """Managing contacts is automated: what is double is shown before anything is stored, what is due is found."""

    def data(*words: object) -> Any:
        return json.loads(crm(*words, "--json", CRM_NOW=TODAY).stdout)

    path = table(tmp_path / "people.csv")
    shown = data("import", path, "--dry-run")
    assert (shown["read"], shown["duplicates"], len(shown["proposals"])) == (500, 37, 37)
    assert all(pair["evidence"] and 0 < pair["score"] <= 1 for pair in shown["proposals"])
    assert data("contact", "list") == []

    done = data("import", path)
    assert (done["read"], done["created"], done["rejected"], done["duplicates"]) == (500, 500, 0, 37)
    assert len(data("duplicates")) == 37

    people = data("contact", "list", "--limit", 60)
    for n, person in enumerate(people):
        due = "2026-11-22" if n % 7 == 3 else f"2026-12-{1 + n % 28:02}"
        crm("task", "add", f"Follow up {n}", "--contact", person["id"], "--due", due, CRM_NOW=TODAY)
    assert len(data("task", "list", "--status", "open", "--limit", 1000)) == 60
    today = [one for one in data("due", "--limit", 1000) if one["when"] == "today"]
    assert len(today) == len([n for n in range(60) if n % 7 == 3]) == 9
    assert {one["contact_id"] for one in today} == {people[n]["id"] for n in range(60) if n % 7 == 3}
