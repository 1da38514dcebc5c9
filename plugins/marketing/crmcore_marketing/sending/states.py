"""The states of a message, from when it is queued to when nothing more becomes of it."""

QUEUED, DEFERRED, SENDING = "queued", "deferred", "sending"
SENT, FAILED, SKIPPED, UNKNOWN, CANCELLED = "sent", "failed", "skipped", "unknown", "cancelled"
WAITING = (QUEUED, DEFERRED)
STATES = (QUEUED, DEFERRED, SENDING, SENT, FAILED, SKIPPED, UNKNOWN, CANCELLED)
"""Queued; deferred: tried again; sending: given to the server at this moment; sent; failed for good; skipped: somebody
objected, or there is nothing to send it to; unknown: the sender died in the middle; cancelled."""
