"""Calls that turn out to be part of another, as when a colleague is asked first and then gets the caller."""

from collections.abc import Mapping

from sqlalchemy import or_, update

from crmcore.api import Interaction, Participant, Preference, ProcessItem, Task, tables
from crmcore_callcenter.callbacks.owed import AnyTransaction
from crmcore_callcenter.calls.claiming import reassign
from crmcore_callcenter.calls.parting import Parting
from crmcore_callcenter.calls.whom import CHOSEN
from crmcore_callcenter.model.agent import Callback
from crmcore_callcenter.model.call import Call
from crmcore_callcenter.model.outbound import ListEntry, ScriptRun
from crmcore_callcenter.tables import callback, entry, heard, script_run


def absorb(tx: AnyTransaction, into: Mapping[int, Call], calls: Mapping[int, Call], book: Parting) -> None:
    """Let each of `calls` go on in the one that `into` gives for its id: what is kept of it goes over.

    Its interaction too, where the other has none; else it vanishes, but for what an agent wrote and what came of it.
    `book` keeps for an import how it was.
    """
    if not calls:
        return
    book.keep(tx, into, calls)
    reassign(tx, {was: into[was].id for was in calls})
    for was in calls:
        tx.execute(update(heard).where(heard.c.call_id == was).values(call_id=into[was].id))
    _point(tx, into, calls, book)
    _give_interactions(tx, into, calls, book)
    spoken = {one.interaction_id: was for was, one in calls.items() if one.interaction_id is not None}
    for was, gone in calls.items():
        _hand_over(into[was], gone)
        book.removed(was, gone, into[was].id)
    if spoken:
        _speak_on(tx, {key: into[was] for key, was in spoken.items()}, spoken, book)
    for gone in calls.values():
        tx.remove(gone)


def _speak_on(tx: AnyTransaction, into: Mapping[int, Call], spoken: Mapping[int, int], book: Parting) -> None:
    """Let interactions, of the calls `spoken`, go on in those of the calls that `into` gives."""
    i, p = tables.interaction.c, tables.participant.c
    wanted = {*into, *(call.interaction_id for call in into.values())}
    records = {one.id: one for one in tx.load(Interaction, i.id.in_(wanted))}
    targets = {key: call.interaction_id or 0 for key, call in into.items()}
    came_of_it: list[Task | Preference | ProcessItem] = [
        *tx.load(Task, tables.task.c.interaction_id.in_(spoken)),
        *tx.load(Preference, tables.preference.c.interaction_id.in_(spoken)),
        *tx.load(ProcessItem, tables.process_item.c.interaction_id.in_(spoken)),
    ]
    for one in came_of_it:
        key = one.interaction_id or 0
        one.interaction_id = targets[key]
        book.changed(spoken[key], one, {"interaction_id": key})
    for key, other_key in targets.items():
        record, other = records.get(key), records.get(other_key)
        if other is not None and record is not None and record.body:
            said, other.body = other.body, "\n".join(text for text in (other.body, record.body) if text)
            book.changed(spoken[key], other, {"body": said})
    for part in tx.load(Participant, p.interaction_id.in_(spoken)):
        book.removed(spoken[part.interaction_id], part, targets[part.interaction_id])
        tx.remove(part)
    for key in spoken:
        if key in records:
            book.removed(spoken[key], records[key], targets[key])
            tx.remove(records[key])


def _give_interactions(tx: AnyTransaction, into: Mapping[int, Call], calls: Mapping[int, Call], book: Parting) -> None:
    """Let calls without an interaction have that of one which goes on in them."""
    given: dict[int, int] = {}
    for was, gone in calls.items():
        call = into[was]
        if gone.interaction_id is not None and call.interaction_id is None and call.id not in given:
            given[call.id], gone.interaction_id = gone.interaction_id, None
            book.changed(was, gone, {"interaction_id": given[call.id]})
    if given:
        tx.flush()  # an interaction is of one call only
        for call in into.values():
            call.interaction_id = given.get(call.id, call.interaction_id)


def _hand_over(call: Call, gone: Call) -> None:
    """Let a call have what agents said of one that goes on in it, where nothing is said of itself."""
    if call.wrapped_at is None:
        call.wrap_code_id, call.wrapped_at = gone.wrap_code_id, gone.wrapped_at
    if call.contact_id is None and CHOSEN in gone.details:
        call.contact_id, call.customer_id = gone.contact_id, gone.customer_id
        call.details = {**call.details, CHOSEN: gone.details[CHOSEN]}
    call.custom = {**gone.custom, **call.custom}


def _point(tx: AnyTransaction, into: Mapping[int, Call], calls: Mapping[int, Call], book: Parting) -> None:
    """Let what points at calls that vanish point at those in which they go on."""
    for one in tx.load(Callback, or_(callback.c.call_id.in_(calls), callback.c.done_call_id.in_(calls))):
        for name in ("call_id", "done_call_id"):
            was = getattr(one, name)
            if was in calls:
                setattr(one, name, into[was].id)
                book.changed(was, one, {name: was})
    pointing: list[ListEntry | ScriptRun] = [
        *tx.load(ListEntry, entry.c.call_id.in_(calls)),
        *tx.load(ScriptRun, script_run.c.call_id.in_(calls)),
    ]
    for each in pointing:
        was = each.call_id or 0
        each.call_id = into[was].id
        book.changed(was, each, {"call_id": was})
