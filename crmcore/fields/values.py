"""The value of a field: read from what was typed or given, checked, and shown.

| type | kept in `custom` as |
|---|---|
| text, choice, url | text |
| number | a JSON number |
| money | a decimal number as text, exact; all in the field's currency |
| date | ISO 8601, as text |
| boolean | true or false |
| term | the term's code |
| email | the address, folded to lower case |
| phone | E.164 |
"""

import re
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from crmcore.definitions.conditions import Condition
from crmcore.errors import InvalidInput
from crmcore.formats.table.values import YES, read_date
from crmcore.i18n import _
from crmcore.model.definitions import Definitions, Field, Term
from crmcore.model.names import search_text
from crmcore.model.points import normalise, problem

TRUE = YES | {"on", "✓", "对", "有"}
FALSE = frozenset("false no n 0 off 否 不 无 没有".split())  # noqa: SIM905 # a list of words, as in YES
_GROUPED = re.compile(r"[+-]?\d{1,3}([,，]\d{3})+(\.\d+)?")
_SIGNS = {"¥": "CNY", "￥": "CNY", "$": "USD", "€": "EUR", "£": "GBP"}
_MOST = 10**15  # a JSON number is exact up to there


def read(field: Field, raw: Any, definitions: Definitions, region: str = "") -> Any:
    """Return the value of a field as it is kept, from text as typed or from a value of the fitting type.

    None for nothing. What is kept already comes back as it is. `region` (ISO 3166) reads telephone numbers without a
    country code. Raises `InvalidInput` with one sentence that names the field for what it cannot be.
    """
    if raw is None or (isinstance(raw, str) and not raw.strip()):
        return None
    value = _typed(field, raw.strip() if isinstance(raw, str) else raw, definitions, region)
    _check(field, value, raw)
    return value


def _typed(field: Field, raw: Any, definitions: Definitions, region: str) -> Any:
    match field.type:
        case "number":
            return _number(field, raw)
        case "money":
            return _money(field, raw)
        case "date":
            return _date(field, raw)
        case "boolean":
            return _boolean(field, raw)
    if not isinstance(raw, str):
        raise _wrong(field, raw, _("a text"))
    match field.type:
        case "choice":
            found = next((one for one in field.choices if one.casefold() == raw.casefold()), None)
            if found is None:
                raise InvalidInput(
                    _("{field} cannot be “{value}”; it is one of {choices}.").format(
                        field=named(field), value=raw, choices=", ".join(field.choices)
                    )
                )
            return found
        case "term":
            term = meant_by(definitions, raw)
            if term is None:
                raise InvalidInput(
                    _("{field}: “{value}” is no term of this workspace; `crm term list` shows them.").format(
                        field=named(field), value=raw
                    )
                )
            return term.code
        case "email" | "phone" | "url":
            return _reach(field, raw, region)
    return raw


def named(field: Field) -> str:
    """Return the field as a person knows it: its label with its name, or its name."""
    return f"{field.label} ({field.name})" if field.label and field.label != field.name else field.name


def _wrong(field: Field, raw: Any, what: str) -> InvalidInput:
    return InvalidInput(_("{field}: “{value}” is not {what}.").format(field=named(field), value=raw, what=what))


def _number(field: Field, raw: Any) -> int | float:
    found = _decimal(raw)
    if found is None or abs(found) >= _MOST:
        raise _wrong(field, raw, _("a number") if found is None else _("a number below 10^15"))
    return int(found) if found == found.to_integral_value() else float(found)


def _money(field: Field, raw: Any) -> str:
    text = raw
    if isinstance(raw, str):
        for sign, code in _SIGNS.items():
            text = text.replace(sign, f" {code} ")
        words = text.split()
        currencies = {word.upper() for word in words if word.isalpha()}
        if currencies - {field.currency}:
            raise InvalidInput(
                _("{field}: “{value}” is not in {currency}, as all its amounts are.").format(
                    field=named(field), value=raw, currency=field.currency
                )
            )
        text = "".join(word for word in words if not word.isalpha())
    found = _decimal(text)
    if found is None:
        raise _wrong(field, raw, _("an amount, such as 1200.50"))
    return format(found.normalize() if found == found.to_integral_value() else found, "f")


