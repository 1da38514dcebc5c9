"""Planning: who comes when, and which day the customer is promised."""

from datetime import date, datetime, timedelta

from sqlalchemy import select

from crmcore.api import InvalidInput, Transaction, here, logins, move
from crmcore_service.i18n import _
from crmcore_service.model.order import Technician, WorkOrder
from crmcore_service.orders.keeping import PLANNED, number, open_order
from crmcore_service.orders.promising import promise
from crmcore_service.tables import technician, work_order


def plan(
    tx: Transaction,
    order_id: int,
    technician_id: int,
    starts_at: datetime,
    *,
    ends_at: datetime | None = None,
    promised_on: date | None = None,
) -> WorkOrder:
    """Let a technician come at a time, for service.visit_minutes unless it is said how long, and promise the day.

    Raises `InvalidInput` for who is no technician, for an end before the beginning, for a time that is over or at which
    the technician is elsewhere, and for a promised day before the appointment's.
    """
    record = open_order(tx, order_id)
    over = ends_at or starts_at + timedelta(minutes=int(tx.setting("service.visit_minutes")))
    if over <= starts_at:
        raise InvalidInput(_("The appointment ends before it begins."))
    if over <= tx.now:
        raise InvalidInput(_("That time is over; `crm service order done` notes a visit that was."))
    day = starts_at.astimezone(here(tx).zone).date()
    if promised_on is not None and promised_on < day:
        raise InvalidInput(
            _("{promised} is promised, but the appointment is on {day}.").format(promised=promised_on, day=day)
        )
    _must_be_free(tx, record, technician_id, starts_at, over)
    if (record.starts_at, record.ends_at, record.technician_id) != (starts_at, over, technician_id):
        record.sequence += 1
    record.technician_id, record.starts_at, record.ends_at = technician_id, starts_at, over
    promise(tx, record, promised_on or day)
    if record.status != PLANNED:
        move(tx, record, PLANNED)
    return record


def _must_be_free(tx: Transaction, record: WorkOrder, user_id: int, starts_at: datetime, ends_at: datetime) -> None:
    people = tx.load(Technician, technician.c.user_id == user_id)
    login = logins(tx, [user_id]).get(user_id, "")
    if not people or not people[0].active:
        raise InvalidInput(
            _("{login} is no technician; crm service technician add makes one.").format(login=login or user_id)
        )
    tx.lock(Technician, people[0].id)  # whoever plans the same person at this moment waits
    o = work_order.c
    elsewhere = tx.first(
        select(o.id, o.starts_at, o.ends_at)
        .where(
            o.technician_id == user_id, o.closed_at.is_(None), o.id != record.id, o.starts_at < ends_at,
            o.ends_at > starts_at,
        )
        .order_by(o.starts_at)
        .limit(1)
    )  # fmt: skip
    if elsewhere is not None:
        zone = here(tx).zone
        raise InvalidInput(
            _("{login} is at {order} from {starts} to {ends}.").format(
                login=login, order=number(elsewhere.id), starts=f"{elsewhere.starts_at.astimezone(zone):%m-%d %H:%M}",
                ends=f"{elsewhere.ends_at.astimezone(zone):%H:%M}",
            )
        )  # fmt: skip
