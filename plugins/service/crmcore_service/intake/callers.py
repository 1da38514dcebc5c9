"""Who asks, as it was typed: whether we can answer, whether we know them, and what they have of us."""

from attrs import frozen
from sqlalchemy import select

from crmcore.api import PluginReader, Reader, party_ids, point_problem, tables
from crmcore_service.i18n import _
from crmcore_service.tables import asset

AnyReader = Reader | PluginReader


@frozen(kw_only=True)
class Caller:
    """Who asks, as it was typed."""

    name: str = ""
    email: str = ""
    phone: str = ""
    company: str = ""


def problem(caller: Caller, region: str) -> str:
    """Return why nobody could be reached by what was typed, in a sentence for who typed it; or an empty text."""
    if not caller.email and not caller.phone:
        return _("Please leave an e-mail address or a phone number.")
    pairs = [(kind, value) for kind, value in (("email", caller.email), ("phone", caller.phone)) if value]
    return next((each for each in (point_problem(kind, value, region) for kind, value in pairs) if each), "")


def known(reader: AnyReader, caller: Caller) -> int | None:
    """Return the contact who alone has the e-mail address; nobody is made."""
    return party_ids(reader, tables.contact, [caller.email]).ids.get(caller.email) if caller.email else None


def asset_of(reader: AnyReader, serial: str, contact_id: int) -> int | None:
    """Return the installed product of a serial number, if it is the person's own or their customer's."""
    a, p = asset.c, tables.position.c
    if not serial:
        return None
    firms = select(p.customer_id).where(p.contact_id == contact_id, p.ended.is_(None))
    theirs = (a.contact_id == contact_id) | a.customer_id.in_(firms)
    rows = reader.rows(select(a.id).where(a.serial == serial, theirs).limit(2))
    return int(rows[0].id) if len(rows) == 1 else None
