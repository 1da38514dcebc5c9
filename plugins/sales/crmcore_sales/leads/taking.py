"""Taking over what others hand over, such as marketing: each prospect becomes a lead, and nothing is typed again."""

from collections.abc import Mapping, Sequence

from sqlalchemy import select

from crmcore.api import NotifyTransaction, Prospect, currency, names, tables
from crmcore_sales.i18n import _
from crmcore_sales.leads.keeping import keep_filled
from crmcore_sales.leads.wanting import kept
from crmcore_sales.model.lead import Lead
from crmcore_sales.tables import account

_SAID = ("amount", "lead_source", "campaign", "region", "note")


def take(tx: NotifyTransaction, prospects: Sequence[Prospect]) -> Sequence[int]:
    """Make a lead of each prospect, in the pool where nobody is said to have it; return their ids.

    The customer is that of the contact's only position, the region the account's, where they are not said. Four
    statements, however many there are.
    """
    contacts = [one.contact_id for one in prospects if one.contact_id is not None]
    employers = _employers(tx, contacts)
    customers = {one: one.customer_id or employers.get(one.contact_id or 0) for one in prospects}
    regions = _regions(tx, [each for each in customers.values() if each is not None])
    people = names(tx, tables.contact, contacts)
    firms = names(tx, tables.customer, customers.values())
    usual = currency(tx)
    made = []
    for one in prospects:
        customer_id = customers[one]
        called = people.get(one.contact_id or 0) or firms.get(customer_id or 0, "")
        record = tx.add(
            Lead(
                title=one.title.strip() or _("Interest of {name}").format(name=called),
                contact_id=one.contact_id,
                customer_id=customer_id,
                owner_id=one.owner_id,
                currency=one.currency or usual,
                details=kept(one),
                **{name: getattr(one, name) for name in _SAID if name != "region"},
                region=one.region or regions.get(customer_id or 0, ""),
            )
        )
        keep_filled(tx, record, "title", "contact_id", "customer_id", "owner_id", "currency", "received_at", *_SAID)
        made.append(record.id)
    return made


def _employers(tx: NotifyTransaction, contacts: Sequence[int]) -> Mapping[int, int]:
    """Return the customer of each contact who has just one at present."""
    p = tables.position.c
    rows = tx.rows(select(p.contact_id, p.customer_id).where(p.contact_id.in_(contacts), p.ended.is_(None)).distinct())
    held: dict[int, set[int]] = {}
    for row in rows:
        held.setdefault(row.contact_id, set()).add(row.customer_id)
    return {contact: next(iter(found)) for contact, found in held.items() if len(found) == 1}


def _regions(tx: NotifyTransaction, customers: Sequence[int]) -> Mapping[int, str]:
    c = account.c
    return {
        row.customer_id: row.region
        for row in tx.rows(select(c.customer_id, c.region).where(c.customer_id.in_(customers)))
    }
