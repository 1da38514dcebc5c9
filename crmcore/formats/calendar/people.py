"""Who takes part: ORGANIZER and ATTENDEE (RFC 5545, 3.8.4)."""

import re

from crmcore.formats.calendar.properties import Property
from crmcore.model.incoming import IncomingParticipant

_NAMED = re.compile(r"(.*?)\s*<([^<>]*)>\s*")  # vCalendar 1.0: John Smith <john@example.com>
_KNOWN = frozenset({"CN", "PARTSTAT"})


def read_participant(one: Property) -> IncomingParticipant:
    """Read an ORGANIZER or ATTENDEE. The address is as written, without mailto:."""
    value = one.text.strip()
    name = one.parameters.get("CN", "").strip().strip('"')
    named = _NAMED.fullmatch(value)
    if named is not None:
        name, value = name or named[1].strip('" '), named[2]
    address = re.sub(r"^(?:mailto\s*:\s*)+", "", value, flags=re.IGNORECASE).strip()
    if "@" not in address and "@" in one.parameters.get("EMAIL", ""):
        address = one.parameters["EMAIL"]
    # vCalendar 1.0 has STATUS and the role of an organizer as parameters of ATTENDEE.
    chairs = one.name == "ORGANIZER" or one.parameters.get("ROLE", "").upper() in {"ORGANIZER", "OWNER"}
    return IncomingParticipant(
        role="organizer" if chairs else "attendee",
        name="" if name.casefold() == address.casefold() else name,
        address=address,
        status=(one.parameters.get("PARTSTAT") or one.parameters.get("STATUS") or "").lower().replace(" ", "-"),
    )


def beyond_participant(one: Property) -> str:
    """Return the property as written if it says more than a participant holds (role, delegation), else nothing."""
    return one.written if one.parameters.keys() - _KNOWN else ""
