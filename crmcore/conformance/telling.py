"""Silver: hearing of something twice is as hearing of it once."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import select

from crmcore.app import App
from crmcore.conformance.filling import Filler
from crmcore.conformance.parties import everything, rows, two_parties
from crmcore.conformance.subject import Subject
from crmcore.conformance.tables import all_tables
from crmcore.engine.tables import journal, metadata
from crmcore.i18n import _
from crmcore.model.change import Event
from crmcore.model.interaction import Interaction, Task
from crmcore.model.party import Contact

_UNSTABLE = {"version", "updated_at"}
_COMPARED = ("contact", "customer", "interaction", "participant", "task", "process_item", "position", "contact_point")


def idempotent(subject: Subject) -> Iterator[str]:
    """Ask whether telling it each event a second time raises nothing and changes nothing."""
    if not hasattr(subject.module, "crm_on_event"):
        return
    with subject.workspace() as app:
        Filler(app, subject).fill(2, everything(app))
        for event in _happened(app):
            if not _hears(subject, event):
                continue
            told: list[Any] = []
            for attempt in (_("Told"), _("Told a second time")):
                try:
                    _tell(app, subject, event)
                except Exception as error:  # noqa: BLE001 # a plugin may raise anything
                    yield _("{attempt} of {event}, it raises {error}.").format(
                        attempt=attempt, event=event.type, error=f"{type(error).__name__}: {error}"
                    )
                    return
                told.append(_state(app, subject))
            if told[0] != told[1]:
                yield _("Told of {event} twice, it does its work twice; look first whether it is done.").format(
                    event=event.type
                )


def _happened(app: App) -> list[Event]:
    """Let a little happen, and return the journal."""
    contact, _customer = two_parties(app, "contact")
    with app.transaction() as tx:
        call = tx.add(Interaction(channel="call", contact_id=contact, body="wants a quote", at=tx.now))
        task = tx.add(Task(subject="quote", contact_id=contact, interaction_id=call.id))
    with app.transaction() as tx:
        tx.get(Contact, contact).note = "likes tea"
        tx.get(Task, task.id).status = "done"
    with app.engine.connect() as connection:
        found = connection.execute(select(journal).order_by(journal.c.id)).mappings().all()
    names = {"id", "at", "actor", "cause", "type", "entity", "subject_id", "data"}
    return [Event(**{name: value for name, value in row.items() if name in names}) for row in found]


def _hears(subject: Subject, event: Event) -> bool:
    entity, _dot, action = event.type.partition(".")
    wanted = subject.plugin.hears or ("*.*",)
    return any(
        one in ("*", entity) and other in ("*", action) for one, _dot, other in (each.partition(".") for each in wanted)
    )


def _tell(app: App, subject: Subject, event: Event) -> None:
    """Tell the plugin of an event as a delivery does: in a transaction of its own."""
    for call in app.dispatcher.calls("crm_on_event"):
        if call.plugin == subject.name:
            with app.transaction(cause="conformance", caused_by=event) as tx:
                app.dispatcher.call(call, event=event, tx=tx)


def _state(app: App, subject: Subject) -> Any:
    tables = [*all_tables(app, subject), *(metadata.tables[name] for name in _COMPARED)]
    return [
        [{name: value for name, value in row.items() if name not in _UNSTABLE} for row in rows(app, table)]
        for table in tables
    ]
