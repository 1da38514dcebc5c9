"""Carries parcels out of the workspace: each is marked before it is carried, and after."""

import os
import time
from pathlib import Path

from sqlalchemy import BigInteger, Column, Integer, MetaData, Table, Text, select, update

from crmcore.api import Job, Plugin, impl

PLUGIN = Plugin(
    name="courier",
    title="Carries parcels",
    migrations=Path(__file__).parent / "migrations",
    tables=("courier_parcel",),
)

parcel = Table(
    "courier_parcel", MetaData(), Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("state", Text),
)  # fmt: skip


def mark(tx, number, state):
    tx.execute(update(parcel).where(parcel.c.id == number).values(state=state))


def carry(desk):
    while not desk.is_over():
        with desk.transaction() as tx:
            number = tx.value(select(parcel.c.id).where(parcel.c.state == "waiting").order_by(parcel.c.id))
            if number is None:
                return False
            mark(tx, number, "on the way")
        with Path(os.environ["COURIER_DOOR"]).open("a") as door:
            door.write(f"{number}\n")
        time.sleep(0.01)
        with desk.transaction() as tx:
            mark(tx, number, "delivered")
    return True


@impl
def crm_jobs():
    return [Job(name="carry", run=carry)]
