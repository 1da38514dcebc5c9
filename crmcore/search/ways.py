"""Finding parties by a way to reach them: a whole e-mail address or phone number, or the beginning of one."""

import re
from collections.abc import Iterator

from sqlalchemy import ColumnElement, and_, or_

from crmcore.engine.tables import contact_point
from crmcore.model.points import normalise

_LAST = "\U0010ffff"
_NUMBER = re.compile(r"[+\d][\d\s()/.\-]*")
_ADDRESS = re.compile(r"[A-Za-z0-9._%+\-]{3,64}(@[A-Za-z0-9.\-]*)?")
_FEWEST_DIGITS = 4


def reached_by(text: str, region: str) -> ColumnElement[bool] | None:
    """Return the condition that a contact point is what `text` says, or begins with it.

    A number is tried as it is and as one of the country `region`; fewer than four digits are no number.
    None where `text` can be neither address nor number.
    """
    tried = list(_beginnings(text.strip(), region))
    return or_(*(_begins(kind, start) for kind, start in tried)) if tried else None


def _beginnings(text: str, region: str) -> Iterator[tuple[str, str]]:
    if _NUMBER.fullmatch(text):
        digits = re.sub(r"\D", "", text)
        if len(digits) < _FEWEST_DIGITS:
            return
        yield "phone", f"+{digits}" if text.startswith("+") else digits
        if not text.startswith("+"):
            for start in dict.fromkeys((normalise("phone", text, region), _national(digits, region))):
                if start.startswith("+"):
                    yield "phone", start
    elif _ADDRESS.fullmatch(text):
        yield "email", text.lower()
        if "@" not in text:
            yield "messenger", text.lower()


def _national(digits: str, region: str) -> str:
    """Return the beginning of a number of a country, as stored: 0139 12 in CN is +8613912."""
    if not region:
        return ""
    import phonenumbers  # 30 ms, only for who searches numbers

    code = phonenumbers.country_code_for_region(region.upper())
    return f"+{code}{digits.lstrip('0')}" if code else ""


def _begins(kind: str, start: str) -> ColumnElement[bool]:
    """Return a range, for the index, and the exact condition, for collations that order otherwise."""
    c = contact_point.c
    return and_(
        c.kind == kind, c.normal >= start, c.normal < start + _LAST, c.normal.startswith(start, autoescape=True)
    )
