"""Members of a campaign: contacts that are to hear of it, and how far each came."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from attrs import field, frozen
from sqlalchemy import Select, select

from crmcore.api import InvalidInput, NotifyTransaction, PluginReader, Reader, Transaction, tables
from crmcore_marketing.campaigns.touching import Touch, touch
from crmcore_marketing.i18n import _
from crmcore_marketing.model.campaign import Campaign, Member
from crmcore_marketing.tables import member

PLANNED = "planned"
WAY = (PLANNED, "sent", "responded", "registered", "attended")
"""How far a member comes, in this order; `no_show` stands where `attended` does. Other words are a campaign's own."""
RESPONDING = frozenset({"responded", "registered", "attended"})
"""The states that say that the person answered in some way."""
_PLACES = {**{one: place for place, one in enumerate(WAY)}, "no_show": WAY.index("attended")}
_OWN = 0.5
TOUCHES = {"sent": "sent", "responded": "reply", "registered": "registered", "attended": "attended"}
"""By state: what kind of touch coming into it is; of others it is that they are members."""
_AT_ONCE, _FETCHED = 5_000, 100_000
"""How many are taken in at once; and how many a statement is asked for that may go through everybody to find them."""


@frozen(kw_only=True)
class Joined:
    """What became of letting contacts join: who is new, who moved on, who was left as he was, whom we do not know.

    `members` are the ids of the members by contact, of all who are in the campaign now.
    """

    added: int = 0
    moved: int = 0
    left: int = 0
    unknown: int = 0
    members: dict[int, int] = field(factory=dict)


def join(
    tx: Transaction | NotifyTransaction,
    campaign_id: int,
    contacts: Iterable[int] | Select[Any],
    *,
    status: str = PLANNED,
    source: str = "",
    at: datetime | Mapping[int, datetime] | None = None,
    channel: str = "",
    touched: bool = True,
    alone: bool = False,
) -> Joined:
    """Let contacts, or whom a statement of their ids finds, be members of a campaign that came as far as `status`.

    New ones get the customer of their current position. Those in it already are moved on, never back: who attended is
    not planned again. Each that is new or moved is a touch at `at` (now; by contact, if it is a mapping), unless the
    caller writes its own (`touched=False`). Six statements for each 5,000 contacts, and their journal; where the
    transaction is for this `alone`, it lets go of them, so that memory does not grow with millions. Nobody else changes
    who is in the campaign meanwhile. Raises `NotFound` for a campaign that is absent or hidden.
    """
    tx.get(Campaign, campaign_id)
    tx.lock(Campaign, campaign_id)
    tx.flush()
    sums = dict.fromkeys(("added", "moved", "left", "unknown"), 0)
    members: dict[int, int] = {}
    for asked, known in _portions(tx, contacts):
        sums["unknown"] += asked - len(known)
        held = {row.contact_id: row for row in tx.rows(_held(campaign_id, known))}
        new = [one for one in known if one not in held]
        behind = [row.id for row in held.values() if comes_after(status, row.status)]
        when = _moments(known, at, tx.now)
        changed = _added(tx, campaign_id, new, status, source, when)
        for one in tx.load(Member, member.c.id.in_(behind)) if behind else ():
            move_on(one, status, when[one.contact_id or 0])
            changed.append(one)
        tx.flush()
        if touched:
            touch(tx, [touch_of(one, status, when[one.contact_id or 0], channel) for one in changed])
        members |= {row.contact_id: row.id for row in held.values()}
        members |= {one.contact_id: one.id for one in changed if one.contact_id is not None}
        if alone and isinstance(tx, Transaction):
            tx.release()
        sums["added"] += len(new)
        sums["moved"] += len(behind)
        sums["left"] += len(held) - len(behind)
    return Joined(**sums, members=members)


def engaged(tx: Transaction | NotifyTransaction, happened: Sequence[Touch], source: str = "") -> None:
    """Write touches in which people did something; each is a member of the campaign from then on, who responded."""
    by_state: dict[tuple[int, str], dict[int, datetime]] = {}
    for one in sorted(happened, key=lambda one: one.at):
        if one.engaging and one.campaign_id is not None and one.contact_id is not None:
            status = one.kind if one.kind in RESPONDING else "responded"
            by_state.setdefault((one.campaign_id, status), {}).setdefault(one.contact_id, one.at)
    for (campaign_id, status), first in by_state.items():
        join(tx, campaign_id, first, status=status, source=source, at=first, touched=False)
    touch(tx, happened)


