"""Scorecards: what is measured is what a ranking says, points follow the odds; on real data beside a regression.

The public data of responses are customers of a telephone company who left (7,043, IBM) and customers of a shop who
bought again (2,357, CDNOW), scored through the command line and measured on the half that nothing was learned from.
"""

import csv
from datetime import UTC, date, datetime, time
from decimal import Decimal
from math import exp, log
from pathlib import Path

import pytest
from crmcore_marketing.scoring.card import NUMBER, TEXT, Bin, Factor
from crmcore_marketing.scoring.learning import Cell, chosen, learned, weighed
from crmcore_marketing.scoring.measuring import Counted, bands, measured
from hypothesis import given
from hypothesis import strategies as st

from crmcore.api import Contact, Interaction
from crmcore.testing.bulk import insert
from crmcore.testing.commands import Commands
from crmcore.testing.workspace import Workspace

BUSINESS = Path(__file__).resolve().parents[4] / "shared" / "realworld" / "business"
REAL = pytest.mark.skipif(not BUSINESS.exists(), reason="the public data are not here")

PEOPLE = st.lists(st.tuples(st.integers(-3, 3), st.booleans()), min_size=2, max_size=80)


def counts(people):
    sizes = {points: [yes for one, yes in people if one == points] for points, _yes in people}
    return [Counted(points=points, people=len(all_), positives=sum(all_)) for points, all_ in sizes.items()]


@given(PEOPLE)
def test_what_is_measured_is_what_ranking_the_people_says(people):
    found = measured(counts(people))
    positives = [one for one, yes in people if yes]
    negatives = [one for one, yes in people if not yes]
    assert (found.people, found.positives) == (len(people), len(positives))
    if not positives or not negatives:
        assert found.auc is None
        return
    pairs = [(a > b) + (a == b) / 2 for a in positives for b in negatives]
    assert found.auc == pytest.approx(sum(pairs) / len(pairs), abs=1e-4)
    assert found.steps[-1].caught == 1
    caught = [each.caught for each in found.steps]
    assert caught == sorted(caught)
    least = 0.0  # the worst and the best order of those with equal points are on both sides of what is told
    for step in found.steps:
        whole = int(len(people) * step.share + 1e-9)
        worst = sorted(people, key=lambda one: (-one[0], one[1]))[:whole]
        best = sorted(people, key=lambda one: (-one[0], not one[1]))[: whole + 1]
        least, most = sum(yes for _one, yes in worst), sum(yes for _one, yes in best)
        assert least - 0.01 <= step.positives <= most + 0.01


@given(PEOPLE)
def test_more_points_are_never_less_likely(people):
    likely = [one.likely for one in sorted(bands(counts(people)), key=lambda one: one.points)]
    assert likely == sorted(likely)
    assert all(0 <= one <= 1 for one in likely)


RANGES = st.lists(st.tuples(st.integers(1, 300), st.floats(0, 1)), min_size=1, max_size=20)


@given(RANGES)
def test_joining_bins_loses_nobody_and_leaves_only_bins_that_differ(given_):
    cells = [(n, round(n * rate)) for n, rate in given_]
    bins = [
        Bin(
            low=None if place == 0 else place, high=place + 1 if place + 1 < len(cells) else None, people=n, positives=k
        )
        for place, (n, k) in enumerate(cells)
    ]
    people, positives = sum(n for n, _k in cells), sum(k for _n, k in cells)
    found = learned(Factor(name="f", title="f", kind=NUMBER, bins=tuple(bins)), people, positives)
    assert sum(one.people for one in found.bins) == people
    assert sum(one.positives for one in found.bins) == positives
    assert [one.high for one in found.bins[:-1]] == [one.low for one in found.bins[1:]]
    assert found.iv >= 0
    if 0 < positives < people:
        base = positives / people
        for one in found.bins:
            assert (one.woe > 0) == (one.rate > base) or one.rate == pytest.approx(base)


