"""The core's figures of the data-quality meter."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from sqlalchemy import func, select

from crmcore.engine.tables import customer, duplicate
from crmcore.hooks.kinds import impl
from crmcore.hooks.reading import Quality
from crmcore.i18n import _

SHOWN = 10
"""How many faults a figure lists; the fix queue has all of them."""


def titles() -> dict[str, str]:
    """Return the titles of the figures about contacts by key, in the order of the meter."""
    return {
        "mail": _("Contacts with a valid e-mail address"),
        "address": _("E-mail addresses that are valid"),
        "phone": _("Phone numbers that are valid"),
        "stale": _("Contacts that are not stale"),
        "duplicate": _("Contacts without an open duplicate"),
        "unreachable": _("Contacts with a way to reach them"),
        "nameless": _("Contacts with a name"),
    }


def counted_title() -> str:
    """Return the title of the figure whose bad records are those that figures leave out."""
    return _("Contacts that count in figures")


@impl
def crm_quality(reader: Any) -> Iterable[Quality]:
    """Measure contacts and customers: three statements that do not grow in number with the records."""
    from crmcore.quality.examine import examine  # only when measured: every start registers this module

    totals: Counter[str] = Counter()
    bad: Counter[str] = Counter()
    fixes: dict[str, list[tuple[str, int, str]]] = {key: [] for key in titles()}
    failing = 0
    for one in examine(reader):
        totals.update(contacts=1, address=one.addresses, phone=one.phones)
        failing += one.fails
        for fault in one.faults:
            bad[fault.figure] += 1
            if len(fixes[fault.figure]) < SHOWN:
                fixes[fault.figure].append((fault.entity, fault.id, fault.wrong))
    for key, title in titles().items():
        total = totals[key] if key in ("address", "phone") else totals["contacts"]
        yield Quality(title=title, total=total, bad=bad[key], fixes=tuple(fixes[key]))
    yield _customers(reader)
    yield Quality(title=counted_title(), total=totals["contacts"], bad=failing)


def _customers(reader: Any) -> Quality:
    c = customer.c
    twice = select(duplicate.c.b).where(duplicate.c.kind == "customer", duplicate.c.state == "open")
    row = reader.first(
        select(func.count().label("total"), func.count().filter(c.id.in_(twice)).label("bad"))
        .select_from(customer)
        .where(c.merged_into_id.is_(None))
    )
    listed = select(c.id, func.min(duplicate.c.a).label("twin")).join(duplicate, duplicate.c.b == c.id)
    first = reader.rows(
        listed.where(duplicate.c.kind == "customer", duplicate.c.state == "open", c.merged_into_id.is_(None))
        .group_by(c.id)
        .order_by(c.id)
        .limit(SHOWN)
    )
    fixes = tuple(("customer", each.id, _("may be the same as {id}").format(id=each.twin)) for each in first)
    return Quality(title=_("Customers without an open duplicate"), total=row.total, bad=row.bad, fixes=fixes)
