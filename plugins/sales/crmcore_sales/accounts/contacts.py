"""The map of an account: its people, their buying roles, and who of them was not talked to lately."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta

from attrs import frozen
from sqlalchemy import func, select, union_all

from crmcore.api import PluginReader, Reader, logins, tables
from crmcore_sales.accounts.contacting import talked
from crmcore_sales.tables import buying_role, opportunity

_MOST = 500


@frozen(kw_only=True)
class Person:
    """A person of an account: buying roles, when one of ours last talked to them, and who that was."""

    id: int
    name: str
    title: str
    roles: tuple[str, ...]
    last: datetime | None
    by: str
    touched: bool


def people(reader: Reader | PluginReader, customer_id: int, days: int) -> list[Person]:
    """Return the people of an account, those not talked to within `days` days first: five statements.

    Those who hold a position there now, and those who decide in an open opportunity; `roles` are what either says.
    """
    p, b, o, c = tables.position.c, buying_role.c, opportunity.c, tables.contact.c
    titles: dict[int, str] = {}
    roles: dict[int, list[str]] = defaultdict(list)
    for row in reader.rows(
        select(p.contact_id, p.title, p.role).where(p.customer_id == customer_id, p.ended.is_(None)).limit(_MOST)
    ):
        titles.setdefault(row.contact_id, row.title)
        roles[row.contact_id] += [row.role] if row.role else []
    decide = select(b.contact_id, b.role).join(opportunity, o.id == b.opportunity_id)
    decide = decide.where(o.customer_id == customer_id, o.status == "open").order_by(b.id.desc())
    for row in reader.rows(decide.limit(_MOST)):
        roles[row.contact_id].append(row.role)
    ids = [*titles, *(key for key in roles if key not in titles)]
    named = {row.id: row.name for row in reader.rows(select(c.id, c.name).where(c.id.in_(ids)))}
    last = _last(reader, ids)
    users = logins(reader, (user for _at, user in last.values()))
    since = reader.now - timedelta(days=days)
    found = [
        Person(
            id=key,
            name=named[key],
            title=titles.get(key, ""),
            roles=tuple(dict.fromkeys(roles[key])),
            last=last[key][0] if key in last else None,
            by=users.get(last[key][1], "") if key in last else "",
            touched=key in last and last[key][0] >= since,
        )
        for key in ids
        if key in named
    ]
    return sorted(found, key=lambda one: (one.touched, one.last is not None, one.last, one.id))


def _last(reader: Reader | PluginReader, ids: Sequence[int]) -> dict[int, tuple[datetime, int]]:
    """Return the last talk with each contact, as main partner or as one of several: when, and our user (or 0)."""
    i, t = tables.interaction.c, tables.participant.c
    held = talked(i, reader.now)
    main = select(i.contact_id.label("contact_id"), i.moment, i.user_id).where(i.contact_id.in_(ids), held)
    others = select(t.contact_id, i.moment, i.user_id).join(tables.interaction, i.id == t.interaction_id)
    both = union_all(main, others.where(t.contact_id.in_(ids), held)).subquery()
    place = func.row_number().over(partition_by=both.c.contact_id, order_by=both.c.moment.desc()).label("place")
    newest = select(both.c.contact_id, both.c.moment, both.c.user_id, place).subquery()
    rows = reader.rows(select(newest).where(newest.c.place == 1))
    return {row.contact_id: (row.moment, row.user_id or 0) for row in rows}
