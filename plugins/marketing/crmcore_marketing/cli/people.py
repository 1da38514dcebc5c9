"""Whom a command is about: contacts that are named, members of a campaign, an audience, or who got a material."""

from collections.abc import Sequence
from typing import Any

from attrs import frozen
from sqlalchemy import Select, select

from crmcore.api import InvalidInput, Reader, Transaction, party_id, tables
from crmcore_marketing.campaigns.finding import campaign_named
from crmcore_marketing.i18n import _
from crmcore_marketing.materials.finding import material_named
from crmcore_marketing.tables import handout, member


@frozen(kw_only=True)
class People:
    """Contacts, each once, and the campaign they come from if it is one."""

    contact_ids: Sequence[int]
    campaign_id: int | None = None


def chosen_contacts(tx: Transaction, said: Sequence[str], *, campaign: str = "", audience: str = "") -> People:
    """Return the contacts that a person means; a campaign beside named contacts says only what they belong to.

    Raises `NotFound` for what is not there, and `InvalidInput` where nobody is named.
    """
    found = [party_id(tx, tables.contact, one) for one in said]
    if audience or not said:
        people = chosen_people(tx, campaign="" if audience else campaign, audience=audience)
        found += [row[0] for row in tx.rows(people)]
    return People(
        contact_ids=tuple(dict.fromkeys(found)), campaign_id=campaign_named(tx, campaign) if campaign else None
    )


def chosen_people(reader: Reader, *, material: str = "", campaign: str = "", audience: str = "") -> Select[Any]:
    """Return the select of the ids of the contacts that an option names; raises `InvalidInput` for none or several."""
    if sum(map(bool, (material, campaign, audience))) != 1:
        raise InvalidInput(_("Say whom: one of contacts, --material, --campaign, --audience."))
    if material:
        h, key = handout.c, material_named(reader, material).id
        return select(h.contact_id).where(h.material_id == key, h.contact_id.is_not(None)).distinct()
    if campaign:
        m = member.c
        return select(m.contact_id).where(
            m.campaign_id == campaign_named(reader, campaign), m.contact_id.is_not(None)
        )  # fmt: skip
    from crmcore_marketing.audiences.choosing import audience_named, chosen

    return chosen(reader, audience_named(reader, audience))
