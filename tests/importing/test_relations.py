"""Relations by name and by key, in either order; upsert by a declared key; two systems that both count from 1."""

from itertools import permutations
from typing import Any

import pytest

ACCOUNTS = [
    ("0010000000000A1AAA", "Edge Communications", ""),
    ("0010000000000A2AAA", "Edge Asia", "0010000000000A1AAA"),
]
CONTACTS = [
    ("0030000000000C1AAA", "Rose", "Gonzalez", "0010000000000A1AAA", "SVP", "rose@edge.example"),
    ("0030000000000C2AAA", "Sean", "Forbes", "0010000000000A2AAA", "CFO", "sean@edge.example"),
    ("0030000000000C3AAA", "Jack", "Rogers", "", "", "jack@edge.example"),
]


def salesforce(make: Any) -> dict[str, Any]:
    """Exports of two objects, related by ids alone; a child account stands before its parent."""
    return {
        "accounts": make.csv("Account.csv", "Id,Name,ParentId,Industry",
                             [(*row, "pumps") for row in reversed(ACCOUNTS)]),
        "contacts": make.csv("Contact.csv", "Id,FirstName,LastName,AccountId,Title,Email", CONTACTS),
    }  # fmt: skip


@pytest.mark.parametrize("order", list(permutations(["accounts", "contacts"])))
def test_accounts_and_contacts_in_either_order(
    order: tuple[str, ...], make: Any, imported: Any, listed: Any, query: Any, dump: Any
) -> None:
    files = salesforce(make)
    for kind in order:
        said = imported(files[kind], "--source", "salesforce")
        assert said["rejected"] == 0
    people = {one["name"]: one for one in listed("contact", "list")}
    assert [(p["customer"], p["title"]) for p in people["Rose Gonzalez"]["positions"]] == [
        ("Edge Communications", "SVP")
    ]
    assert [(p["customer"], p["title"]) for p in people["Sean Forbes"]["positions"]] == [("Edge Asia", "CFO")]
    assert people["Jack Rogers"]["positions"] == []
    assert people["Rose Gonzalez"]["external_ids"] == ["0030000000000C1AAA"]
    tree = "SELECT c.name, p.name FROM customer c LEFT JOIN customer p ON p.id = c.parent_id ORDER BY c.name"
    assert query(tree) == [("Edge Asia", "Edge Communications"), ("Edge Communications", None)]
    before = dump()
    for kind in order:
        again = imported(files[kind], "--source", "salesforce")
        assert again["unchanged"] == again["read"]
    assert dump() == before


def test_accounts_that_came_later_can_be_taken_back_and_brought_again(
    make: Any, imported: Any, listed: Any, crm: Any, dump: Any
) -> None:
    files = salesforce(make)
    imported(files["contacts"])
    before = dump(stamps=False)
    crm("import", "--undo", imported(files["accounts"])["batch"])
    assert dump(stamps=False) == before
    imported(files["accounts"])
    assert sorted(len(one["positions"]) for one in listed("contact", "list")) == [0, 1, 1]


def test_accounts_that_were_already_known_by_name_are_met_by_key(make: Any, imported: Any, listed: Any) -> None:
    imported(make.csv("cards.csv", "Name,Company", [("Ann Lee", "Edge Communications")]))
    files = salesforce(make)
    imported(files["contacts"])
    imported(files["accounts"])
    people = {one["name"]: one["customers"] for one in listed("contact", "list")}
    assert people["Ann Lee"] == people["Rose Gonzalez"] == ["Edge Communications"]
    assert len(listed("customer", "list")) == 2


def test_the_dry_run_shows_whom_the_accounts_connect(make: Any, imported: Any) -> None:
    files = salesforce(make)
    imported(files["contacts"])
    effects = imported(files["accounts"], "--dry-run")["effects"]
    assert {one["name"] for one in effects if "position" in one["changes"]} == {"Rose Gonzalez", "Sean Forbes"}


def test_company_names_are_met_however_they_are_spelt(make: Any, imported: Any, listed: Any) -> None:
    rows = [("Ann", "ACME  ltd"), ("Bob", "Acme Ltd"), ("Cid", "北京水务集团"), ("Dee", "北京水务集团 ")]
    imported(make.csv("a.csv", "Name,Company", rows))
    assert len(listed("customer", "list")) == 2


