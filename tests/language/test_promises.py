"""Promises, measured on marked sentences, and how they look one by one."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmcore.language.promises import FoundPromise, find_promises

DATA = Path(__file__).resolve().parents[1] / "data" / "language"
AT = datetime(2026, 11, 24, 10, tzinfo=timezone(timedelta(hours=8)))


def marked(name: str) -> Iterator[tuple[list[str], str]]:
    for line in (DATA / name).read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            *marks, sentence = line.split("\t")
            yield marks, sentence


def seen(promise: FoundPromise) -> list[str]:
    amount = f"{promise.amount.value:f} {promise.amount.unit}" if promise.amount else "-"
    return [promise.by, promise.topic, str(promise.due or "-"), amount]


def measure(name: str) -> tuple[float, float, float]:
    """Return precision and recall of finding promises, and the share of true ones whose every field is right."""
    hits = false = missed = exact = 0
    for marks, sentence in marked(name):
        found = find_promises(sentence, AT)
        expected = marks[0] != "-"
        hits += expected and bool(found)
        missed += expected and not found
        false += len(found) if not expected else max(0, len(found) - 1)
        exact += expected and bool(found) and seen(found[0]) == marks
        if bool(found) != expected or (expected and seen(found[0]) != marks):
            print(f"  expected {marks}, found {[seen(p) for p in found]}: {sentence}")  # noqa: T201
    return hits / (hits + false), hits / (hits + missed), exact / max(hits, 1)


def test_marked_sentences() -> None:
    rows = list(marked("promises.tsv"))
    assert len(rows) >= 60
    precision, recall, exact = measure("promises.tsv")
    print(f"promises: {len(rows)} sentences, precision {precision:.3f}, recall {recall:.3f}, all fields {exact:.3f}")  # noqa: T201
    assert precision >= 0.95
    assert recall >= 0.9
    assert exact >= 0.9
