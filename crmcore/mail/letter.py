"""What a mail is by itself, before it is known what it is about."""

from datetime import datetime

from attrs import field, frozen

from crmcore.model.entity import one_of
from crmcore.model.incoming import IncomingInteraction

BOUNCE, DELAY, REPLY, AUTO_REPLY = "bounce", "delay", "reply", "auto_reply"
UNSUBSCRIBE, CALENDAR, COMPLAINT, OTHER = "unsubscribe", "calendar", "complaint", "other"
KINDS = (BOUNCE, DELAY, REPLY, AUTO_REPLY, UNSUBSCRIBE, CALENDAR, COMPLAINT, OTHER)
"""What a mail can be; every mail that is read is exactly one of them."""


@frozen(kw_only=True)
class Failure:
    """A recipient that a mail server says it could not reach.

    `address` is in its normal form, empty where the report names none; `status` as in RFC 3463, empty where unknown.
    `hard` says that the address is wrong and stays so; `late` that the server still tries.
    """

    address: str = ""
    status: str = ""
    why: str = ""
    hard: bool = False
    late: bool = False


@frozen(kw_only=True)
class Attendance:
    """An answer to an invitation (RFC 5546, REPLY): `uid` names the event, `address` who answers with `partstat`."""

    uid: str
    address: str
    partstat: str


@frozen(kw_only=True)
class Letter:
    """A mail that was read and understood as far as it can be by itself.

    `key` is what makes it the same when it is read again, wherever: its Message-ID (`external_id`) and a fingerprint of
    what it says, since some servers send all they have to report under one id. `kind` is one of `KINDS`: reply stands
    for anything that a person wrote, whether it answers anything or not; other for what is no mail. `tokens` are the
    secret names of messages of ours that it tells of (`tokens`), the surest first, each with where it was found:
    address, thread, or text. `sender` is in its normal form, empty where there is none. `refuses` says that who wrote
    wants no more mail, `is_list` that a mailing list passed it on, `is_spam` that a server on its way took it for spam.
    """

    key: str
    external_id: str
    kind: str = field(validator=one_of(*KINDS))
    mail: IncomingInteraction | None = None
    sender: str = ""
    sender_name: str = ""
    subject: str = ""
    at: datetime | None = None
    tokens: tuple[tuple[str, str], ...] = ()
    failures: tuple[Failure, ...] = ()
    answers: tuple[Attendance, ...] = ()
    refuses: bool = False
    is_list: bool = False
    is_spam: bool = False
    reason: str = ""