@pytest.mark.parametrize("by_mapping", [True, False])
def test_rows_find_their_contact_by_a_declared_key(by_mapping: bool, make: Any, imported: Any, listed: Any) -> None:
    imported(
        make.csv(
            "a.csv",
            "Name,E-mail,Title,Company",
            [("Li Wei", "li@x.example", "Buyer", "Acme"), ("Bo", "bo@x.example", "", "")],
        )
    )
    rows = [("Li Wei (Head)", "LI@X.example", "Head"), ("Cy", "cy@x.example", "")]
    path = make.csv("b.csv", "Name,E-mail,Title", rows)
    options = ["--key", "email"]
    if by_mapping:
        options = ["--mapping", make.text("shop.toml", 'entity = "contact"', 'key = ["email"]')]
    said = imported(path, *options)
    assert (said["updated"], said["created"]) == (1, 1)
    assert [one["name"] for one in listed("contact", "list")] == ["Bo", "Cy", "Li Wei (Head)"]
    assert imported(path, *options)["unchanged"] == 2


def test_a_key_of_two_fields_must_agree_in_both(make: Any, imported: Any, listed: Any) -> None:
    imported(make.csv("a.csv", "Name,Phone,Notes", [("Li Wei", "13800138000", ""), ("Li Na", "13800138000", "")]))
    said = imported(
        make.csv("b.csv", "Name,Phone,Notes", [("Li Na", "+86 138 0013 8000", "hers")]), "--key", "name,phone"
    )
    assert said["updated"] == 1
    assert {one["name"]: one["note"] for one in listed("contact", "list")} == {"Li Wei": "", "Li Na": "hers"}


def test_two_systems_that_both_count_from_1(make: Any, imported: Any, listed: Any) -> None:
    shop = make.csv("shop.csv", "Id,Name", [(1, "Ann Lee"), (2, "Bo Xi")])
    desk = make.csv("desk.csv", "Id,Name", [(1, "Cy Young"), (2, "Bo Xi")])
    imported(shop)
    said = imported(desk)
    (one,) = said["rejections"]
    assert one["line"] == 2
    assert "Ann Lee" in one["reason"]
    assert "--source" in one["reason"]
    assert imported(desk, "--source", "desk")["created"] >= 1
    assert imported(desk, "--source", "desk")["unchanged"] == 2
    assert "Cy Young" in {each["name"] for each in listed("contact", "list")}


def test_a_table_of_calls_finds_people_by_number_and_companies_by_name(make: Any, imported: Any, query: Any) -> None:
    imported(make.csv("a.csv", "Name,Phone,Company", [("Li Wei", "+86 138 0013 8000", "水务集团")]))
    call = ("c1", "2026-03-01T10:00:00Z", "013800138000", "1001", "inbound", "45", "a quotation")
    calls = make.csv("calls.csv", "Call ID,Call Time,From,To,Direction,Duration,Notes", [call])
    imported(calls)
    imported(make.csv("visits.csv", "日期,客户,跟进方式,跟进内容", [("2026-03-02", "水务集团", "拜访", "验收")]))
    rows = query(
        "SELECT i.channel, i.direction, p.name, c.name FROM interaction i LEFT JOIN contact p ON p.id = i.contact_id"
        " LEFT JOIN customer c ON c.id = i.customer_id ORDER BY i.channel"
    )
    assert rows == [("call", "in", "Li Wei", "水务集团"), ("visit", "", None, "水务集团")]


def test_tasks_find_whom_they_are_about(make: Any, imported: Any, query: Any) -> None:
    imported(make.csv("a.csv", "Id,Name,E-mail", [("K-1", "Li Wei", "li@x.example"), ("K-2", "Bo Xi", "bo@x.example")]))
    imported(
        make.csv(
            "tasks.csv",
            "Subject,Due Date,Contact Name",
            [("a", "2026-12-01", "Li Wei"), ("b", "2026-12-02", "BO@x.example")],
        )
    )
    rows = query("SELECT t.subject, c.name FROM task t JOIN contact c ON c.id = t.contact_id ORDER BY t.subject")
    assert rows == [("a", "Li Wei"), ("b", "Bo Xi")]
