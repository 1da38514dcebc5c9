"""Coaching and plays read a few statements, for one deal or for a hundred; small rules by themselves."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from crmcore_sales.coaching.recommending import ROOM, candidates, score
from crmcore_sales.coaching.sheet import sheet
from crmcore_sales.coaching.weekly import told, week_said
from crmcore_sales.contributions.processes import OPPORTUNITY
from crmcore_sales.guiding.advising import advise
from crmcore_sales.guiding.stuck import is_forward
from crmcore_sales.methods.finding import checks
from hypothesis import given
from hypothesis import strategies as st

from crmcore.api import InvalidInput, user_named


def test_the_number_of_statements_does_not_grow_with_the_number_of_deals(office, crm_statements):
    def asked():
        """Return how many statements each takes now."""
        with office.app.read() as reader:
            rep, week, counts = user_named(reader, "wang"), week_said(reader, "2026-11-18"), []
            for ask in (
                lambda: candidates(reader, big.id),
                lambda: sheet(reader, rep),
                lambda: told(reader, [rep.id], week),
                lambda: advise(reader, big.id),
                lambda: checks(reader, [big.id]),
            ):
                with crm_statements(office.app) as statements:
                    ask()
                counts.append(len(statements))
        return counts

    before = office.clock.now - timedelta(days=60)
    common = {"amount": Decimal(100_000), "stage": "proposal", "at": before, "need_by": office.today}
    big, _one = office.deals([common, {**common, "stage": "won", "closed": office.today}])
    few = asked()
    others = ({}, {"stage": "lost", "closed": office.today}, {"owner": "liu"})
    office.deals({**common, **more} for _each in range(60) for more in others)
    assert asked() == few
    assert few[0] <= 8  # the ranking of reps
    assert few[1] <= 16  # the sheet of a one-to-one
    assert few[2] <= 18  # a week
    assert few[4] == 0  # no plugin brings a method


@given(won=st.integers(0, 500), lost=st.integers(0, 500), load=st.integers(0, 400), team=st.floats(0.01, 0.99))
def test_a_score_is_between_none_and_all_and_grows_with_what_was_won(won, lost, load, team):
    closed = won + lost
    now = score(won, closed, load, team)
    assert 0 < now < 1
    assert score(won + 1, closed + 1, load, team) > now > score(won, closed + 1, load, team)
    assert now >= score(won, closed, load + 1, team)
    if closed and load <= ROOM:
        assert min(team, won / closed) - 1e-9 <= now <= max(team, won / closed) + 1e-9


@pytest.mark.parametrize(
    ("origin", "target", "forward"),
    [
        ("qualification", "needs", True), ("needs", "negotiation", True), ("proposal", "needs", False),
        ("qualification", "won", True), ("negotiation", "lost", False), ("negotiation", "", False),
        ("gone", "proposal", False),
    ],
)  # fmt: skip
def test_which_ways_lead_forward(origin, target, forward):
    assert is_forward(OPPORTUNITY, origin, target) is forward


def test_a_week_is_that_of_the_workspaces_zone(office):
    with office.app.read() as reader:
        week = week_said(reader, "")
        assert (week.name, week.monday, week.sunday) == ("2026-W48", date(2026, 11, 23), date(2026, 11, 29))
        assert week.begin.isoformat() == "2026-11-22T16:00:00+00:00"
        assert week_said(reader, "2026-W01").monday == date(2025, 12, 29)
        for text in ("2026-W54", "2026-13-01", "W48", "soon"):
            with pytest.raises(InvalidInput, match="is not a week"):
                week_said(reader, text)