def two_alike(n=1_000):
    """Two factors that say the same, of which one is copied from the other, and one that says nothing."""
    bins = (Bin(values=("a",), people=n, positives=n // 2), Bin(values=("b",), people=n, positives=n // 10))
    telling = learned(Factor(name="x", title="x", kind=TEXT, bins=bins), 2 * n, n // 2 + n // 10)
    flat = (Bin(values=("a",), people=n, positives=300), Bin(values=("b",), people=n, positives=300))
    nothing = learned(Factor(name="z", title="z", kind=TEXT, bins=flat), 2 * n, 600)
    return telling, nothing


def test_what_two_factors_both_say_counts_once():
    telling, nothing = two_alike()
    assert chosen([telling, nothing], 2_000, 600) == [telling]
    one, base = weighed(
        [telling], [Cell(bins=(0,), people=1_000, positives=500), Cell(bins=(1,), people=1_000, positives=100)]
    )
    both, same = weighed([telling, telling], [Cell(bins=(0, 0), people=1_000, positives=500),
                                              Cell(bins=(1, 1), people=1_000, positives=100)])  # fmt: skip
    assert base == pytest.approx(same, abs=0.01)
    assert sum(each.weight for each in both) == pytest.approx(one[0].weight, abs=0.02)
    odds = exp(base + one[0].bins[0].points * log(2) / 20)  # 20 points double the odds
    assert odds / (1 + odds) == pytest.approx(0.5, abs=0.02)
    bins = (Bin(values=("a",), people=6, positives=3), Bin(values=("b",), people=6, positives=1))
    few = learned(Factor(name="y", title="y", kind=TEXT, bins=bins), 12, 4)
    assert chosen([few], 12, 4) == []  # among twelve people that is chance


@pytest.fixture
def shop(crm_databases, tmp_path):
    """Return a workspace in SQLite with marketing and sales, the command line in it, and its app."""
    address = crm_databases.new("sqlite", tmp_path)
    workspace = Workspace(address)
    yield workspace.open("marketing", "sales"), Commands(address)
    workspace.close()
    crm_databases.drop(address)


def beside(columns, rows, halves):
    """Return what a plain logistic regression reaches on the same half: its lift in the best tenth, and the AUC."""
    from sklearn.compose import make_column_transformer
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import roc_auc_score
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import OneHotEncoder, StandardScaler

    numbers = [place for place, kind in enumerate(columns) if kind == "number"]
    words = [place for place, kind in enumerate(columns) if kind != "number"]
    shape = make_column_transformer((StandardScaler(), numbers), (OneHotEncoder(handle_unknown="ignore"), words))
    model = make_pipeline(shape, LogisticRegression(max_iter=2_000))
    seen = [(known, yes) for (known, yes), half in zip(rows, halves, strict=True) if not half]
    new = [(known, yes) for (known, yes), half in zip(rows, halves, strict=True) if half]
    model.fit([known for known, _yes in seen], [yes for _known, yes in seen])
    likely = model.predict_proba([known for known, _yes in new])[:, 1]
    ranked = sorted(zip(likely, (yes for _known, yes in new), strict=True), reverse=True)
    best = ranked[: len(ranked) // 10]
    rate = sum(yes for _one, yes in ranked) / len(ranked)
    return sum(yes for _one, yes in best) / len(best) / rate, roc_auc_score([yes for _known, yes in new], likely)


def half(key):
    return int(key * 40_503 % 65_536 >= 32_768)


@REAL
@pytest.mark.drill
def test_the_lift_on_customers_who_left_is_that_of_a_logistic_regression(shop, tmp_path, capsys):
    app, crm = shop
    file = BUSINESS / "IBM_telco-customer-churn-on-icp4d" / "Telco-Customer-Churn.csv"
    rows = list(csv.DictReader(file.open(encoding="utf-8")))
    numbers = {"tenure", "MonthlyCharges", "TotalCharges", "SeniorCitizen"}
    names = [name for name in rows[0] if name != "customerID"]
    fields = "".join(
        f'[field.contact.{name.lower()}]\ntype = "{"number" if name in numbers else "text"}"\n' for name in names
    )
    (tmp_path / "fields.toml").write_text(fields)
    crm.run("config", "apply", tmp_path / "fields.toml")
    people = [
        Contact(name=row["customerID"], custom={
            name.lower(): float(row[name]) if name in numbers else row[name] for name in names if row[name].strip()
        })
        for row in rows
    ]  # fmt: skip
    insert(app, people)
    factors = [each for name in names[:-1] for each in ("--factor", f"contact.custom.{name.lower()}")]
    told = crm.run("marketing", "score", "train", "left", "--target", 'contact.custom.churn == "Yes"', "--only-these",
                   *factors, "--json").json["measured"]  # fmt: skip
    assert told["people"] + sum(not half(one.id) for one in people) == 7_043
    columns = ["number" if name in numbers else "text" for name in names[:-1]]
    known = [
        ([float(row[name] or 0) if name in numbers and row[name].strip() else (0.0 if name in numbers else row[name])
          for name in names[:-1]], row["Churn"] == "Yes")
        for row in rows
    ]  # fmt: skip
    lift, auc = beside(columns, known, [half(one.id) for one in people])
    ours = told["steps"][0]["lift"]
    with capsys.disabled():
        print(f"\nchurn: lift {ours:.2f}, AUC {told['auc']:.3f}; logistic regression {lift:.2f}, {auc:.3f}")  # noqa: T201
    assert ours > 0.95 * lift
    assert told["auc"] > auc - 0.01


@REAL
@pytest.mark.drill
def test_the_lift_on_customers_who_bought_again_is_that_of_a_logistic_regression(shop, capsys):
    from crmcore_sales.model.opportunity import Opportunity

    app, crm = shop
    begin = date(1997, 10, 1)  # what was known then tells who bought since
    bought = {}
    for line in (BUSINESS / "lifetimes" / "CDNOW_sample.txt").read_text().splitlines():
        _master, customer, day, *_more = line.split()
        bought.setdefault(customer, []).append(datetime.strptime(day, "%Y%m%d").date())  # noqa: DTZ007 # a day
    people = {customer: Contact(name=f"Customer {customer}") for customer in bought}
    insert(app, people.values())
    insert(app, [
        Interaction(channel="visit", direction="in", subject="bought", at=_noon(day), contact_id=people[customer].id)
        for customer, days in bought.items() for day in days if day < begin
    ])  # fmt: skip
    again = {
        customer: min(day for day in days if day >= begin) for customer, days in bought.items() if max(days) >= begin
    }
    insert(app, [
        Opportunity(title="again", contact_id=people[customer].id, stage="won", status="won", reason="price",
                    amount=Decimal(10), closed_at=_noon(day), closed_on=day)
        for customer, day in again.items()
    ])  # fmt: skip
    told = crm.run("marketing", "score", "train", "again", "--since", str(begin), "--json").json["measured"]
    known = [
        ([log(1 + sum(day < begin for day in days)), log(1 + (begin - max(day for day in days if day < begin)).days)],
         customer in again)
        for customer, days in bought.items()
    ]  # fmt: skip
    lift, auc = beside(["number", "number"], known, [half(people[customer].id) for customer in bought])
    ours = told["steps"][0]["lift"]
    with capsys.disabled():
        print(f"\nagain: lift {ours:.2f}, AUC {told['auc']:.3f}; logistic regression {lift:.2f}, {auc:.3f}")  # noqa: T201
    assert ours > 0.9 * lift
    assert told["auc"] > auc - 0.02


def _noon(day):
    return datetime.combine(day, time(12), UTC)
