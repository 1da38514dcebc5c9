"""What becomes of a mail: a ticket, or why it is none."""

TICKET = "ticket"
BOUNCE, AUTOMATIC, OWN, LIST, SPAM = "bounce", "automatic", "own", "list", "spam"
NOBODY, UNREADABLE, FLOOD, REPEATED = "nobody", "unreadable", "flood", "repeated"
CALENDAR, REFUSED, OLD = "calendar", "refused", "old"
KINDS = (
    TICKET, BOUNCE, AUTOMATIC, OWN, LIST, SPAM, NOBODY, UNREADABLE, FLOOD, REPEATED, CALENDAR, REFUSED,
    OLD,
)  # fmt: skip
"""Ticket: it is in one. Bounce: mail of ours did not arrive, or will be late. Automatic: a machine answered. Own: it is
our own. List: it went to many, and not to us. Spam: a server on its way says so. Nobody: it has no sender. Unreadable:
it is no mail. Flood: its sender writes so often that it must be a machine. Repeated: another copy of it is in a ticket.
Calendar: an answer to an invitation that is not ours. Refused: the workspace does not take it, as of who was erased.
Old: it was written before the day since which its mailbox is for tickets."""
