"""Keeping what people answered to a script, and filling in its form with it; one or a thousand at once."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from attrs import evolve, field, frozen
from sqlalchemy import select

from crmcore.api import (
    Answered,
    Form,
    Here,
    InvalidInput,
    NotifyTransaction,
    PluginReader,
    Reader,
    Transaction,
    answers_said,
    here,
    names,
    tables,
)
from crmcore_callcenter.i18n import _
from crmcore_callcenter.model.outbound import CallScript, ScriptRun
from crmcore_callcenter.scripts.interview import ends
from crmcore_callcenter.scripts.questions import Asked, asked, form_of
from crmcore_callcenter.tables import call, script_run

AnyTransaction = Transaction | NotifyTransaction
UNFINISHED = "unfinished"


@frozen(kw_only=True)
class Said:
    """What a contact answered, as texts by question; `about` is what it was asked for, `line` its place in a file.

    `finished` is False where the talk ended before the end: that is kept, and fills in no form.
    """

    contact_id: int
    texts: Mapping[str, str]
    finished: bool = True
    call_id: int | None = None
    list_id: int | None = None
    about: str = ""
    user_id: int | None = None
    at: datetime | None = None
    line: int = 0


@frozen(kw_only=True)
class Done:
    """What became of answers: the run that keeps them, and the form's record, result and sentence.

    With a `problem` they were not kept, and why.
    """

    said: Said
    run_id: int | None = None
    result: str = ""
    sentence: str = ""
    problem: str = ""
    entity: str = ""
    record_id: int | None = None


@frozen(kw_only=True)
class _Sound:
    """Answers that can be kept; `fills` the form where the talk went so far that the form has what it must."""

    said: Said
    values: Mapping[str, Any] = field(factory=dict)
    fills: bool = False


def keep(tx: AnyTransaction, script: CallScript, given: Sequence[Said]) -> list[Done]:
    """Keep answers and fill in the form with those that are finished; return what became of each, in their order.

    What is not sound, or what the form does not take, is told as a problem and not kept; nothing else is held up by it.
    Eight statements for any number, and what the form needs. Without the form's owner the answers are kept here alone.
    """
    form, place = form_of(tx, script), here(tx)
    questions = asked(script, form)
    found: dict[int, Done] = {}
    sound: dict[int, _Sound] = {}
    people = names(tx, tables.contact, [one.contact_id for one in given])
    for n, one in enumerate(given):
        try:
            sound[n] = _sound(one, questions, form, place, people)
        except InvalidInput as error:
            found[n] = Done(said=one, problem=str(error))
    customers = _customers(tx, [one.said.contact_id for one in sound.values()])
    runs = {n: _run(tx, script, one.said, customers) for n, one in sound.items()}
    found |= {n: Done(said=one.said, run_id=runs[n].id, result=runs[n].result) for n, one in sound.items()}
    finished = {n: one for n, one in sound.items() if one.fills}
    if form is not None and finished:
        talks = _talks(tx, [one.said.call_id for one in finished.values()])
        answers = [_answered(tx, runs[n], one, form, talks) for n, one in finished.items()]
        for n, kept in zip(finished, tx.fill_in(form.name, answers), strict=True):
            if kept.problem:
                found[n] = Done(said=given[n], problem=kept.problem)
                continue
            runs[n].result, runs[n].entity, runs[n].record_id = kept.result, kept.entity, kept.id
            found[n] = evolve(
                found[n], result=kept.result, sentence=kept.sentence, entity=kept.entity, record_id=kept.id
            )
        tx.flush()
        for n in finished:
            if found[n].problem:
                tx.remove(runs[n])
    return [found[n] for n in range(len(given))]


def _sound(one: Said, questions: Sequence[Asked], form: Form | None, place: Here, people: Mapping[int, str]) -> _Sound:
    """Return answers as they are kept; raises `InvalidInput` for one that is wrong, or missing.

    Where the talk ended early nothing is missing: not finished, or by an answer after which nothing more is asked.
    """
    if one.contact_id not in people:
        raise InvalidInput(_("There is no contact {id}.").format(id=one.contact_id))
    of_form = {each.name: each for each in form.questions} if form is not None else {}
    every = of_form | {each.question.name: each.question for each in questions}
    early = not one.finished or any(ends(each, one.texts.get(each.question.name, ""), place) for each in questions)
    wanted = tuple(evolve(each, required=False) if early else each for each in every.values())
    values = {name: value for name, value in answers_said(wanted, one.texts, place).items() if name in of_form}
    complete = all(not each.required or each.name in values for each in of_form.values())
    return _Sound(said=one, values=values, fills=bool(of_form) and one.finished and complete)


def _run(tx: AnyTransaction, script: CallScript, one: Said, customers: Mapping[int, int]) -> ScriptRun:
    return tx.add(
        ScriptRun(
            script_id=script.id,
            list_id=one.list_id,
            call_id=one.call_id,
            contact_id=one.contact_id,
            customer_id=customers.get(one.contact_id),
            owner_id=one.user_id or tx.actor.user_id or None,
            at=one.at or tx.now,
            answers={name: text for name, text in one.texts.items() if text.strip()},
            result="" if one.finished else UNFINISHED,
        )
    )


def _answered(tx: AnyTransaction, run: ScriptRun, one: _Sound, form: Form, talks: Mapping[int, int | None]) -> Answered:
    return Answered(
        contact_id=one.said.contact_id,
        customer_id=run.customer_id,
        user_id=run.owner_id,
        at=run.at,
        values=one.values,
        about=one.said.about,
        origin=(script_run.name, run.id),
        interaction_id=talks.get(one.said.call_id or 0),
    )


def _customers(reader: Reader | PluginReader, contact_ids: Iterable[int]) -> dict[int, int]:
    """Return the customer each contact stands for now: its oldest position that has not ended. One statement."""
    p = tables.position.c
    wanted = select(p.contact_id, p.customer_id).where(p.contact_id.in_(set(contact_ids)), p.ended.is_(None))
    return {row.contact_id: row.customer_id for row in reader.rows(wanted.order_by(p.id.desc()))}


def _talks(reader: Reader | PluginReader, call_ids: Iterable[int | None]) -> dict[int, int | None]:
    wanted = {one for one in call_ids if one is not None}
    if not wanted:
        return {}
    rows = reader.rows(select(call.c.id, call.c.interaction_id).where(call.c.id.in_(wanted)))
    return {row.id: row.interaction_id for row in rows}
