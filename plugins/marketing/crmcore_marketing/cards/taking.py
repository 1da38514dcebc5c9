"""Taking the people of an import into a campaign: customers and owned ones apart, the rest on lists (row S1-V05)."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from attrs import field, frozen
from sqlalchemy import ColumnElement, Select, and_, case, exists, or_, select, union

from crmcore.api import InvalidInput, Reader, Transaction, selection, tables
from crmcore_marketing.campaigns.members import join
from crmcore_marketing.i18n import _
from crmcore_marketing.model.campaign import Member
from crmcore_marketing.tables import member

CUSTOMER, OWNED, NEW = "customer", "owned", "new"
LISTS = (("call", "contact.has_phone"), ("write", "contact.has_email"), ("research", "true"))
"""The lists without others: whom to call, whom to write to, and of whom to find out how to reach them."""
_AT_ONCE = 5_000


@frozen(kw_only=True)
class Worklist:
    """A list of people to be handled: those who meet its condition and that of no list before it."""

    name: str
    condition: str


@frozen(kw_only=True)
class Cards:
    """What became of the cards: the people on them by what they are to us, and the new ones by list."""

    batch: int
    people: int = 0
    standing: Mapping[str, int] = field(factory=dict)
    lists: Mapping[str, int] = field(factory=dict)


def said(lists: Sequence[str]) -> tuple[Worklist, ...]:
    """Return the lists that `NAME=CONDITION` describe, in their order; the usual three where none is said.

    The last takes everybody who is left, so that nobody is forgotten. Raises `InvalidInput`.
    """
    if not lists:
        return tuple(Worklist(name=name, condition=condition) for name, condition in LISTS)
    found = []
    for one in lists:
        name, equals, condition = one.partition("=")
        if not equals or not name.strip() or not condition.strip():
            raise InvalidInput(
                _("--list {text}: write NAME=CONDITION, such as call=contact.has_phone.").format(text=one)
            )
        found.append(Worklist(name=name.strip(), condition=condition.strip()))
    if found[-1].condition != "true":
        found.append(Worklist(name="rest", condition="true"))
    return tuple(found)


def people_of(batch_id: int) -> Select[Any]:
    """Return the select of the contacts that an import made, changed or found as they were."""
    c, seen = tables.contact.c, tables.import_change.c
    made = select(c.id).where(c.batch_id == batch_id)
    found = select(seen.record_id).where(seen.batch_id == batch_id, seen.entity == "contact")
    both = union(made, found).subquery()
    alive = select(c.id).where(c.merged_into_id.is_(None), c.id.in_(select(both.c.id)))
    into = select(c.merged_into_id).where(c.merged_into_id.is_not(None), c.id.in_(select(both.c.id)))
    return select(union(alive, into).subquery().c.id)


def take(tx: Transaction, batch_id: int, campaign_id: int, lists: Sequence[Worklist]) -> Cards:
    """Let the people of an import be members of a campaign, each with a standing; the new ones on a list.

    A customer's are those who stand for one that was there before the import; owned are those whom one of us looks
    after. Both are with somebody, and so handled. Those in the campaign already keep their list. Raises `InvalidInput`
    for an import of nobody.
    """
    wanted = people_of(batch_id)
    standing = _standing(tx, wanted, batch_id)
    if not standing:
        raise InvalidInput(_("Import {id} is about no people; crm import list shows the imports.").format(id=batch_id))
    placed = _placed(tx, [one for one, what in standing.items() if what == NEW], lists)
    joined = join(tx, campaign_id, list(standing), source=f"import {batch_id}")
    ids = list(joined.members.values())
    for start in range(0, len(ids), _AT_ONCE):
        for one in tx.load(Member, member.c.id.in_(ids[start : start + _AT_ONCE])):
            if one.standing or one.contact_id is None:
                continue
            one.standing = standing[one.contact_id]
            one.worklist = placed.get(one.contact_id, "")
            if one.standing != NEW:
                one.handled_at = tx.now
        tx.flush()
    return Cards(
        batch=batch_id,
        people=len(standing),
        standing=dict(Counter(standing.values())),
        lists=dict(Counter(placed.values())),
    )


def _standing(reader: Reader, wanted: Select[Any], batch_id: int) -> dict[int, str]:
    """Return what each person is to us: one statement."""
    c, p, firm = tables.contact.c, tables.position.c, tables.customer.c
    before = or_(firm.batch_id.is_(None), firm.batch_id != batch_id)
    stands = exists().where(
        and_(p.contact_id == c.id, p.ended.is_(None), firm.id == p.customer_id, before, firm.merged_into_id.is_(None))
    )
    what: ColumnElement[str] = case((stands, CUSTOMER), (c.owner_id.is_not(None), OWNED), else_=NEW)
    rows = reader.rows(select(c.id, what.label("what")).where(c.id.in_(wanted)).order_by(c.id))
    return {row.id: row.what for row in rows}


def _placed(reader: Reader, people: Sequence[int], lists: Sequence[Worklist]) -> dict[int, str]:
    """Return the list each of these people is on: a statement for each list and 5,000 people."""
    placed: dict[int, str] = {}
    for one in lists:
        left = [person for person in people if person not in placed]
        if one.condition == "true":
            placed.update(dict.fromkeys(left, one.name))
            break
        meant = selection(reader, one.condition).statement
        for start in range(0, len(left), _AT_ONCE):
            some = tables.contact.c.id.in_(left[start : start + _AT_ONCE])
            rows = reader.rows(select(tables.contact.c.id).where(some, tables.contact.c.id.in_(meant)))
            placed.update({row.id: one.name for row in rows})
    return placed
