"""Why somebody may be who rings, in words."""

from collections.abc import Iterator, Sequence
from datetime import UTC
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from crmcore.api import Holder
from crmcore_callcenter.i18n import _

EXACT, HOUSE, BEHIND = range(3)
"""How a number that somebody has is related to the one that rings: the same, its house's, or an extension of it."""

_SHARED = frozenset({"shared", "public", "common", "公用", "共用"})
_SWITCHBOARD = frozenset({"main", "switchboard", "总机", "總機"})
_WRITTEN = frozenset({"email", "chat", "message", "letter", "fax", "sms", "form"})


def is_marked(row: Holder) -> bool:
    """Return whether a number is marked as one that should not be used, or that several use."""
    return bool(row.status) or row.label.casefold() in _SHARED


def reasons(row: Holder, how: int, people: Sequence[Holder], talk: Any) -> str:
    """Return in words why whoever has a number may be who rings.

    `row` says who has it, `people` are all who have the very number, `talk` their row of
    `last_talks`, or None.
    """
    others = (
        [each.name or "" for each in people if each.contact_id != row.contact_id] if row.contact_id is not None else []
    )
    return "; ".join((_number(row, how, talk), *_against(row), *_shared(others), *_last(talk)))


def _number(row: Holder, how: int, talk: Any) -> str:
    extension = row.normal.partition(";ext=")[2]
    if how == BEHIND:
        return _("extension {extension} of this number").format(extension=extension)
    if row.own_customer_id is not None:
        return _company(row, how, talk)
    if how == HOUSE:
        return _("their number, without the extension")
    if row.kind == "fax":
        return _("their fax number")
    match row.label.casefold():
        case "mobile" | "cell" | "手机":
            return _("their mobile number")
        case "work":
            return _("their number at work")
        case "home":
            return _("their number at home")
        case "":
            return _("their number")
    return _("their number ({label})").format(label=row.label)


def _company(row: Holder, how: int, talk: Any) -> str:
    if how == HOUSE:
        return _("a line of the company, whose switchboard is {number}").format(number=row.normal)
    if row.form == "individual":
        return _("the customer's number")
    if row.kind == "fax":
        return _("the company's fax number")
    people = talk.people if talk is not None else 0
    if people > 1:
        return _("the company's switchboard number, {count} people").format(count=people)
    if row.label.casefold() in _SWITCHBOARD:
        return _("the company's switchboard number")
    return _("the company's number")


def _against(row: Holder) -> Iterator[str]:
    if is_marked(row):
        yield _("marked as {mark}").format(mark=_(row.status or row.label))


def _shared(others: Sequence[str]) -> Iterator[str]:
    if len(others) == 1:
        yield _("shared with {name}").format(name=others[0])
    elif others:
        yield _("shared with {name} and {count} more").format(name=others[0], count=len(others) - 1)


def _last(talk: Any) -> Iterator[str]:
    """Say when something passed between us last, by the calendar of where that was."""
    if talk is None or talk.at is None:
        return
    inward = talk.direction == "in"
    if talk.channel == "call":
        said = _("called last on {day}") if inward else _("we called last on {day}")
    elif talk.channel in _WRITTEN:
        said = _("wrote last on {day}") if inward else _("we wrote last on {day}")
    else:
        said = _("last in touch on {day}")
    yield said.format(day=talk.at.astimezone(_zone(talk.zone)).date().isoformat())


def _zone(name: str) -> Any:
    try:
        return ZoneInfo(name) if name else UTC
    except (ZoneInfoNotFoundError, ValueError):
        return UTC
