"""Handing over who needs something now to whoever goes on with it, such as sales; each once while that is open."""

from collections.abc import Mapping, Sequence

from attrs import field, frozen
from sqlalchemy import Select, select

from crmcore.api import NotifyTransaction, PluginReader, Prospect, Reader, Transaction, names, outcomes, tables
from crmcore_marketing.i18n import _
from crmcore_marketing.model.qualification import Qualification
from crmcore_marketing.qualifying.judging import NOW
from crmcore_marketing.tables import campaign, member, qualification

_REACHED = "reached"
_MOST = 5_000


@frozen(kw_only=True)
class Handed:
    """What was handed over: (entity, id) of what became of each, how many were in hand already, and who takes over.

    `taker` is empty where nobody does: then they wait. `made` is what became of each, by the id of the qualification.
    """

    taken: Sequence[tuple[str, int]] = ()
    already: int = 0
    waiting: int = 0
    taker: str = ""
    made: Mapping[int, tuple[str, int]] = field(factory=dict)


def hand_over(
    tx: Transaction | NotifyTransaction, found: Sequence[Qualification], owner_id: int | None = None
) -> Handed:
    """Hand over those of these who need something now; who is in hand already is left, and counted.

    Linked are the campaign to its member, and the member to what becomes of it; without a campaign the qualification.
    Eight statements for any number, and what the taker needs.
    """
    wanted = [one for one in found if one.result == NOW]
    takers = tx.declared("crm_takers")
    if not takers or not wanted:
        return Handed(waiting=len(wanted))
    tx.flush()
    busy = _in_hand(tx, [_origin(one) for one in wanted])
    new = [one for one in wanted if _origin(one) not in busy]
    people = names(tx, tables.contact, (one.contact_id for one in new))
    campaigns = {row.id: row for row in tx.rows(_campaigns([one.campaign_id for one in new]))}
    prospects = [_prospect(one, people, campaigns.get(one.campaign_id), owner_id) for one in new]
    reached = _reached(tx, [one.member_id for one in new if one.member_id is not None])
    for one in new:
        if one.member_id is not None and one.campaign_id is not None and one.member_id not in reached:
            tx.link((campaign.name, one.campaign_id), (member.name, one.member_id), _REACHED)
    taken = tx.hand_over(prospects)
    made = {one.id: place for one, place in zip(new, taken, strict=True)}
    return Handed(taken=taken, already=len(wanted) - len(new), taker=takers[0].title, made=made)


def waiting(tx: Transaction, campaign_id: int | None = None) -> list[Qualification]:
    """Return those who need something now and were never handed over, the oldest first, 5,000 at most."""
    c, link = qualification.c, tables.link.c
    member_handed = select(link.id).where(link.from_entity == member.name, link.from_id == c.member_id).exists()
    own_handed = select(link.id).where(link.from_entity == qualification.name, link.from_id == c.id).exists()
    statement = select(c.id).where(c.result == NOW, ~member_handed, ~own_handed).order_by(c.id).limit(_MOST)
    if campaign_id is not None:
        statement = statement.where(c.campaign_id == campaign_id)
    ids = [row.id for row in tx.rows(statement)]
    return tx.load(Qualification, c.id.in_(ids)) if ids else []


def _origin(one: Qualification) -> tuple[str, int]:
    return (qualification.name, one.id) if one.member_id is None else (member.name, one.member_id)


def _in_hand(reader: Reader | PluginReader, origins: Sequence[tuple[str, int]]) -> set[tuple[str, int]]:
    """Return the origins of leads that are open, or of records of which nobody tells whether they are."""
    link = tables.link.c
    by_entity: dict[str, list[int]] = {}
    for entity, record_id in origins:
        by_entity.setdefault(entity, []).append(record_id)
    rows = [
        row
        for entity, ids in by_entity.items()
        for row in reader.rows(
            select(link.from_entity, link.from_id, link.to_entity, link.to_id).where(
                link.from_entity == entity, link.from_id.in_(ids)
            )
        )
    ]
    over: set[tuple[str, int]] = set()
    for lead in outcomes(reader, "lead"):
        ids = [row.to_id for row in rows if row.to_entity == lead.entity]
        closed = (
            select(lead.record.label("id")).select_from(lead.source).where(lead.record.in_(ids), lead.state != "open")
        )
        over |= {(lead.entity, row.id) for row in reader.rows(closed)} if ids else set()
    return {(row.from_entity, row.from_id) for row in rows if (row.to_entity, row.to_id) not in over}


def _campaigns(ids: Sequence[int | None]) -> Select[tuple[int, str, str, str]]:
    c = campaign.c
    return select(c.id, c.code, c.name, c.type).where(c.id.in_({one for one in ids if one is not None}))


def _reached(reader: Reader | PluginReader, members: Sequence[int]) -> set[int]:
    """Return the members that their campaign is linked to already."""
    link = tables.link.c
    statement = select(link.to_id).where(
        link.to_entity == member.name, link.to_id.in_(members), link.from_entity == campaign.name
    )
    return {row.to_id for row in reader.rows(statement)}


def _prospect(one: Qualification, people: Mapping[int, str], of: "object | None", owner_id: int | None) -> Prospect:
    code, name, kind = (getattr(of, each, "") for each in ("code", "name", "type"))
    title = one.need or one.product or _("Interest of {name}").format(name=people.get(one.contact_id or 0, ""))
    return Prospect(
        title=title,
        contact_id=one.contact_id,
        customer_id=one.customer_id,
        owner_id=owner_id,
        amount=one.budget,
        currency=one.currency,
        product=one.product,
        quantity=one.quantity,
        need_by=one.need_by,
        lead_source=kind or ("campaign" if of is not None else ""),
        campaign=code or name,
        note=one.note,
        origin=_origin(one),
    )
