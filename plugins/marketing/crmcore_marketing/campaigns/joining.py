"""Which members of a campaign people mean by what they type."""

from collections.abc import Sequence

from crmcore.api import NotFound, Transaction, party_ids, tables
from crmcore_marketing.i18n import _
from crmcore_marketing.model.campaign import Member
from crmcore_marketing.tables import member


def members_named(tx: Transaction, campaign_id: int, contacts: Sequence[str]) -> list[Member]:
    """Return the members of a campaign that people mean; raises `NotFound` for who is none of its members."""
    meant = party_ids(tx, tables.contact, contacts)
    for text in contacts:
        if text in meant.problems:
            raise NotFound(meant.problems[text])
    ids = set(meant.ids.values())
    found = tx.load(Member, member.c.campaign_id == campaign_id, member.c.contact_id.in_(ids))
    missing = ids - {one.contact_id for one in found}
    if missing:
        raise NotFound(
            _("These are no members of the campaign: {ids}.").format(ids=", ".join(map(str, sorted(missing))))
        )
    return found
