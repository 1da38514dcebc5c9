"""What is known of somebody before a script is asked: so nobody asks or types a thing twice."""

from collections.abc import Mapping

from sqlalchemy import or_, select

from crmcore.api import PluginReader, Reader, answer_shown, answers_known
from crmcore_callcenter.model.outbound import CallScript
from crmcore_callcenter.scripts.keeping import UNFINISHED
from crmcore_callcenter.scripts.questions import form_of
from crmcore_callcenter.tables import calling_list, entry, script_run

AnyReader = Reader | PluginReader


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
