"""A plugin whose past is worth asking for: it makes tasks, follows them up, objects, fails, and reaches out."""

import os
import socket
import sqlite3
import subprocess
import sys
from datetime import timedelta

from crmcore.api import Objection, Plugin, Task, impl

PLUGIN = Plugin(
    name="watchful",
    title="Nobody is forgotten",
    requires=("dummy",),
    hears=("contact.created", "contact.changed", "task.created", "contact.removed"),
)


@impl
def crm_on_event(event, tx):
    if event.type == "contact.created":
        tx.add(
            Task(subject=f"call {event.subject_id}", due=tx.now.date() + timedelta(days=7), contact_id=event.subject_id)
        )
    elif event.type == "task.created" and event.depth == 1:
        tx.record("watchful.noticed", "task", event.subject_id, {"depth": event.depth})
    elif event.type == "contact.changed":
        _reach_out(str(event.data.get("note", ["", ""])[1]))
    elif event.type == "contact.removed":
        raise RuntimeError("it was removed")


def _reach_out(how):
    if how == "network":
        socket.create_connection(("127.0.0.1", 9), timeout=1)
    elif how == "program":
        subprocess.run([sys.executable, "-c", "pass"], check=True)
    elif how == "database":
        sqlite3.connect(os.environ["LIVE"]).execute("DELETE FROM contact")


@impl
def crm_objections(acts, tx):
    return [
        Objection(act=act, reason="visits tire people")
        if act.kind == "visit"
        else Objection(act=act, reason="rather not", blocks=False)
        for act in acts
        if act.kind in ("visit", "quote")
    ]
