"""What is wrong with one way to reach a contact, and with a contact as a whole."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any

from attrs import frozen
from sqlalchemy import Row

from crmcore.i18n import _
from crmcore.model.points import problem

MAIL, ADDRESS, PHONE, STALE, TWICE, UNREACHABLE, NAMELESS = (
    "mail", "address", "phone", "stale", "duplicate", "unreachable", "nameless",
)  # fmt: skip
"""Keys of the figures: contacts without a valid e-mail address, addresses and numbers that are wrong, and so on."""

_REACHING = frozenset({"email", "phone", "fax", "messenger", "address"})
_WRONG = frozenset({"invalid", "bounced"})
_PLAIN_LOCAL_PART = re.compile(r"[a-z0-9_+\-]+(?:\.[a-z0-9_+\-]+)*@", re.ASCII)


@frozen(kw_only=True)
class Fault:
    """What is wrong with a record, and the command that mends it; `entity` is contact or contact_point."""

    figure: str
    entity: str
    id: int
    wrong: str
    command: str


@lru_cache(maxsize=16384)
def _takes_mail(domain: str) -> bool:
    return not problem("email", f"a@{domain}")


def point_problem(kind: str, value: str, normal: str, status: str, region: str) -> str:
    """Return why a point cannot be used as one of its kind, '' if nothing is wrong with it."""
    if status in _WRONG:
        return _("{value} is marked {status}").format(value=value, status=status)
    # An address that was normalised has the right form: what is left to judge is its domain, once for all of it.
    if kind == "email" and _PLAIN_LOCAL_PART.match(normal) and _takes_mail(normal.rpartition("@")[2]):
        return ""
    return problem(kind, value, region)


def point_faults(points: Sequence[Row[Any]], region: str) -> list[Fault]:
    """Return what is wrong with the e-mail addresses and phone numbers of a contact (id, kind, value, ...)."""
    faults = []
    for point in points:
        if point.kind not in ("email", "phone", "fax"):
            continue
        wrong = point_problem(point.kind, point.value, point.normal, point.status, region)
        if wrong:
            figure = ADDRESS if point.kind == "email" else PHONE
            command = f"crm quality correct {point.id} VALUE"
            faults.append(Fault(figure=figure, entity="contact_point", id=point.id, wrong=wrong, command=command))
    return faults


def contact_faults(
    row: Row[Any], points: Sequence[Row[Any]], wrong_points: Sequence[Fault], months: int
) -> Iterator[Fault]:
    """Yield what is wrong with a contact as a whole."""
    bad = {fault.id for fault in wrong_points}
    mail = [point for point in points if point.kind == "email"]
    usable = [point for point in points if point.kind in _REACHING and point.id not in bad and point.status != "stale"]

    def fault(figure: str, wrong: str, command: str) -> Fault:
        return Fault(figure=figure, entity="contact", id=row.id, wrong=wrong, command=command)

    edit = f"crm contact edit {row.id} "
    if not any(point.kind == "email" for point in usable):
        yield fault(
            MAIL, _("no valid e-mail address") if mail else _("no e-mail address"), edit + "--add-email ADDRESS"
        )
    if row.silent:
        why = _("no interaction and no update for {n} months").format(n=months)
        yield fault(STALE, why, f"crm quality mark {row.id} ok")
    elif points and all(point.status == "stale" for point in points):
        yield fault(STALE, _("every way to reach it is marked stale"), f"crm quality mark {row.id} ok")
    if row.twin is not None:
        yield fault(TWICE, _("may be the same as {id}").format(id=row.twin), f"crm contact merge {row.twin} {row.id}")
    if not usable:
        yield fault(UNREACHABLE, _("no way to reach it"), edit + "--add-phone NUMBER")
    if not _is_named(row, points):
        yield fault(NAMELESS, _("its name is a way to reach it, not a name"), edit + "--name NAME")


def _is_named(row: Row[Any], points: Sequence[Row[Any]]) -> bool:
    """Return whether a contact has a name of its own; an import calls one without a name by its address or number."""
    name = row.name.strip()
    if row.given or row.family:
        return True
    return any(character.isalpha() for character in name) and "@" not in name and all(p.value != name for p in points)
