"""Duplicates among Chinese, English and German records of our own, each trap with a near miss beside it."""

import csv
from itertools import combinations
from pathlib import Path

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from crmcore.matching.keys import blocking_keys
from crmcore.matching.pairs import cluster, find_pairs, score_pair
from crmcore.matching.record import MatchRecord, Pair
from crmcore.matching.weights import CERTAIN, PROPOSE, count_values

DATA = Path(__file__).resolve().parents[1] / "data" / "matching" / "people.csv"


def people() -> tuple[list[MatchRecord], list[str]]:
    with DATA.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    persons = [row.pop("person") for row in rows]
    lists = [{name: tuple(filter(None, [row.pop(name)])) for name in ("emails", "phones")} for row in rows]
    records = [MatchRecord(id=i, **row, **many) for i, (row, many) in enumerate(zip(rows, lists, strict=True))]
    return records, persons


def test_all_duplicates_and_no_others_are_proposed() -> None:
    records, persons = people()
    pairs = find_pairs(records)
    truth = {(a, b) for a, b in combinations(range(len(records)), 2) if persons[a] == persons[b]}
    proposed = {(pair.a, pair.b) for pair in pairs}
    wrong = {(records[a].name, records[b].name) for a, b in proposed - truth}
    # Same name, office and number, but another birthday: a person decides.
    assert wrong <= {("Mustermann, Max", "Max Mustermann")}
    groups = {pair for group in cluster(pairs) for pair in combinations(group, 2)}
    assert {(records[a].name, records[b].name) for a, b in truth - groups} == set()
    assert {(pair.a, pair.b) for pair in pairs if pair.score >= CERTAIN} <= truth


def test_evidence_adds_up_and_is_readable() -> None:
    records, _persons = people()
    for pair in find_pairs(records):
        assert pair.a < pair.b
        assert PROPOSE <= pair.score <= 1
        assert pair.evidence
        for one in pair.evidence:
            assert 0 <= one.agreement <= 1
            assert "" not in (one.a, one.b)


def contact(number: int = 1, **values: object) -> MatchRecord:
    return evolve(MatchRecord(id=number, name=""), **values)


@pytest.mark.parametrize("name", ["Li Wei", "Wei Li", "LI Wei", "李 伟", "李偉"])
def test_order_and_script_do_not_matter(name: str) -> None:
    phones = ("+8613812345678",)
    stored = contact(1, name="李伟", given="伟", family="李", phones=phones)
    assert score_pair(stored, contact(2, name=name, phones=phones)).score > 0.95


def test_characters_that_sound_alike_are_evidence_against() -> None:
    context = {"organisation": "远景科技", "city": "北京"}
    stored = contact(1, name="李伟", **context)
    same, other = contact(2, name="李偉", **context), contact(3, name="李玮", **context)
    assert score_pair(stored, same).score >= PROPOSE > score_pair(stored, other).score


def test_colleagues_and_families_are_not_duplicates() -> None:
    office = {
        "organisation": "Acme",
        "phones": ("+12125550100",),
        "street": "350 5th Ave.",
        "city": "New York",
        "postcode": "10118",
    }
    anna = contact(1, name="Anna Schmidt", given="Anna", family="Schmidt", **office)
    for given_name, family in (("Anna", "Weber"), ("Erika", "Schmidt")):
        other = contact(2, name=f"{given_name} {family}", given=given_name, family=family, **office)
        assert score_pair(anna, other).score < PROPOSE


@pytest.mark.parametrize(("given_name", "family"), [("Schmidt", "Anna"), ("Ana", "Schmidt"), ("A.", "Schmidt")])
def test_swapped_mistyped_and_short_names_are_proposed(given_name: str, family: str) -> None:
    stored = contact(1, name="Anna Schmidt", given="Anna", family="Schmidt", phones=("+12125550100",))
    typed = evolve(stored, id=2, name=f"{given_name} {family}", given=given_name, family=family)
    assert score_pair(stored, typed).score >= PROPOSE


def test_legal_forms_are_ignored() -> None:
    for long, short in [("Muster GmbH & Co. KG", "MUSTER"), ("Acme, Inc.", "Acme"), ("远景科技有限公司", "远景科技")]:
        firm = contact(1, name=long, kind="customer", phones=("+49301234567",))
        assert score_pair(firm, evolve(firm, id=2, name=short)).evidence[0].agreement == 1


