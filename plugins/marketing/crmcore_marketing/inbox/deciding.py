"""What a letter is once it is known which message it is about, and who wrote it."""

from attrs import evolve

from crmcore.mail import OTHER, REPLY, UNSUBSCRIBE
from crmcore_marketing.i18n import _
from crmcore_marketing.inbox.people import People
from crmcore_marketing.inbox.tying import COLLEAGUE, STRANGER, Tied

_LISTS = ("List-Id", "List-Post")


def decided(one: Tied, known: People) -> Tied:
    """Return the letter with its last kind: what a person wrote is a reply, a refusal, or something other.

    It is a reply when it is about a message of ours. A refusal holds from whoever is known, about a message or not.
    """
    letter = one.letter
    if letter.kind != REPLY:
        return one
    if known.is_ours(letter.sender):
        return _as(one, OTHER, _("written by one of us"))
    if letter.refuses and (one.message is not None or one.writer is not None):
        return _as(one, UNSUBSCRIBE, _who(one))
    if one.message is None:
        return _as(one, OTHER, "")
    return _as(one, REPLY, _who(one))


def is_conversation(one: Tied, known: People) -> bool:
    """Return whether a letter belongs in the timeline: a person whom we know, or wrote to, wrote it to us."""
    letter = one.letter
    if letter.mail is None or one.contact_id is None or known.is_ours(letter.sender):
        return False
    if letter.kind == OTHER:
        return one.writer is not None and not any(name in letter.mail.extra for name in _LISTS) and not letter.reason
    return letter.kind == REPLY or (letter.kind == UNSUBSCRIBE and bool(letter.mail.body.strip()))


def _as(one: Tied, kind: str, reason: str) -> Tied:
    return evolve(one, letter=evolve(one.letter, kind=kind, reason=reason))


def _who(one: Tied) -> str:
    """Say who answered where that is not the person whom we wrote to."""
    told = {
        COLLEAGUE: _("answered by {who}, somebody else whom we know"),
        STRANGER: _("answered by {who}, whom we do not know"),
    }
    if one.message is None or one.standing not in told:
        return ""
    who = " ".join(filter(None, (one.letter.sender_name, f"<{one.letter.sender}>" if one.letter.sender else "")))
    return told[one.standing].format(who=who)
