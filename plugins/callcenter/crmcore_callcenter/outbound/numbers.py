"""Which number of somebody is called: one that is good, a mobile telephone's first."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from attrs import frozen
from sqlalchemy import select

from crmcore.api import PluginReader, Reader, tables

_MOBILE = ("mobile", "cell", "handy", "手机", "移动")


@frozen(kw_only=True)
class Number:
    """A number as it is written, and in E.164."""

    value: str
    normal: str


def best(reader: Reader | PluginReader, contact_ids: Sequence[int]) -> Mapping[int, Number]:
    """Return the number by which each contact is called, where they have one: one statement.

    Numbers that are bad are left out. Of several a mobile one counts, then one they prefer, then the oldest.
    """
    c = tables.contact_point.c
    columns = select(c.id, c.contact_id, c.value, c.normal, c.label, c.preferred)
    good = (c.contact_id.in_(contact_ids), c.kind == "phone", c.status == "", c.normal != "")
    held: dict[int, list[Any]] = defaultdict(list)
    for row in reader.rows(columns.where(*good)):
        held[row.contact_id].append(row)
    return {key: _number(min(rows, key=_rank) if len(rows) > 1 else rows[0]) for key, rows in held.items()}


def _number(row: Any) -> Number:
    return Number(value=row.value, normal=row.normal)


def _rank(row: Any) -> tuple[bool, bool, int]:
    return not _is_mobile(row), not row.preferred, row.id


def _is_mobile(row: Any) -> bool:
    import phonenumbers  # only for who has several numbers

    if any(word in row.label.casefold() for word in _MOBILE):
        return True
    try:
        kind = phonenumbers.number_type(phonenumbers.parse(row.normal))
    except phonenumbers.NumberParseException:
        return False
    return kind == phonenumbers.PhoneNumberType.MOBILE
