"""Service's form, for whoever talks with people: what is the matter, which opens a ticket or joins one."""

from collections.abc import Iterable, Sequence

from crmcore.api import Answered, Form, Interaction, Kept, NotifyTransaction, Question, impl
from crmcore_service.i18n import _
from crmcore_service.tables import ticket


@impl
def crm_forms() -> Iterable[Form]:
    """Let others take in requests."""
    yield Form(
        name="service.request",
        title=_("A request"),
        questions=(
            Question(name="text", label=_("What is the matter"), required=True),
            Question(name="subject", label=_("Subject")),
            Question(name="priority", label=_("Priority"), kind="choice", choices=("P1", "P2", "P3", "P4")),
            Question(name="new", label=_("A new matter"), kind="yes_no"),
            Question(name="note", label=_("Note")),
        ),
        keep=_keep,
    )


def _keep(tx: NotifyTransaction, answers: Sequence[Answered]) -> Sequence[Kept]:
    """Take in each request through the one door; a talk that it came in has its words then."""
    return [_kept(tx, one) for one in answers]


def _kept(tx: NotifyTransaction, one: Answered) -> Kept:
    from crmcore_service.tickets.receiving import Request, receive

    text = str(one.values["text"])
    if one.interaction_id is not None:
        talk = tx.get(Interaction, one.interaction_id)
        talk.body = talk.body or text
    done = receive(
        tx,
        Request(
            channel="call",
            at=one.at,
            text=text,
            subject=one.values.get("subject", ""),
            contact_id=one.contact_id,
            customer_id=one.customer_id,
            user_id=one.user_id,
            priority=one.values.get("priority", ""),
            interaction_id=one.interaction_id,
            new=bool(one.values.get("new")),
            note=one.values.get("note", ""),
        ),
    )
    number = f"T{done.ticket_id}"
    said = _("ticket {ticket} opened") if done.new else _("joined ticket {ticket}: {why}")
    sentence = said.format(ticket=number, why=done.why)
    return Kept(entity=ticket.name, id=done.ticket_id, result="opened" if done.new else "joined", sentence=sentence)
