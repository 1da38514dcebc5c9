"""What is known before a script is asked: whom one speaks with, in which call, and what they said before."""

from collections.abc import Mapping
from datetime import timedelta

from sqlalchemy import or_, select

from crmcore.api import PluginReader, Reader, answer_shown, answers_known, names, tables
from crmcore_callcenter.calls.finding import call_named
from crmcore_callcenter.model.outbound import CallScript
from crmcore_callcenter.scripts.keeping import UNFINISHED
from crmcore_callcenter.scripts.questions import form_of
from crmcore_callcenter.tables import call, calling_list, entry, script_run

AnyReader = Reader | PluginReader
_LATELY = timedelta(hours=1)


def known(reader: AnyReader, script: CallScript, contact_id: int) -> dict[str, str]:
    """Return the answers to offer, as texts by question: of a talk that was not finished, else what is known.

    That is what came with the list, and what the form's owner keeps. Three statements, and what the owner asks.
    """
    r = script_run.c
    last = reader.first(
        select(r.answers, r.result)
        .where(r.contact_id == contact_id, r.script_id == script.id)
        .order_by(r.at.desc(), r.id.desc())
        .limit(1)
    )
    form = form_of(reader, script)
    kept = answers_known(reader, form, [contact_id]).get(contact_id, {}) if form is not None else {}
    said = {name: answer_shown(value) for name, value in kept.items()}
    said |= _brought(reader, script, contact_id)
    if last is not None and last.result == UNFINISHED:
        said |= last.answers
    return said


def _brought(reader: AnyReader, script: CallScript, contact_id: int) -> Mapping[str, str]:
    """Return what a file said of somebody on a list of this script."""
    e, c = entry.c, calling_list.c
    row = reader.first(
        select(e.details)
        .join_from(entry, calling_list, c.id == e.list_id)
        .where(e.contact_id == contact_id, c.script_id == script.id, or_(e.status == "calling", c.status == "open"))
        .order_by(e.id.desc())
        .limit(1)
    )
    told = row.details.get("known", {}) if row is not None else {}
    return {str(name): str(text) for name, text in told.items()}


def called(reader: AnyReader, contact_id: int, user_id: int | None) -> dict[str, str]:
    """Return what fills in the wording: {name}, the {customer} they stand for, and the {agent}; three statements."""
    p, u = tables.position.c, tables.user_account.c
    firm = (
        select(tables.customer.c.name)
        .join_from(tables.position, tables.customer, tables.customer.c.id == p.customer_id)
        .where(p.contact_id == contact_id, p.ended.is_(None))
        .order_by(p.id)
        .limit(1)
    )
    agent = reader.first(select(u.name, u.login).where(u.id == user_id)) if user_id is not None else None
    return {
        "name": names(reader, tables.contact, [contact_id]).get(contact_id, ""),
        "customer": reader.value(firm) or "",
        "agent": (agent.name or agent.login) if agent is not None else "",
    }


def last_call(reader: AnyReader, contact_id: int, user_id: int | None, text: str = "") -> int | None:
    """Return the call that a text names, else the agent's last with the contact that goes on or ended within the hour.

    Raises `NotFound` for a text that names none.
    """
    if text:
        return call_named(reader, text)
    c = call.c
    mine = select(c.id).where(
        c.contact_id == contact_id, c.owner_id == user_id, or_(c.ended_at.is_(None), c.ended_at > reader.now - _LATELY)
    )
    found = reader.value(mine.order_by(c.started_at.desc()).limit(1))
    return None if found is None else int(found)
