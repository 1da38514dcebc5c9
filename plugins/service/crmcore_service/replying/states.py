"""The kinds of mail to customers, and their states, from when one is queued to when nothing more becomes of it."""

from collections.abc import Sequence

from sqlalchemy import BindParameter, bindparam

REPLY, ACKNOWLEDGEMENT, SURVEY, APPOINTMENT = "reply", "acknowledgement", "survey", "appointment"
KINDS = (REPLY, ACKNOWLEDGEMENT, SURVEY, APPOINTMENT)
COUNTED = (ACKNOWLEDGEMENT, SURVEY)
"""Kinds that leave without a person: of these so many reach an address in a day (`service.acknowledge_most`)."""

QUEUED, DEFERRED, SENDING = "queued", "deferred", "sending"
SENT, FAILED, SKIPPED, WITHHELD = "sent", "failed", "skipped", "withheld"
UNKNOWN, CANCELLED = "unknown", "cancelled"
WAITING = (QUEUED, DEFERRED)
STATES = (QUEUED, DEFERRED, SENDING, SENT, FAILED, SKIPPED, WITHHELD, UNKNOWN, CANCELLED)
"""Queued; deferred: tried again; sending: given to the server at this moment; sent; failed for good; skipped: somebody
objected, or there is nothing to send it to; withheld: too many automatic ones went to the address; unknown: the sender
died in the middle; cancelled."""

UNSETTLED: BindParameter[Sequence[str]] = bindparam(
    "unsettled", [QUEUED, DEFERRED, SENDING], expanding=True, literal_execute=True
)
"""The states that the index of what is to be done is of; it is used where they are in the statement as words."""
