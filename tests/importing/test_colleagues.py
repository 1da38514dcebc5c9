"""Several people import: nobody trips over what a colleague owns, keeps private, or has captured already."""

import json
from typing import Any

import pytest


@pytest.fixture
def bob(crm: Any) -> Any:
    """Import as bob, a rep, who changes only what is his or nobody's."""
    crm("user", "add", "bob", "--role", "rep")
    return lambda path, *options: json.loads(crm("import", path, *options, "--json", CRM_USER="bob").stdout)


def test_a_private_contact_of_a_colleague_is_nobody_here(make: Any, imported: Any, crm: Any, bob: Any) -> None:
    path = make.csv("a.csv", "Id,Name,E-mail,Company", [("K-1000000000001", "Li Wei", "li@x.example", "Secret Ltd")])
    imported(path)
    crm("contact", "edit", "Li Wei", "--private", "--owner", "ann")
    crm("customer", "edit", "Secret Ltd", "--private", "--owner", "ann")
    said = bob(path)
    assert (said["created"], said["rejected"]) == (1, 0)
    assert bob(path)["unchanged"] == 1
    mine = json.loads(crm("contact", "list", "--json", CRM_USER="bob").stdout)
    assert [(one["name"], one["customers"]) for one in mine] == [("Li Wei", ["Secret Ltd"])]


def test_a_row_about_a_colleague_s_contact_is_rejected_if_it_says_more(
    make: Any, imported: Any, crm: Any, bob: Any
) -> None:
    rows = [("Li Wei", "li@x.example", "Acme"), ("Wang Fang", "wang@x.example", "Beta")]
    path = make.csv("a.csv", "Name,E-mail,Company", rows)
    imported(path)
    crm("contact", "edit", "Li Wei", "--owner", "ann")
    assert bob(path)["unchanged"] == 2
    more = make.csv("b.csv", "Name,E-mail,Notes", [(*row[:2], "met again") for row in rows])
    said = bob(more)
    assert (said["updated"], said["rejected"]) == (1, 1)
    (one,) = said["rejections"]
    assert one["line"] == 2
    assert "somebody else" in one["reason"]


def test_a_mail_in_two_mailboxes_is_captured_once(make: Any, imported: Any, crm: Any, bob: Any, query: Any) -> None:
    crm("user", "edit", "ann", "--email", "ann@us.example")
    crm("user", "edit", "bob", "--email", "bob@us.example")
    imported(make.eml("ann.eml", make.mail(1)))
    said = bob(make.eml("bob.eml", make.mail(1, "Bcc: bob@us.example")))
    assert said["unchanged"] == 1
    assert query("SELECT count(*) FROM interaction") == [(1,)]


def test_a_reader_may_import_nothing(make: Any, crm: Any, dump: Any) -> None:
    crm("user", "add", "eve", "--role", "reader")
    before = dump()
    assert "may read but not write" in crm("import", make.people(3), code=1, CRM_USER="eve").stderr
    assert dump() == before
