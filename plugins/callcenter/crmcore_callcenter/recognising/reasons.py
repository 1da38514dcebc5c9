"""Why somebody may be who rings, in words."""

from collections.abc import Iterator, Sequence
from datetime import UTC
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from crmcore_callcenter.i18n import _

EXACT, HOUSE, BEHIND = range(3)
"""How a number that somebody has is related to the one that rings: the same, its house's, or an extension of it."""

_SHARED = frozenset({"shared", "public", "common", "公用", "共用"})
_SWITCHBOARD = frozenset({"main", "switchboard", "总机", "總機"})
_CALLED, _WROTE = frozenset({"call"}), frozenset({"email", "chat", "message", "letter", "fax", "sms", "form"})


def is_marked(row: Any) -> bool:
    """Return whether a number is marked as one that should not be used, or that several use."""
    return bool(row.status) or row.label.casefold() in _SHARED


def reasons(row: Any, how: int, others: Sequence[str]) -> str:
    """Return in words why whoever has a number may be who rings; `others` are the names of who else has it."""
    return "; ".join((_number(row, how), *_against(row), *_shared(others), *_last(row)))


def _number(row: Any, how: int) -> str:
    extension = row.normal.partition(";ext=")[2]
    if how == BEHIND:
        return _("extension {extension} of this number").format(extension=extension)
    if row.own_customer_id is not None:
        return _company(row, how)
    if how == HOUSE:
        return _("their number, without the extension")
    if row.kind == "fax":
        return _("their fax number")
    known = {
        "mobile": _("their mobile number"), "cell": _("their mobile number"), "手机": _("their mobile number"),
        "work": _("their number at work"), "home": _("their number at home"),
    }  # fmt: skip
    return known.get(row.label.casefold()) or (
        _("their number ({label})").format(label=row.label) if row.label else _("their number")
    )


def _company(row: Any, how: int) -> str:
    if how == HOUSE:
        return _("a line of the company, whose switchboard is {number}").format(number=row.normal)
    if row.form == "individual":
        return _("the customer's number")
    if row.kind == "fax":
        return _("the company's fax number")
    if row.people > 1 or row.label.casefold() in _SWITCHBOARD:
        return _("the company's switchboard number, {count} people").format(count=row.people)
    return _("the company's number")


def _against(row: Any) -> Iterator[str]:
    if is_marked(row):
        yield _("marked as {mark}").format(mark=_(row.status or row.label))


def _shared(others: Sequence[str]) -> Iterator[str]:
    if len(others) == 1:
        yield _("shared with {name}").format(name=others[0])
    elif others:
        yield _("shared with {name} and {count} more").format(name=others[0], count=len(others) - 1)


def _last(row: Any) -> Iterator[str]:
    """Say when something passed between us last, by the calendar of where that was."""
    if row.last_at is None:
        return
    inward = row.last_direction == "in"
    if row.last_channel in _CALLED:
        said = _("called last on {day}") if inward else _("we called last on {day}")
    elif row.last_channel in _WROTE:
        said = _("wrote last on {day}") if inward else _("we wrote last on {day}")
    else:
        said = _("last in touch on {day}")
    yield said.format(day=row.last_at.astimezone(_zone(row.last_zone)).date().isoformat())


def _zone(name: str) -> Any:
    try:
        return ZoneInfo(name) if name else UTC
    except (ZoneInfoNotFoundError, ValueError):
        return UTC
