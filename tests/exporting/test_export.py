import csv
import io
import json
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from attrs import asdict
from click.testing import Result
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event, insert, text

from crmcore.app import App
from crmcore.engine import tables as t
from crmcore.engine import workspace as workspaces
from crmcore.exporting.run import export
from crmcore.exporting.sheet import MARK, safe, write_csv
from crmcore.formats.table.format import read_csv
from crmcore.formats.vcard.format import VCARD
from crmcore.hooks.formats import Source
from crmcore.model.incoming import Address
from crmcore.model.interaction import Interaction, Participant, Task
from crmcore.model.party import Contact, ContactPoint, Customer, CustomerRole, ExternalId, Position
from crmcore.model.points import normalise
from crmcore.model.user import User

Run = Callable[..., Result]


def person(
    tx: Any, name: str, *points: tuple[str, str, str], at: int | None = None, title: str = "", **fields: Any
) -> int:
    one = tx.add(Contact(name=name, **fields))
    for kind, label, value in points:
        normal = normalise(kind, value, "CN")
        address = asdict(Address(street="长安街1号", locality="北京", country="中国")) if kind == "address" else None
        tx.add(ContactPoint(contact_id=one.id, kind=kind, label=label, value=value, normal=normal, address=address))
    if at:
        tx.add(Position(contact_id=one.id, customer_id=at, title=title))
    return one.id


@pytest.fixture
def filled(workspace: str) -> str:
    app = App(workspace)
    with app.transaction() as tx:
        ben = tx.add(User(login="ben", role="rep"))
        firm = tx.add(Customer(name="华为技术有限公司", note="=1+1", details={"行业": "通信"}))
        tx.add(CustomerRole(customer_id=firm.id, role="supplier"))
        tx.add(ContactPoint(customer_id=firm.id, kind="url", value="https://huawei.com", normal="huawei.com"))
        tx.add(ContactPoint(customer_id=firm.id, kind="phone", value="+86 755 28780808", normal="+8675528780808"))
        wei = person(
            tx,
            "张伟",
            ("email", "work", "wei@huawei.com"),
            ("phone", "mobile", "+86 138 0013 8000"),
            ("phone", "", "010-6552 9988"),
            ("fax", "work", "+86 10 6552 9999"),
            ("address", "work", "长安街1号, 北京"),
            at=firm.id,
            title="总经理",
            family="张",
            given="伟",
            birthday="1980-04-12",
            note='Likes tea,\n"green"; 茶',
            owner_id=ben.id,
            details={"微信群": "VIP", "Notes": "an odd key", "categories": ["friends"]},
        )
        tx.add(ExternalId(kind="contact", record_id=wei, scheme="table", value="A-17"))
        person(tx, "@Formula", ("email", "", "f@example.cn"), birthday="--0412")
        secret = person(tx, "Secret Friend", ("email", "", "secret@example.cn"), private=True, owner_id=ben.id)
        gone = person(tx, "Gone Secret", private=True, owner_id=ben.id, note="a rumour")
        tx.add(Interaction(channel="call", direction="out", at=datetime(2026, 5, 4, 6, 7, tzinfo=UTC), seconds=90,
                           subject="-discount", contact_id=wei, customer_id=firm.id, user_id=ben.id))  # fmt: skip
        meeting = tx.add(Interaction(channel="meeting", day=date(2026, 5, 5), subject="lunch", contact_id=secret))
        tx.add(Participant(interaction_id=meeting.id, role="present", contact_id=secret))
        tx.add(Interaction(channel="note", subject="my own thoughts", private=True, user_id=ben.id))
        tx.add(Task(subject="send offer", due=date(2026, 12, 1), contact_id=wei, owner_id=ben.id))
    with app.transaction() as tx:
        tx.get(Contact, secret).note = "told in confidence"
        tx.remove(tx.get(Contact, gone))
    with app.engine.begin() as connection:
        connection.execute(
            text("CREATE TABLE deals_deal (id BIGINT NOT NULL PRIMARY KEY, contact_id BIGINT, title TEXT)")
        )
        connection.execute(text(f"INSERT INTO deals_deal VALUES (900001, {wei}, 'Big'), (900002, {secret}, 'Hidden')"))
        recorded = {"name": "deals", "distribution": "d", "version": "1", "enabled": False, "tables": ["deals_deal"]}
        connection.execute(insert(t.plugin).values(at=datetime.now(UTC), **recorded))
    app.close()
    return workspace


def table(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline="")))


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(each) for each in path.read_text(encoding="utf-8").splitlines()]


