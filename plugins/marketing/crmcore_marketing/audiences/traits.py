"""What selections may ask about campaigns: what a person did and got, and how far he came in one."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select

from crmcore.api import PluginReader, Reader, Trait
from crmcore_marketing.campaigns.finding import campaign_named
from crmcore_marketing.i18n import _
from crmcore_marketing.tables import member, touch

_CONTACT = "contact"


def traits() -> Iterator[Trait]:
    """Yield what is known of touches and memberships."""
    t = touch.c
    did = _by_contact(t.engaging, func.count().label("number"), func.max(t.at).label("latest")).subquery()
    got = _by_contact(t.kind == "sent", func.max(t.at).label("latest")).subquery()
    yield Trait(
        name="engaged", title=_("How often the person did something: clicks, replies, visits"), of=_CONTACT,
        kind="number", source=did, key=did.c.contact_id, value=did.c.number, empty=0,
    )  # fmt: skip
    yield Trait(
        name="last_engaged", title=_("When the person last did something"), of=_CONTACT, kind="instant", source=did,
        key=did.c.contact_id, value=did.c.latest,
    )  # fmt: skip
    yield Trait(
        name="last_sent", title=_("When a campaign last wrote to the person"), of=_CONTACT, kind="instant", source=got,
        key=got.c.contact_id, value=got.c.latest,
    )  # fmt: skip
    yield Trait(
        name="member", title=_("How far the person came in a campaign"), of=_CONTACT, kind="text", by=_in_campaign
    )


def _by_contact(condition: ColumnElement[bool], *columns: Any) -> Select[Any]:
    t = touch.c
    return select(t.contact_id, *columns).where(t.contact_id.is_not(None), condition).group_by(t.contact_id)


def _in_campaign(reader: Reader | PluginReader, campaign: str) -> Trait:
    """Return the state in which members of a campaign are; raises `NotFound`."""
    m = member.c
    of_it = m.campaign_id == campaign_named(reader, campaign)
    states = select(m.contact_id, m.status).where(of_it, m.contact_id.is_not(None)).subquery()
    return Trait(
        name="member", title=campaign, of=_CONTACT, kind="text", source=states, key=states.c.contact_id,
        value=states.c.status,
    )  # fmt: skip
