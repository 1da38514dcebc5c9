"""Leads from a row of a table: somebody, perhaps of a company, and what became of the lead."""

from collections.abc import Iterator

from attrs import evolve

from crmcore.api import (
    Incoming,
    IncomingContact,
    IncomingCustomer,
    IncomingRecord,
    IncomingReference,
    Rejection,
    TableRow,
    table_people,
)
from crmcore_sales.formats import headings as h
from crmcore_sales.formats.equivalents import LEAD_STATES, states
from crmcore_sales.formats.opportunities import first
from crmcore_sales.i18n import _

_NAMED = (
    *h.ID, *h.DELETED, *h.LEAD_NAME, *h.LEAD_STATUS, *h.CONVERTED, *h.CONVERTED_ON, *h.AMOUNT, *h.CURRENCY,
    *h.LEAD_SOURCE, *h.CAMPAIGN, *h.NOTE, *h.CREATED, *h.ACCOUNT_ID, *h.ACCOUNT, *h.CONTACT_ID, *h.REPEATED,
)  # fmt: skip
"""What a lead takes of a row that names no person; of another row the rest is kept with the person."""


def lead(row: TableRow, currency: str) -> Iterator[Incoming | Rejection]:
    """Yield the person and company in a row, as the core reads them, and the lead about them.

    Without an owner whom we know it lies in the pool.
    """
    if row.boolean(*h.DELETED):
        yield Rejection(line=row.line, reason=_("it is deleted there"), raw=row.text("Name", "LastName"))
        return
    if row.text(*h.LEAD_NAME):
        if name := row.text(*h.ACCOUNT):
            yield IncomingCustomer(line=row.line, name=name, external_id=first(row.text(*h.ACCOUNT_ID)))
        yield evolve(_lead(row, currency, row.text(*h.LEAD_NAME), _named(row)), extra=row.others(_NAMED))
        return
    people = table_people(row)
    yield from people
    person = next(one for one in people if isinstance(one, IncomingContact))
    known_as = IncomingReference(entity="contact", external_id=person.external_id, text=_reach(person))
    yield _lead(row, currency, " – ".join(filter(None, (person.organisation, person.name))), known_as)


def _lead(row: TableRow, currency: str, title: str, person: IncomingReference) -> IncomingRecord:
    status = row.text(*h.LEAD_STATUS) or ("converted" if row.boolean(*h.CONVERTED) else "")
    amount = row.amount(*h.AMOUNT)
    return IncomingRecord(
        line=row.line,
        entity="sales_lead",
        external_id=row.text(*h.ID, "Lead ID"),
        values={
            "title": title,
            "amount": amount.value if amount else None,
            "currency": row.text(*h.CURRENCY).upper() or (amount.currency if amount else "") or currency,
            "lead_source": row.text(*h.LEAD_SOURCE),
            "campaign": row.text(*h.CAMPAIGN),
            "reason": row.text(*h.REASON, "Disqualification Reason", "Unqualified Reason"),
            "note": row.text(*h.NOTE),
            "received_at": row.instant(*h.CREATED),
            "owner_id": None,
        },
        references={
            "contact_id": person,
            "customer_id": IncomingReference(
                entity="customer", external_id=first(row.text(*h.ACCOUNT_ID)), text=row.text(*h.ACCOUNT), optional=True
            ),
            "owner_id": IncomingReference(entity="user_account", text=row.text(*h.OWNER), optional=True),
        },
        states=states(status, LEAD_STATES),
        ending="won" if row.boolean(*h.CONVERTED) else "",
        ended=row.day(*h.CONVERTED_ON),
    )


def _named(row: TableRow) -> IncomingReference:
    return IncomingReference(
        entity="contact", external_id=first(row.text(*h.CONTACT_ID)), text=first(row.text(*h.CONTACT)), optional=True
    )


def _reach(person: IncomingContact) -> str:
    """Return by what the person is found who was written just before: an e-mail address, else the name."""
    return next((point.value for point in person.points if point.kind == "email"), person.name)
