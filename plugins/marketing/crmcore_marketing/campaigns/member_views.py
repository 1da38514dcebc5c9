"""Members as lists and programs see them. Set-wise, bounded."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from attrs import frozen
from sqlalchemy import Select, select

from crmcore.api import NotFound, PluginReader, Reader, names, tables
from crmcore_marketing.campaigns.finding import campaign_titles, subtree
from crmcore_marketing.campaigns.views import Named
from crmcore_marketing.i18n import _
from crmcore_marketing.tables import member


@frozen(kw_only=True)
class MemberView:
    """A contact in a campaign: how far it came, when it answered first, and on which list it is to be handled."""

    id: int
    campaign: Named | None
    contact: Named | None
    customer: Named | None
    status: str
    joined_at: datetime
    responded_at: datetime | None
    standing: str
    worklist: str
    handled_at: datetime | None
    note: str
    custom: Mapping[str, Any]
    details: Mapping[str, Any]
    source: str
    version: int


_TOLD = (
    "id", "status", "responded_at", "standing", "worklist", "handled_at", "note", "custom", "details", "source",
    "version",
)  # fmt: skip


def statement(
    *,
    campaign_id: int | None = None,
    below: bool = False,
    contact_id: int | None = None,
    customer_id: int | None = None,
    status: str = "",
    worklist: str = "",
    responded: bool | None = None,
) -> Select[Any]:
    """Return the statement for the members that are asked for, in the order of their ids.

    `below` asks for those of the campaigns below it, too. What is empty does not matter.
    """
    m = member.c
    wanted = select(member).order_by(m.id)
    if campaign_id is not None:
        wanted = wanted.where(m.campaign_id.in_(subtree(campaign_id)) if below else m.campaign_id == campaign_id)
    for column, value in (
        (m.contact_id, contact_id), (m.customer_id, customer_id), (m.status, status), (m.worklist, worklist)
    ):  # fmt: skip
        if value:
            wanted = wanted.where(column == value)
    if responded is not None:
        wanted = wanted.where(m.responded_at.is_not(None) if responded else m.responded_at.is_(None))
    return wanted


def members(reader: Reader | PluginReader, wanted: Select[Any]) -> list[MemberView]:
    """Return the members that a statement selects whole, in its order; four statements, however many there are."""
    rows = reader.rows(wanted)
    if not rows:
        return []
    campaigns = campaign_titles(reader, [row.campaign_id for row in rows])
    people = names(reader, tables.contact, [row.contact_id for row in rows])
    firms = names(reader, tables.customer, [row.customer_id for row in rows])
    return [
        MemberView(
            **{name: getattr(row, name) for name in _TOLD},
            joined_at=row.joined_at or row.created_at,
            campaign=_named(campaigns, row.campaign_id),
            contact=_named(people, row.contact_id),
            customer=_named(firms, row.customer_id),
        )
        for row in rows
    ]


def one(reader: Reader | PluginReader, key: int) -> MemberView:
    """Return a member; raises `NotFound` for one that is absent or hidden."""
    found = members(reader, select(member).where(member.c.id == key))
    if not found:
        raise NotFound(_("There is no member {id}.").format(id=key))
    return found[0]


def _named(known: Mapping[int, str], key: int | None) -> Named | None:
    return Named(id=key, name=known[key]) if key is not None and key in known else None
