"""What people answer, read by the kind of the question in English and Chinese, and shown so that it is read alike."""

from datetime import date, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmcore.api import Here, Question, Sum, answer_said, answer_shown, answers_said
from crmcore.errors import InvalidInput

HERE = Here(zone=ZoneInfo("Asia/Shanghai"), today=date(2026, 11, 24), region="CN")


def asked(kind, required=False):
    choices = ("Gold", "Silver") if kind == "choice" else ()
    return Question(name=kind, label=f"The {kind}", kind=kind, choices=choices, required=required)


@pytest.mark.parametrize(
    ("kind", "text", "answer"),
    [
        ("text", "  replace old pumps ", "replace old pumps"),
        ("number", "1,200.5", Decimal("1200.5")),
        ("number", "two hundred", Decimal(200)),
        ("number", "两百五", Decimal(250)),
        ("number", "12万", Decimal(120_000)),
        ("number", "0", Decimal(0)),
        ("money", "160万", Sum(value=Decimal(1_600_000))),
        ("money", "$40k", Sum(value=Decimal(40_000), currency="USD")),
        ("money", "5 500.50 SEK", Sum(value=Decimal("5500.50"), currency="SEK")),
        ("money", "30万美元", Sum(value=Decimal(300_000), currency="USD")),
        ("date", "2027-01-15", date(2027, 1, 15)),
        ("date", "15 Jan", date(2027, 1, 15)),
        ("date", "下周五", date(2026, 12, 4)),
        ("yes_no", "Yes", True),
        ("yes_no", "否", False),
        ("choice", "gold", "Gold"),
        ("choice", "2", "Silver"),
        ("money", " ", None),
    ],
)
def test_an_answer_is_read_by_its_kind(kind, text, answer):
    found = answer_said(asked(kind), text, HERE)
    assert found == answer
    assert answer_said(asked(kind), answer_shown(found), HERE) == found


@pytest.mark.parametrize(
    ("kind", "text", "said"),
    [
        ("number", "many", "not a number"),
        ("money", "cheap", "no sum of money"),
        ("money", "-5", "no sum of money"),
        ("date", "soon", "not a date"),
        ("yes_no", "maybe", "neither yes nor no"),
        ("choice", "3", "not one of Gold, Silver"),
    ],
)
def test_what_is_no_answer_is_told_in_a_sentence_that_names_the_question(kind, text, said):
    with pytest.raises(InvalidInput, match=f"The {kind}: “{text}” is .*{said}|The {kind}: “{text}” is {said}"):
        answer_said(asked(kind), text, HERE)


def test_answers_to_a_form_are_all_asked_and_none_that_is_required_is_missing():
    questions = (asked("text", required=True), asked("number"))
    assert answers_said(questions, {"text": "pumps", "number": ""}, HERE) == {"text": "pumps"}
    with pytest.raises(InvalidInput, match="An answer is missing: The text"):
        answers_said(questions, {"number": "3"}, HERE)
    with pytest.raises(InvalidInput, match="“colour” is not asked; it asks for text, number"):
        answers_said(questions, {"colour": "red", "text": "x"}, HERE)
    with pytest.raises(ValueError, match="a choice has choices"):
        Question(name="q", label="Q", kind="choice")


_SUMS = st.builds(
    Sum, value=st.decimals(0, 10**12, places=2), currency=st.sampled_from(["", "CNY", "EUR", "SEK", "JPY"])
)
_ANSWERS = st.one_of(
    st.tuples(st.just("number"), st.decimals(-(10**9), 10**9, places=3)),
    st.tuples(st.just("money"), _SUMS),
    st.tuples(st.just("date"), st.dates(HERE.today, HERE.today + timedelta(days=4000))),
    st.tuples(st.just("yes_no"), st.booleans()),
    st.tuples(st.just("choice"), st.sampled_from(["Gold", "Silver"])),
)


@given(_ANSWERS)
def test_an_answer_that_is_shown_is_read_as_the_same(one):
    kind, value = one
    assert answer_said(asked(kind), answer_shown(value), HERE) == value


@given(st.sampled_from(["number", "money", "date", "yes_no", "choice"]), st.text(max_size=20))
def test_whatever_is_typed_is_refused_or_an_answer_that_is_read_again_as_the_same(kind, text):
    try:
        found = answer_said(asked(kind), text, HERE)
    except InvalidInput:
        return
    assert answer_said(asked(kind), answer_shown(found), HERE) == found
