"""Answers as people type them, in English or Chinese: read by the kind of their question, and shown again."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from crmcore.directory.moments import Here, day_said
from crmcore.errors import InvalidInput
from crmcore.fields.values import FALSE, TRUE
from crmcore.formats.table.numbers import Sum
from crmcore.formats.table.numbers import read_number as read_figures
from crmcore.hooks.forms import Question
from crmcore.i18n import _
from crmcore.language.money import money_said
from crmcore.language.numbers import read_number as read_words

_CODED = re.compile(r"(.+?)\s*\b([A-Z]{3})")


def answer_said(question: Question, text: str, here: Here) -> Any:
    """Return the answer that a text gives to a question, of the type `Question` tells; None for an empty text.

    Numbers: 40, 1,200.5, 两百, 12万. Sums: 160万, $40k, 88000 CNY. Days: 2027-01-15, 15 Jan, 下月底. A choice by its
    word or its number. Raises `InvalidInput` that names the question for what is no such answer.
    """
    said = text.strip()
    if not said:
        return None
    match question.kind:
        case "number":
            return _number(question, said)
        case "money":
            return _money(question, said)
        case "date":
            return day_said(question.label, said, here.today)
        case "yes_no":
            return _yes(question, said)
        case "choice":
            return _choice(question, said)
    return said


def answers_said(questions: Sequence[Question], texts: Mapping[str, str], here: Here) -> dict[str, Any]:
    """Return the answers that texts give, by question; what is empty is left out.

    Raises `InvalidInput` for a wrong answer, an answer to what is not asked, and where one that is required is missing.
    """
    asked = {one.name: one for one in questions}
    strange = [name for name in texts if name not in asked]
    if strange:
        raise InvalidInput(
            _("“{name}” is not asked; it asks for {names}.").format(name=strange[0], names=", ".join(asked))
        )
    read = {name: answer_said(asked[name], text, here) for name, text in texts.items()}
    found = {name: value for name, value in read.items() if value is not None}
    must_be_answered(questions, found)
    return found


def must_be_answered(questions: Iterable[Question], answers: Mapping[str, Any]) -> None:
    """Raise `InvalidInput` that names the questions that must be answered and are not."""
    missing = [one.label for one in questions if one.required and answers.get(one.name) is None]
    if missing:
        raise InvalidInput(_("An answer is missing: {names}.").format(names=", ".join(missing)))


def answer_shown(value: Any) -> str:
    """Return an answer as a text that is read again as the same; empty for None."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, Sum):
        return f"{_plain(value.value)} {value.currency}".strip()
    if isinstance(value, Decimal):
        return _plain(value)
    return value.isoformat() if isinstance(value, date) else str(value)


def _plain(value: Decimal) -> str:
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _number(question: Question, said: str) -> Decimal:
    found = read_figures(said)
    if found is None:
        found = read_words(said.casefold())
    if found is None:
        raise InvalidInput(
            _("{question}: “{text}” is not a number; write 40, 1,200 or 两百.").format(
                question=question.label, text=said
            )
        )
    return found


def _money(question: Question, said: str) -> Sum:
    coded = _CODED.fullmatch(said)
    figures = read_figures(coded[1]) if coded else None
    if coded and figures is not None and figures >= 0:
        return Sum(value=figures, currency=coded[2])
    value, currency = money_said(question.label, said)
    return Sum(value=value, currency=currency)


def _yes(question: Question, said: str) -> bool:
    word = said.casefold()
    if word not in TRUE and word not in FALSE:
        raise InvalidInput(_("{question}: “{text}” is neither yes nor no.").format(question=question.label, text=said))
    return word in TRUE


def _choice(question: Question, said: str) -> str:
    for place, one in enumerate(question.choices, 1):
        if said.casefold() == one.casefold() or said == str(place):
            return one
    raise InvalidInput(
        _("{question}: “{text}” is not one of {choices}.").format(
            question=question.label, text=said, choices=", ".join(question.choices)
        )
    )
