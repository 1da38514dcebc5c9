"""Writes a row for each contact event it hears, and one each minute; sometimes it fails after it has written."""

import os
import random
from pathlib import Path

from sqlalchemy import BigInteger, Column, Integer, MetaData, Table, insert

from crmcore.api import Contact, Plugin, Schedule, impl

PLUGIN = Plugin(
    name="tally",
    title="Counts what it hears",
    hears=("contact.created", "contact.changed"),
    migrations=Path(__file__).parent / "migrations",
    tables=("tally_heard", "tally_tick"),
)

_KEY = BigInteger().with_variant(Integer, "sqlite")
_TABLES = MetaData()
heard = Table(
    "tally_heard", _TABLES, Column("id", _KEY, primary_key=True), Column("event_id", BigInteger),
    Column("subject_id", BigInteger),
)  # fmt: skip
tick = Table(
    "tally_tick", _TABLES, Column("id", _KEY, primary_key=True), Column("minute", BigInteger),
    Column("subject_id", BigInteger),
)  # fmt: skip
FAILS = float(os.environ.get("TALLY_FAILS", "0"))


@impl
def crm_on_event(event, tx):
    tx.execute(insert(heard).values(event_id=event.id, subject_id=event.subject_id))
    if event.type == "contact.created":
        tx.get(Contact, event.subject_id).note = f"counted, event {event.id}"
    if random.random() < FAILS:  # noqa: S311 # chance, not secrecy
        raise RuntimeError("this time it fails")


@impl
def crm_schedules():
    def run(tx):
        tx.execute(insert(tick).values(minute=int(tx.now.timestamp()) // 60, subject_id=0))
        if random.random() < FAILS:  # noqa: S311 # chance, not secrecy
            raise RuntimeError("this time it fails")

    return [Schedule(name="minute", cron="* * * * *", run=run)]
