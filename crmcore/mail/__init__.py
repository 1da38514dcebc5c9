"""Mail: the server that takes ours, mailboxes that are read, and what a mail is. Public: plugins may import all of it.

Reading::

    address = mailbox_at("imaps://support@mail.example.com/INBOX")
    with address.opened(password) as place:
        for portion in portions(place, position):
            letters = [understood(one.content) for one in portion]
            ...  # keep what follows, and portion[-1].position, in one transaction
            place.done(portion)

Writing::

    line = Line(*server(reader))
    line.ready()
    answer = line.give(sender, to, content)  # SENT, FAILED, DEFERRED or UNKNOWN, and what the server said

Which server takes our mail the settings mail.smtp, mail.smtp_user and mail.smtp_password say. Reports of servers that
follow no standard are read by flufl.bounce: a plugin that reads mail requires `crmcore[mail]`.
"""

from crmcore.mail.addresses import on_the_wire, parsed_address
from crmcore.mail.keeping import KeptLine
from crmcore.mail.letter import (
    AUTO_REPLY,
    BOUNCE,
    CALENDAR,
    COMPLAINT,
    DELAY,
    KINDS,
    OTHER,
    REPLY,
    UNSUBSCRIBE,
    Attendance,
    Failure,
    Letter,
)
from crmcore.mail.mailbox import Mailbox, Position, Raw, portions
from crmcore.mail.opening import Address, mailbox_at, mailbox_problem
from crmcore.mail.outgoing import (
    DEFERRED,
    FAILED,
    SENT,
    UNKNOWN,
    Answer,
    Line,
    ServerUnreachable,
    Where,
    server,
    server_at,
)
from crmcore.mail.subjects import is_answer, plain_subject, unmarked
from crmcore.mail.tokens import ADDRESS, TEXT, THREAD, name_of, new_token
from crmcore.mail.understanding import understood, unreadable

__all__ = [
    "ADDRESS",
    "AUTO_REPLY",
    "BOUNCE",
    "CALENDAR",
    "COMPLAINT",
    "DEFERRED",
    "DELAY",
    "FAILED",
    "KINDS",
    "OTHER",
    "REPLY",
    "SENT",
    "TEXT",
    "THREAD",
    "UNKNOWN",
    "UNSUBSCRIBE",
    "Address",
    "Answer",
    "Attendance",
    "Failure",
    "KeptLine",
    "Letter",
    "Line",
    "Mailbox",
    "Position",
    "Raw",
    "ServerUnreachable",
    "Where",
    "is_answer",
    "mailbox_at",
    "mailbox_problem",
    "name_of",
    "new_token",
    "on_the_wire",
    "parsed_address",
    "plain_subject",
    "portions",
    "server",
    "server_at",
    "understood",
    "unmarked",
    "unreadable",
]