def _decimal(raw: Any) -> Decimal | None:
    if isinstance(raw, bool) or not isinstance(raw, str | int | float | Decimal):
        return None
    text = str(raw)
    if isinstance(raw, str):
        text = re.sub("[,，]", "", raw) if _GROUPED.fullmatch(raw) else raw
        if not re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?", text):
            return None
    try:
        found = Decimal(text)
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


def _date(field: Field, raw: Any) -> str:
    if isinstance(raw, datetime):
        raw = raw.date()
    if isinstance(raw, date):
        return raw.isoformat()
    found = read_date(raw) if isinstance(raw, str) else None
    if not found or found.startswith("--"):
        raise _wrong(field, raw, _("a date; write 2026-12-01"))
    return found


def _boolean(field: Field, raw: Any) -> bool:
    if isinstance(raw, bool):
        return raw
    said = str(raw).casefold()
    if said in TRUE or said in FALSE:
        return said in TRUE
    raise _wrong(field, raw, _("true or false"))


def _reach(field: Field, raw: str, region: str) -> str:
    found = normalise(field.type, raw, region)
    steady = normalise(field.type, found) == found  # a number with its country code stays as it is
    wrong = {
        "email": not found,
        "phone": not (found.startswith("+") and steady) or problem("phone", raw, region),
        "url": problem("url", raw),
    }
    if wrong[field.type]:
        what = {
            "email": _("an e-mail address"),
            "phone": _("a telephone number; write it with its country code, such as +86"),
            "url": _("an address on the web"),
        }
        raise _wrong(field, raw, what[field.type])
    return raw if field.type == "url" else found


def _check(field: Field, value: Any, raw: Any) -> None:
    if field.type in ("number", "money"):
        amount = Decimal(str(value))
        if field.minimum is not None and amount < Decimal(str(field.minimum)):
            raise InvalidInput(
                _("{field}: {value} is less than {limit}.").format(
                    field=named(field), value=raw, limit=_plain(field.minimum)
                )
            )
        if field.maximum is not None and amount > Decimal(str(field.maximum)):
            raise InvalidInput(
                _("{field}: {value} is more than {limit}.").format(
                    field=named(field), value=raw, limit=_plain(field.maximum)
                )
            )
    if field.pattern and isinstance(value, str) and not matches(field.pattern, value):
        raise InvalidInput(
            _("{field}: “{value}” is not of the form {pattern}.").format(
                field=named(field), value=value, pattern=field.pattern
            )
        )


_FITS = "value.matches(pattern)"  # compiled where it is used: the library takes a tenth of a second to import


def matches(pattern: str, value: str) -> bool:
    """Return whether a pattern (RE2, in time that grows with the text only) is that of the whole text.

    Raises `InvalidInput` for a pattern that is none.
    """
    return Condition(_FITS).holds({"value": value, "pattern": f"^(?:{pattern})$"})


def _plain(number: float) -> str:
    return format(Decimal(str(number)).normalize(), "f")


def meant_by(definitions: Definitions, said: str) -> Term | None:
    """Return the term that people mean by a word: its code, its label or a synonym, in any language and case."""
    wanted = search_text(said)
    words = {
        one.code: {search_text(word) for word in (one.code, one.label, *one.synonyms)} for one in definitions.terms
    }
    return next((one for one in definitions.terms if wanted and wanted in words[one.code]), None)


def shown(field: Field, value: Any, terms: Mapping[str, str]) -> str:
    """Return a value as people read it; `terms` are the labels of terms by code. What is shown is read again alike."""
    match field.type:
        case "boolean":
            return _("yes") if value else _("no")
        case "money":
            return f"{value} {field.currency}"
        case "term":
            return terms.get(str(value)) or str(value)
        case "number" if isinstance(value, float):
            return _plain(value)
    return str(value)


def labels(definitions: Definitions) -> dict[str, str]:
    """Return the labels of terms by their code."""
    return {one.code: one.label for one in definitions.terms if one.label}