def comes_after(status: str, other: str) -> bool:
    """Return whether a state is further on than another; a word of the campaign's own is between planned and sent."""
    if status in _PLACES or other in _PLACES:
        return _PLACES.get(status, _OWN) > _PLACES.get(other, _OWN)
    return status != other


def move_on(record: Member, status: str, at: datetime) -> None:
    """Put a member into a state; the first that says the person answered is when it did."""
    record.status = status
    if status in RESPONDING and record.responded_at is None:
        record.responded_at = at


def touch_of(record: Member, status: str, at: datetime, channel: str = "") -> Touch:
    """Return the touch that a member's coming into a state is."""
    return Touch(
        campaign_id=record.campaign_id, contact_id=record.contact_id, customer_id=record.customer_id, at=at,
        kind=TOUCHES.get(status, "member"), channel=channel, entity=member.name, record_id=record.id,
    )  # fmt: skip


def put(
    tx: Transaction, members: Sequence[Member], status: str, *, at: datetime, channel: str = "", note: str = ""
) -> int:
    """Put members into a state, wherever they were, each a touch; return how many were not in it."""
    changed = [one for one in members if one.status != status]
    for one in changed:
        move_on(one, status, at)
        one.note = note or one.note
    tx.flush()
    touch(tx, [touch_of(one, status, at, channel) for one in changed])
    return len(changed)


def status_said(text: str) -> str:
    """Return a state of members that a person typed: one of the usual, or a word of the campaign's own."""
    word = "_".join(text.strip().lower().replace("-", " ").split())
    if not word:
        raise InvalidInput(_("Say a state, such as {states}.").format(states=", ".join((*WAY, "no_show"))))
    return word


def customers_of(reader: Reader | PluginReader, contact_ids: Sequence[int]) -> dict[int, int]:
    """Return the customer each contact stands for now: its oldest position that has not ended. One statement."""
    p = tables.position.c
    statement = select(p.contact_id, p.customer_id).where(p.contact_id.in_(contact_ids), p.ended.is_(None))
    return {row.contact_id: row.customer_id for row in reader.rows(statement.order_by(p.id.desc()))}


def _portions(
    tx: Transaction | NotifyTransaction, contacts: Iterable[int] | Select[Any]
) -> Iterator[tuple[int, list[int]]]:
    """Yield how many were asked for, and who of them there is, in portions; whoever was merged is not."""
    c = tables.contact.c
    alive = select(c.id).where(c.merged_into_id.is_(None))
    if isinstance(contacts, Select):
        wanted, last = alive.where(c.id.in_(contacts)).order_by(c.id).limit(_FETCHED), 0
        while found := [row.id for row in tx.rows(wanted.where(c.id > last))]:
            last = found[-1]
            for start in range(0, len(found), _AT_ONCE):
                some = found[start : start + _AT_ONCE]
                yield len(some), some
        return
    ids = list(dict.fromkeys(contacts))
    for start in range(0, len(ids), _AT_ONCE):
        some = ids[start : start + _AT_ONCE]
        seen = {row.id for row in tx.rows(alive.where(c.id.in_(some)))}
        yield len(some), [one for one in some if one in seen]


def _held(campaign_id: int, contact_ids: Sequence[int]) -> Select[Any]:
    c = member.c
    return select(c.id, c.contact_id, c.status).where(c.campaign_id == campaign_id, c.contact_id.in_(contact_ids))


def _moments(
    contact_ids: Iterable[int], at: datetime | Mapping[int, datetime] | None, now: datetime
) -> dict[int, datetime]:
    if isinstance(at, Mapping):
        return {one: at.get(one, now) for one in contact_ids}
    return dict.fromkeys(contact_ids, at or now)


def _added(
    tx: Transaction | NotifyTransaction,
    campaign_id: int,
    contact_ids: Sequence[int],
    status: str,
    source: str,
    at: Mapping[int, datetime],
) -> list[Member]:
    if not contact_ids:
        return []
    customers = customers_of(tx, contact_ids)
    return [
        tx.add(
            Member(
                campaign_id=campaign_id, contact_id=one, customer_id=customers.get(one), status=status,
                joined_at=at[one], responded_at=at[one] if status in RESPONDING else None, source=source,
            )
        )
        for one in contact_ids
    ]  # fmt: skip