def test_everything_goes_out_but_other_peoples_secrets(filled: str, crm: Run, tmp_path: Path) -> None:
    written = json.loads(crm("export", "all", "--json").stdout)
    assert {one["entity"] for one in written} == {name for name in t.metadata.tables if name != "counter"} | {
        "deals_deal"
    }
    assert {one["entity"]: one["records"] for one in written} == {
        path.stem: len(lines(path)) for path in (tmp_path / "all").iterdir()
    }
    contacts = lines(tmp_path / "all" / "contact.jsonl")
    assert [one["name"] for one in contacts] == ["张伟", "@Formula"]
    assert contacts[0]["details"]["微信群"] == "VIP"
    assert "sort_key" not in contacts[0]
    assert [one["title"] for one in lines(tmp_path / "all" / "deals_deal.jsonl")] == ["Big"]
    whole = "".join(path.read_text(encoding="utf-8") for path in (tmp_path / "all").iterdir())
    for hidden in ("Secret", "secret@", "told in confidence", "rumour", "lunch", "my own thoughts"):
        assert hidden not in whole
    own = crm("export", "own", CRM_USER="ben")
    assert "journal" not in own.stdout
    assert [one["name"] for one in lines(tmp_path / "own" / "contact.jsonl")] == ["张伟", "@Formula", "Secret Friend"]
    assert "my own thoughts" in (tmp_path / "own" / "interaction.jsonl").read_text(encoding="utf-8")
    assert not (tmp_path / "own" / "setting.jsonl").exists()


def test_nothing_is_overwritten_without_force(filled: str, crm: Run, tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_text("mine")
    assert "people.csv exists already" in crm("export", "people.csv", code=1).stderr
    assert (tmp_path / "people.csv").read_text() == "mine"
    crm("export", "people.csv", "--force")
    assert len(table(tmp_path / "people.csv")) == 2
    crm("export", "all", "--entity", "contact")
    crm("export", "all", "--entity", "contact", code=1)
    assert "possible: contact, customer" in crm("export", "x.vcf", "--entity", "journal", code=1).stderr
    assert "--entity" in crm("export", "x.jsonl", code=1).stderr
    crm("export", "people.csv/below", code=1)
    assert not list(tmp_path.rglob(".*.part"))


def test_a_table_is_safe_to_open_and_says_what_is_stored(filled: str, crm: Run, tmp_path: Path) -> None:
    crm("export", "sheets", "--format", "csv")
    assert {path.name for path in (tmp_path / "sheets").iterdir()} == {
        "contact.csv", "customer.csv", "interaction.csv", "task.csv",
    }  # fmt: skip
    raw = (tmp_path / "sheets" / "contact.csv").read_bytes()
    assert raw.startswith(MARK)
    assert b"\r\n" in raw
    wei, formula = table(tmp_path / "sheets" / "contact.csv")
    assert (wei["ID"], wei["Name"], wei["Organization Name"], wei["Owner"]) == (
        "A-17",
        "张伟",
        "华为技术有限公司",
        "ben",
    )
    assert (wei["Phone 1 - Label"], wei["Phone 1 - Value"]) == ("mobile", "'+86 138 0013 8000")
    assert formula["Name"] == "'@Formula"
    (firm,) = table(tmp_path / "sheets" / "customer.csv")
    assert (firm["Notes"], firm["Website"], firm["行业"]) == ("'=1+1", "https://huawei.com", "通信")
    call, note = table(tmp_path / "sheets" / "interaction.csv")
    assert (call["Subject"], call["Date and time"], call["Duration"]) == (
        "'-discount",
        "2026-05-04 06:07:00+00:00",
        "90",
    )
    assert (call["Contact"], call["Company"], note["Subject"]) == ("张伟", "华为技术有限公司", "")
    (task,) = table(tmp_path / "sheets" / "task.csv")
    assert (task["Subject"], task["Due"], task["About"]) == ("send offer", "2026-12-01", "张伟")


def told(url: str) -> list[tuple[Any, ...]]:
    """What matters of every contact, as stored."""
    from sqlalchemy import select

    app = App(url)
    with app.read() as reader:
        c, p, h = t.contact.c, t.contact_point.c, t.position.c
        people = reader.rows(select(c.id, c.name, c.family, c.given, c.birthday, c.note).where(c.private.is_(False)))
        points = reader.rows(select(p.contact_id, p.kind, p.label, p.value, p.address).where(p.contact_id.is_not(None)))
        held = reader.rows(
            select(h.contact_id, h.title, t.customer.c.name).join(t.customer, t.customer.c.id == h.customer_id)
        )
    app.close()
    return sorted(
        (*person[1:], sorted(json.dumps(list(each[1:]), sort_keys=True) for each in points if each[0] == person[0]),
         [tuple(each[1:]) for each in held if each[0] == person[0]])
        for person in people
    )  # fmt: skip


@pytest.mark.parametrize("file", ["people.vcf", "people.csv"])
def test_contacts_come_back_the_same_in_a_new_workspace(file: str, filled: str, crm: Run, tmp_path: Path) -> None:
    crm("export", file)
    new = f"sqlite:///{tmp_path / 'new.db'}"
    workspaces.create(new, login="ann", region="CN")
    report = json.loads(crm("import", file, "--json", CRM_DATABASE_URL=new).stdout)
    assert (report["created"], report["rejected"]) == (2, 0)
    before, after = told(filled), told(new)
    assert [one[:5] for one in after] == [one[:5] for one in before]
    assert [one[6] for one in after] == [one[6] for one in before]
    assert [one[5] for one in after] == [one[5] for one in before]


def test_what_was_imported_from_a_file_is_known_again(filled: str, crm: Run) -> None:
    """Export, edit in a spreadsheet, import again: no second contact comes of it."""
    crm("export", "people.csv")
    report = json.loads(crm("import", "people.csv", "--json").stdout)
    assert (report["created"], report["rejected"]) == (0, 0)


def test_activities_come_back(filled: str, crm: Run, tmp_path: Path) -> None:
    crm("export", "sheets", "--format", "csv", CRM_USER="ben")
    read = [
        one for name in ("interaction", "task") for one in read_csv(Source(path=tmp_path / "sheets" / f"{name}.csv"))
    ]
    call, lunch, thoughts, offer = read
    assert (call.channel, call.at, call.seconds, call.subject, call.direction) == (
        "call", datetime(2026, 5, 4, 6, 7, tzinfo=UTC), 90, "-discount", "out",
    )  # fmt: skip
    assert (lunch.all_day, thoughts.subject) == (date(2026, 5, 5), "my own thoughts")
    assert (offer.subject, offer.due, offer.done, offer.about) == ("send offer", date(2026, 12, 1), False, "张伟")


def test_customers_come_back(filled: str, crm: Run, tmp_path: Path) -> None:
    crm("export", "firms.csv", "--entity", "customer")
    crm("export", "firms.vcf", "--entity", "customer")
    for (one,) in (read_csv(Source(path=tmp_path / "firms.csv")), VCARD.read(Source(path=tmp_path / "firms.vcf"))):
        assert (one.name, one.roles, one.note) == ("华为技术有限公司", ("supplier",), "=1+1")
        assert one.extra["行业"] == "通信"
        assert {(point.kind, point.value) for point in one.points} == {
            ("url", "https://huawei.com"), ("phone", "+86 755 28780808"),
        }  # fmt: skip


CELLS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=30)


