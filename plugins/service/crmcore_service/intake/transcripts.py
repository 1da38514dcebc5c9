"""Chats: one conversation is one interaction, whose transcript grows as long as they talk."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from attrs import frozen

from crmcore.api import Interaction, InvalidInput, NotifyTransaction, Transaction, here, storable
from crmcore_service.i18n import _
from crmcore_service.model.ticket import Ticket
from crmcore_service.tickets.answering import answered
from crmcore_service.tickets.receiving import heard

CUSTOMER, US = "customer", "us"
_MOST, _LONGEST, _NAME = 1_000, 100_000, 100


@frozen(kw_only=True)
class Line:
    """Something said in a chat: when, by whom (`customer` or `us`), under which name."""

    at: datetime
    by: str
    name: str
    text: str


def lines_of(said: Any) -> tuple[Line, ...]:
    """Return the lines of a chat in their order; raises `InvalidInput` that names the one that is none."""
    if not isinstance(said, Sequence) or isinstance(said, str) or not 0 < len(said) <= _MOST:
        raise InvalidInput(_("messages: a list of 1 to {n} is wanted.").format(n=_MOST))
    return tuple(sorted((_line(nth, one) for nth, one in enumerate(said, 1)), key=lambda one: one.at))


def _line(nth: int, said: Any) -> Line:
    if not isinstance(said, Mapping) or not isinstance(said.get("text"), str):
        raise InvalidInput(_("messages, number {nth}: it has no text.").format(nth=nth))
    if said.get("from") not in (CUSTOMER, US):
        raise InvalidInput(_("messages, number {nth}: “from” is customer or us.").format(nth=nth))
    at = _instant(str(said.get("at")))
    if at is None:
        raise InvalidInput(
            _("messages, number {nth}: “at” is no instant such as 2026-11-24T10:00+08:00.").format(nth=nth)
        )
    name = storable(" ".join(str(said.get("name") or "").split())[:_NAME])
    return Line(at=at, by=said["from"], name=name, text=storable(said["text"].strip()))


def _instant(text: str) -> datetime | None:
    """Return the instant that a text says in ISO 8601 with an offset; None for anything else."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return at.astimezone(UTC) if at.tzinfo is not None else None


def transcript(tx: Transaction | NotifyTransaction, lines: Sequence[Line]) -> str:
    """Return the chat as a text, a line for each message, in the workspace's zone."""
    zone, names = here(tx).zone, {CUSTOMER: _("Customer"), US: _("We")}
    told = (f"{one.at.astimezone(zone):%H:%M} {one.name or names[one.by]}: {one.text}" for one in lines)
    return "\n".join(told)[:_LONGEST]


def went_on(tx: Transaction | NotifyTransaction, ticket_id: int, interaction_id: int, lines: Sequence[Line]) -> None:
    """Let the interaction of a chat hold all that was said, and the ticket go on by what is new.

    The first thing we said is our first answer. A transcript that is shorter than the one we have changes nothing: it
    was overtaken on its way.
    """
    kept, record = tx.get(Interaction, interaction_id), tx.get(Ticket, ticket_id)
    before = int(kept.details.get("lines", 0))
    new = lines[before:]
    if new:
        kept.body = transcript(tx, lines)
        kept.details = {**kept.details, "lines": len(lines)}
        said = [one for one in new if one.by == CUSTOMER]
        if said and before:
            heard(tx, record, said[-1].at, "\n".join(one.text for one in said))
    ours = next((one for one in lines if one.by == US), None)
    if ours is not None and record.responded_at is None:
        answered(tx, record, ours.at, interaction_id)
