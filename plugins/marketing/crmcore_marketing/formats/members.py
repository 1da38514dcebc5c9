"""Members of campaigns from a row of a table: Salesforce's CampaignMember, and HubSpot's lists of contacts."""

from collections.abc import Iterator
from typing import Any

from crmcore.api import Incoming, IncomingContact, IncomingRecord, IncomingReference, Rejection, TableRow, table_people
from crmcore_marketing.formats import headings as h
from crmcore_marketing.formats.campaigns import ENTITY
from crmcore_marketing.formats.equivalents import member_state
from crmcore_marketing.i18n import _

MEMBER = "marketing_member"


def member(row: TableRow, _currency: str) -> Iterator[Incoming | Rejection]:
    """Yield the membership in a row; its campaign and its contact are known already, or it is refused."""
    if row.boolean(*h.DELETED):
        yield Rejection(line=row.line, reason=_("it is deleted there"), raw=row.text(*h.MEMBER_ID))
        return
    who = row.text(*h.CONTACT_ID) or row.text(*h.LEAD_ID)
    person = IncomingReference(entity="contact", external_id=who, text=row.text(*h.EMAIL) or _name(row))
    yield _member(row, row.text(*h.MEMBER_ID), _campaign(row), person, row.others(h.MEMBER))


def listed(row: TableRow, _currency: str) -> Iterator[Incoming | Rejection]:
    """Yield a contact on a list, as the core reads it, the list as a campaign, and that the contact is its member."""
    name = row.text(*h.LIST)
    people = table_people(row)
    yield from people
    one = next(each for each in people if isinstance(each, IncomingContact))
    email = next((point.value for point in one.points if point.kind == "email"), one.name)
    yield IncomingRecord(line=row.line, entity=ENTITY, key=("name",), values={"name": name, "type": "list"})
    campaign = IncomingReference(entity=ENTITY, text=name, by=("name",))
    yield _member(
        row, "", campaign, IncomingReference(entity="contact", external_id=one.external_id, text=email), {}
    )  # fmt: skip


def _campaign(row: TableRow) -> IncomingReference:
    return IncomingReference(
        entity=ENTITY, external_id=row.text(*h.CAMPAIGN_ID), text=row.text(*h.CAMPAIGN_NAME), by=("code", "name")
    )


def _name(row: TableRow) -> str:
    return row.text(*h.PERSON) or " ".join(
        each for each in (row.text("FirstName", "First Name"), row.text("LastName", "Last Name")) if each
    )


def _member(
    row: TableRow, key: str, campaign: IncomingReference, person: IncomingReference, extra: dict[str, str]
) -> IncomingRecord:
    return IncomingRecord(
        line=row.line,
        entity=MEMBER,
        external_id=key,
        key=("campaign_id", "contact_id"),
        values=_values(row),
        references={"campaign_id": campaign, "contact_id": person},
        extra=extra,
    )


def _values(row: TableRow) -> dict[str, Any]:
    status, answered = member_state(row.text(*h.MEMBER_STATUS)), row.instant(*h.RESPONDED_ON)
    if row.boolean(*h.RESPONDED) and answered is None:
        answered = row.instant(*h.CREATED)
        status = "responded" if status in ("", "planned", "sent") else status
    return {
        "status": status or ("responded" if answered else "planned"),
        "joined_at": row.instant(*h.CREATED),
        "responded_at": answered,
        "note": row.text(*h.NOTE),
    }
