"""Whether a mail is a request at all: what machines wrote, what is our own, and what went to many is none."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from attrs import frozen
from sqlalchemy import func, select

from crmcore.mail import AUTO_REPLY, BOUNCE, CALENDAR, COMPLAINT, DELAY, OTHER, Letter
from crmcore_service.assets.parties import AnyTransaction
from crmcore_service.i18n import _
from crmcore_service.intake import kinds
from crmcore_service.intake.letters import House
from crmcore_service.intake.tying import Tied
from crmcore_service.tables import received

FLOOD_MAILS, FLOOD_MINUTES = "service.flood_mails", "service.flood_minutes"
_MACHINES = {
    BOUNCE: kinds.BOUNCE,
    DELAY: kinds.BOUNCE,
    COMPLAINT: kinds.BOUNCE,
    AUTO_REPLY: kinds.AUTOMATIC,
    OTHER: kinds.AUTOMATIC,
}
_MASS = frozenset({"bulk", "junk"})
_ON_LISTS = ("List-Id", "List-Post")


@frozen(kw_only=True)
class Asked:
    """A letter, what it is tied to, and who is of us; `is_known` says that its writer is a contact."""

    letter: Letter
    tied: Tied
    house: House
    is_known: bool


@frozen(kw_only=True)
class Verdict:
    """Why a mail is no ticket: of which of the `kinds`, and in words."""

    kind: str
    reason: str


def judged(asked: Asked) -> Verdict | None:
    """Return why a letter is no request; None for one that is.

    What answers a mail of a ticket is of that ticket, whatever else is known of it, unless a machine wrote it.
    """
    return next((found for each in _RULES if (found := each(asked)) is not None), None)


def flooded(tx: AnyTransaction, sender: str, at: datetime) -> Verdict | None:
    """Return that a sender writes so often that it must be a machine: the last guard against answers to answers."""
    most, minutes = int(tx.setting(FLOOD_MAILS)), int(tx.setting(FLOOD_MINUTES))
    r = received.c
    since = at - timedelta(minutes=minutes)
    wanted = select(func.count()).where(r.sender == sender, r.at > since, r.at <= at, r.kind == kinds.TICKET)
    if int(tx.value(wanted) or 0) < most:
        return None
    return Verdict(
        kind=kinds.FLOOD,
        reason=_("{sender} wrote more than {n} mails within {minutes} minutes").format(
            sender=sender, n=most, minutes=minutes
        ),
    )


def _machine(asked: Asked) -> Verdict | None:
    letter = asked.letter
    if letter.kind not in _MACHINES:
        return None
    said = {
        BOUNCE: _("a mail did not arrive: {why}"),
        DELAY: _("a mail has not arrived yet: {why}"),
        COMPLAINT: _("a mail was reported as spam: {why}"),
    }
    words = said.get(letter.kind, _("a machine answered: {why}"))
    return Verdict(kind=_MACHINES[letter.kind], reason=words.format(why=letter.reason).rstrip(": "))


def _own(asked: Asked) -> Verdict | None:
    if asked.letter.sender in asked.house.ours:
        return Verdict(
            kind=kinds.OWN, reason=_("it is from {address}, which is ours").format(address=asked.letter.sender)
        )
    return None


def _nobody(asked: Asked) -> Verdict | None:
    sender = asked.letter.sender
    if "@" in sender:
        return None
    reason = _("its sender “{sender}” is no address").format(sender=sender) if sender else _("it names no sender")
    return Verdict(kind=kinds.NOBODY, reason=reason)


def _calendar(asked: Asked) -> Verdict | None:
    if asked.letter.kind == CALENDAR and asked.tied.ticket_id is None:
        return Verdict(kind=kinds.CALENDAR, reason=_("it answers an invitation that is of no ticket"))
    return None


def _spam(asked: Asked) -> Verdict | None:
    if asked.letter.is_spam and not asked.is_known and asked.tied.ticket_id is None:
        return Verdict(
            kind=kinds.SPAM, reason=_("a server on its way took it for spam, and nobody here knows the sender")
        )
    return None


def _list(asked: Asked) -> Verdict | None:
    """Say that a letter went to a list. An address of ours may be a list itself: then its mails are for us."""
    letter = asked.letter
    if asked.tied.ticket_id is not None or letter.mail is None:
        return None
    said = " ".join(letter.mail.extra.get(name, "") for name in _ON_LISTS).lower()
    if letter.is_list and not any(domain in said for domain in asked.house.domains):
        return Verdict(kind=kinds.LIST, reason=_("a mailing list passed it on"))
    mass = letter.mail.extra.get("Precedence", "").strip().lower() in _MASS or "List-Unsubscribe" in letter.mail.extra
    if mass and not asked.is_known:
        return Verdict(kind=kinds.LIST, reason=_("it went to many, and nobody here knows the sender"))
    return None


_RULES: Sequence[Callable[[Asked], Verdict | None]] = (_machine, _own, _nobody, _calendar, _spam, _list)
