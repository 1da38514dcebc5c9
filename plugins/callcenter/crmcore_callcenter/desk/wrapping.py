"""Summing up a call: a code, what was said, what follows from it. Said again it corrects what was said before."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from attrs import field, frozen
from sqlalchemy import select

from crmcore.api import (
    Answered,
    Interaction,
    InvalidInput,
    Kept,
    Task,
    Transaction,
    answers_said,
    forms,
    here,
    note,
    tables,
)
from crmcore_callcenter.callbacks.giving import ask
from crmcore_callcenter.calls.whom import outside
from crmcore_callcenter.i18n import _
from crmcore_callcenter.model.agent import WrapCode
from crmcore_callcenter.model.call import Call
from crmcore_callcenter.tables import call as call_table
from crmcore_callcenter.tables import callback

FOLLOW_UP = "callcenter wrap-up"
"""The origin of the tasks by which calls are followed up."""
_CALLBACK = "callback"
_TEXT = "text"


@frozen(kw_only=True)
class Said:
    """What an agent says of a call; None stays as it was said before. `answers` are the form's, as they were typed."""

    code_id: int | None = None
    note: str | None = None
    follow: date | None = None
    answers: Mapping[str, str] = field(factory=dict)


@frozen(kw_only=True)
class Wrapped:
    """What became of it: tasks and promises by id, the form's answer, the callback that was asked for."""

    call_id: int
    tasks: tuple[int, ...] = ()
    form: Kept | None = None
    callback: int | None = None


def wrap(tx: Transaction, call_id: int, said: Said) -> Wrapped:
    """Sum up a call in the actor's name; from then on the agent sums up no more, and the call waits for nobody.

    What the caller said about themselves is kept by `themselves.keep`. Raises `InvalidInput`
    for a code that is out of use, and for answers that the code's form does not take.
    """
    tx.lock(Call, call_id)  # the telephone system writes of it, too
    record = tx.get(Call, call_id)
    code = _code(tx, record, said)
    record.wrap_code_id = code.id if code is not None else None
    record.wrapped_at = record.wrapped_at or tx.now
    record.owner_id = record.owner_id or tx.actor.user_id or None
    talk = tx.get(Interaction, record.interaction_id) if record.interaction_id is not None else None
    tasks: list[Task] = []
    if talk is not None and said.note is not None:
        tasks += note(tx, talk, said.note.strip(), tx.now.astimezone(here(tx).zone))
    tasks += _follow_up(tx, record, code, said, talk)
    tx.flush()
    form = _fill_in(tx, record, code, said, talk.body if talk is not None else said.note or "")
    owed = _call_back(tx, record, said) if code is not None and code.means == _CALLBACK else None
    return Wrapped(call_id=call_id, tasks=tuple(one.id for one in tasks), form=form, callback=owed)


def _code(tx: Transaction, record: Call, said: Said) -> WrapCode | None:
    key = said.code_id if said.code_id is not None else record.wrap_code_id
    if key is None:
        return None
    code = tx.get(WrapCode, key)
    if not code.active and key != record.wrap_code_id:
        raise InvalidInput(_("The wrap-up code {name} is out of use.").format(name=code.name))
    return code


def _follow_up(
    tx: Transaction, record: Call, code: WrapCode | None, said: Said, talk: Interaction | None
) -> list[Task]:
    """Keep the task to follow the call up: on the day that is said, else after as many days as the code says."""
    if talk is None:
        return []
    days = code.follow_days if code is not None else None
    due = said.follow or (tx.now.astimezone(here(tx).zone).date() + timedelta(days=days) if days is not None else None)
    t = tables.task.c
    there = tx.load(Task, t.interaction_id == talk.id, t.origin == FOLLOW_UP, t.status == "open")
    if due is None:
        return list(there)
    if there:
        there[0].due = due
        return [there[0]]
    return [
        tx.add(
            Task(
                subject=_("Follow up the call of {name}").format(name=_whose(tx, record)),
                due=due, owner_id=tx.actor.user_id or None, contact_id=record.contact_id,
                customer_id=record.customer_id, interaction_id=talk.id, origin=FOLLOW_UP,
                source=f"call {record.id}",
            )
        )
    ]  # fmt: skip


def _whose(tx: Transaction, record: Call) -> str:
    """Return what whoever called, or was called, is known by: their name, their customer's, the number."""
    for table, key in ((tables.contact, record.contact_id), (tables.customer, record.customer_id)):
        name = tx.value(select(table.c.name).where(table.c.id == key)) if key is not None else None
        if name:
            return str(name)
    return outside(record)[0] or _("number withheld")


def _fill_in(tx: Transaction, record: Call, code: WrapCode | None, said: Said, words: str) -> Kept | None:
    """Let the code's form keep the answers; what was said in the call is its text, where it asks for one."""
    form = next((one for one in forms(tx) if code is not None and one.name == code.form), None)
    if code is None or form is None:  # the plugin that has the form may be disabled; the call is summed up all the same
        if said.answers:
            raise InvalidInput(_("There is no form to answer: no code, or one without a form."))
        return None
    answers = dict(said.answers)
    if words and any(one.name == _TEXT for one in form.questions):
        answers.setdefault(_TEXT, words)
    if not answers:
        return None
    if record.contact_id is None:
        raise InvalidInput(
            _("Say first whose call {id} was: crm callcenter call whose, or call new.").format(id=record.id)
        )
    kept = tx.fill_in(
        code.form,
        [
            Answered(
                contact_id=record.contact_id, customer_id=record.customer_id, at=record.started_at,
                values=answers_said(form.questions, answers, here(tx)), user_id=record.owner_id,
                origin=(call_table.name, record.id), interaction_id=record.interaction_id,
            )
        ],
    )[0]  # fmt: skip
    if kept.problem:
        raise InvalidInput(kept.problem)
    return kept


def _call_back(tx: Transaction, record: Call, said: Said) -> int:
    """Owe the caller a callback, once."""
    b = callback.c
    there = tx.value(select(b.id).where(b.call_id == record.id, b.status == "open").order_by(b.id))
    if there is not None:
        return int(there)
    at = datetime.combine(said.follow, datetime.min.time(), here(tx).zone) if said.follow is not None else None
    return ask(tx, record.id, at=at, note=said.note or "").id
