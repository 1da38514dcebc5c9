"""`crm promise`: list, add, kept, broken, scan."""

import json
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from sqlalchemy import event, func, select

from crmcore.app import App
from crmcore.engine.tables import task
from crmcore.model.interaction import Task
from crmcore.model.party import Contact, ContactPoint, Customer, Position
from crmcore.model.user import User
from crmcore.promises.ledger import page

Crm = Callable[..., Result]
NOW = "2026-11-18T10:00+08:00"


@pytest.fixture
def li(app: App) -> int:
    with app.transaction(app.actor("ann")) as tx:
        acme, li = tx.add(Customer(name="Acme")), tx.add(Contact(name="Li Wei"))
        tx.add(Position(contact_id=li.id, customer_id=acme.id))
        tx.add(ContactPoint(kind="email", value="li@acme.example", normal="li@acme.example", contact_id=li.id))
        tx.add(User(login="tom", name="Tom", email="tom@us.example"))
    return li.id


def listed(crm: Crm, *arguments: object) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(crm("promise", "list", *arguments, "--json").stdout)
    return found


def test_add_keep_and_break(crm: Crm, li: int) -> None:
    added = json.loads(
        crm("promise", "add", "--contact", "Li Wei", "delivery within 2 weeks", "--json", CRM_NOW=NOW).stdout
    )
    assert (added["topic"], added["amount"], added["unit"], added["kind"]) == ("delivery", "2", "week", "promise")
    theirs = json.loads(
        crm(
            "promise", "add", "--contact", li, "--by", "them", "--due", "2026-12-01", "pay the invoice", "--json"
        ).stdout
    )
    assert [(one["who"], one["to"]) for one in listed(crm, "--by", "them")] == [("Li Wei", "ann")]
    crm("promise", "kept", added["id"])
    assert "settled already" in crm("promise", "broken", added["id"], code=1).stderr
    crm("promise", "broken", theirs["id"])
    assert listed(crm) == []
    assert [one["id"] for one in listed(crm, "--status", "kept")] == [added["id"]]
    assert [one["id"] for one in listed(crm, "--status", "broken")] == [theirs["id"]]
    assert len(listed(crm, "--status", "all")) == 2
    assert "(kept)" in crm("promise", "list", "--status", "all").stdout
    crm("promise", "add", "free delivery", code=2)


def test_a_task_is_no_promise(crm: Crm, app: App, li: int) -> None:
    with app.transaction() as tx:
        record = tx.add(Task(subject="send it", contact_id=li))
    assert "not a promise" in crm("promise", "kept", record.id, code=1).stderr
    assert listed(crm) == []


def test_pages_and_statements(crm: Crm, app: App, li: int) -> None:
    for number in range(1, 8):
        crm("promise", "add", "--customer", "Acme", f"delivery within {number} weeks", CRM_NOW=NOW)
    whole = listed(crm)
    assert [one["amount"] for one in whole] == [str(number) for number in range(1, 8)]
    assert all(len(one["conflicts"]) == 6 for one in whole)
    paged, after = [], None
    while found := listed(crm, "--limit", 3, *(("--after", after) if after else ())):
        paged += found
        after = found[-1]["id"]
    assert paged == whole
    statements: list[str] = []
    with app.read(app.actor("ann")) as reader:
        event.listen(app.engine, "before_cursor_execute", lambda _c, _u, statement, *_r: statements.append(statement))
        page(reader, limit=50, after=whole[0]["id"])
    assert len([each for each in statements if each != "BEGIN"]) == 4  # one asks whether anything is hidden at all


MAILS = [  # from, to, subject, text
    ("tom@us.example", "li@acme.example", "Routers", "Dear Li Wei,\nwe will deliver the routers within 2 weeks.\n"),
    ("li@acme.example", "tom@us.example", "Invoice", "Hello Tom,\nwe will pay the invoice by 30 November 2026.\n"),
    ("li@acme.example", "tom@us.example", "Question", "Could you send us the price list?\n"),
    ("stranger@far.example", "tom@us.example", "Offer", "We will send you a free sample by Friday.\n"),
]


def mails(folder: Path, texts: Iterable[tuple[str, str, str, str]]) -> Path:
    folder.mkdir()
    for number, (sender, to, subject, text) in enumerate(texts):
        head = f"From: {sender}\nTo: {to}\nSubject: {subject}\nMessage-ID: <{folder.name}-{number}@x.example>\n"
        (folder / f"{number}.eml").write_text(f"{head}Date: Wed, 18 Nov 2026 10:00:00 +0800\n\n{text}")
    return folder


def test_scan_reads_imported_mail_once(crm: Crm, app: App, li: int, tmp_path: Path) -> None:
    crm("import", *sorted(mails(tmp_path / "first", MAILS).iterdir()))
    first = json.loads(crm("promise", "scan", "--json").stdout)
    assert (first["read"], first["passed"], first["found"]) == (4, 1, 2)
    found = {one["by"]: one for one in listed(crm)}
    assert (found["us"]["who"], found["us"]["to"], found["us"]["due"]) == ("Tom", "Li Wei", "2026-12-02")
    assert found["us"]["sentence"].endswith("we will deliver the routers within 2 weeks.")
    assert (found["them"]["who"], found["them"]["to"], found["them"]["due"]) == ("Li Wei", "Tom", "2026-11-30")

    assert json.loads(crm("promise", "scan", "--json").stdout)["read"] == 0
    again = json.loads(crm("promise", "scan", "--since", "2026-11-01", "--json").stdout)
    assert (again["read"], again["found"], again["known"]) == (4, 0, 2)

    more = [("tom@us.example", "li@acme.example", "Visit", "We will visit you on 2026-12-04.\n")]
    crm("import", *mails(tmp_path / "second", more).iterdir())
    assert json.loads(crm("promise", "scan", "--json").stdout)["found"] == 1
    with app.read() as reader:
        assert reader.value(select(func.count()).select_from(task)) == 3
        made = reader.rows(select(task.c.batch_id, task.c.created_at))
    assert all(row.batch_id and row.created_at > datetime(2026, 1, 1, tzinfo=UTC) for row in made)