def test_another_birthday_or_mailbox_of_one_domain_is_evidence_against() -> None:
    stored = contact(
        1, name="Max Muster", given="Max", family="Muster", birthday="19700131", emails=("a@muster.example",)
    )
    plain = score_pair(evolve(stored, birthday="", emails=()), evolve(stored, id=2)).score
    birthday = score_pair(evolve(stored, emails=()), evolve(stored, id=2, birthday="19980617")).score
    mailbox = score_pair(stored, evolve(stored, id=2, birthday="", emails=("b@muster.example",))).score
    swapped = score_pair(stored, evolve(stored, id=2, emails=(), birthday="1970-31-01")).score
    assert birthday < plain
    assert mailbox < plain < swapped


def test_a_shared_number_is_weaker_the_more_share_it() -> None:
    crowd = [contact(i, name=f"Person {i}", phones=("+49301234567",)) for i in range(3, 300)]
    a = contact(1, name="Ann Lee", given="Ann", family="Lee", phones=("+49301234567",))
    b = contact(2, name="Anne Leigh", given="Anne", family="Leigh", phones=("+49301234567",))
    assert score_pair(a, b, count_values([a, b, *crowd])).score < score_pair(a, b, count_values([a, b])).score


def test_a_rare_surname_counts_more() -> None:
    many = [contact(i, name="x", given=f"g{i}", family="Smith") for i in range(3, 500)]
    known = count_values(many)
    common = contact(1, name="x", given="Ann", family="Smith")
    rare = contact(1, name="x", given="Ann", family="Featherstonehaugh")
    assert score_pair(rare, evolve(rare, id=2), known).score > score_pair(common, evolve(common, id=2), known).score


def test_contacts_and_customers_are_not_compared() -> None:
    person = contact(1, name="Max Muster", emails=("max@muster.example",))
    assert score_pair(person, evolve(person, id=2, kind="customer")).score == 0
    assert find_pairs([person, evolve(person, id=2, kind="customer")]) == []


def test_what_is_proposed_shares_a_key() -> None:
    records, persons = people()
    for a, b in combinations(range(len(records)), 2):
        if persons[a] == persons[b] and score_pair(records[a], records[b]).score >= PROPOSE:
            assert blocking_keys(records[a]) & blocking_keys(records[b])


def test_clusters_are_transitive() -> None:
    pairs = [Pair(a=a, b=b, score=1.0, evidence=()) for a, b in [(4, 9), (1, 2), (9, 3)]]
    assert cluster(pairs) == [(1, 2), (3, 4, 9)]


WORD = st.text("abclmnoüßé 李伟王-'", max_size=8)
RECORDS = st.builds(
    MatchRecord,
    id=st.integers(1, 99),
    name=WORD,
    given=WORD,
    family=WORD,
    organisation=WORD,
    emails=st.lists(st.emails(), max_size=2).map(tuple),
    phones=st.lists(st.text("0123456789", min_size=3, max_size=11), max_size=2).map(tuple),
    urls=st.lists(WORD, max_size=1).map(tuple),
    street=st.text("12 abstr.,é路", max_size=10),
    city=WORD,
    postcode=st.text("0123", max_size=5),
    region=WORD,
    country=st.sampled_from(["", "CN", "DE"]),
    birthday=st.one_of(st.just(""), st.dates().map(str), st.text("0129-", max_size=10)),
    identifiers=st.lists(st.text("0123456789", min_size=1, max_size=9), max_size=2).map(tuple),
    kind=st.sampled_from(["contact", "customer"]),
)


def test_crossed_names_weigh_the_same_from_both_sides() -> None:
    a = MatchRecord(id=1, name="", given="a", family="伟", kind="contact")
    b = MatchRecord(id=2, name="", given="伟a", family="a", kind="contact")
    turned = score_pair(evolve(b, id=1), evolve(a, id=2))
    assert score_pair(a, b).score == pytest.approx(turned.score, abs=1e-9)


@given(RECORDS, RECORDS)
def test_score_is_symmetric(a: MatchRecord, b: MatchRecord) -> None:
    b = evolve(b, id=a.id + 1)
    there, back = score_pair(a, b), score_pair(evolve(b, id=a.id), evolve(a, id=a.id + 1))
    assert there.score == pytest.approx(back.score, abs=1e-9)
    assert 0 <= there.score <= 1


@given(RECORDS)
def test_a_full_record_is_itself(record: MatchRecord) -> None:
    full = evolve(
        record, name="Zara Quist", given="Zara", family="Quist", birthday="1984-05-06", identifiers=("7535316",)
    )
    assert score_pair(full, evolve(full, id=100)).score > 0.99