@given(CELLS)
def test_no_cell_is_run_as_a_formula(cell: str) -> None:
    written = safe(cell)
    assert not written.startswith(("=", "+", "-", "@", "\t", "\r"))
    (row,) = list(csv.reader(io.StringIO(b"".join(write_csv([cell], [])).decode("utf-8-sig"), newline="")))
    assert row == [written]


@given(
    start=st.sampled_from(["=", "+", "-", "@", "\t=", "\r+", " -", ""]),
    rest=st.text("abc張 \t=+-@\"',;\n", max_size=12),
)
def test_our_reader_takes_the_apostrophe_off_again(start: str, rest: str, tmp_path_factory: Any) -> None:
    note = start + rest
    if note.strip()[:2] in ("'=", "'+", "'-", "'@"):
        return  # what looks guarded already is read as guarded
    path = tmp_path_factory.mktemp("cell") / "people.csv"
    path.write_bytes(b"".join(write_csv(["Name", "E-mail", "Notes"], [["Ada", "ada@example.cn", note]])))
    (one,) = read_csv(Source(path=path))
    assert one.note == note.strip().replace("\r\n", "\n").replace("\r", "\n")


@pytest.mark.parametrize(("file", "most"), [("a.jsonl", 6), ("a.vcf", 9), ("a.csv", 16)])
def test_statements_do_not_grow_with_the_rows(file: str, most: int, app: App, tmp_path: Path) -> None:
    def statements(name: str) -> int:
        seen: list[str] = []

        def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
            seen.append(statement)

        event.listen(app.engine, "before_cursor_execute", note)
        with app.read(app.actor("ann")) as reader:
            export(reader, tmp_path / name, entities=["contact"], force=True)
        event.remove(app.engine, "before_cursor_execute", note)
        return len([each for each in seen if each.startswith("SELECT") and "contact" in each])

    def add(count: int) -> Iterator[int]:
        with app.transaction() as tx:
            for number in range(count):
                yield person(tx, f"P {number}", ("email", "", f"p{number}@example.cn"))

    assert len(list(add(5))) == 5
    few = statements(file)
    assert len(list(add(300))) == 300
    assert statements(file) == few <= most
