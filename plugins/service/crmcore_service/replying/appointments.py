"""Telling a customer of an appointment: by mail, with an invitation for the calendar, in the customer's language."""

from collections.abc import Mapping

from sqlalchemy import select

from crmcore.api import InvalidInput, here, tables
from crmcore_service.assets.parties import AnyTransaction
from crmcore_service.model.order import WorkOrder
from crmcore_service.orders.keeping import number
from crmcore_service.orders.views import first_name
from crmcore_service.replying import wording
from crmcore_service.replying.addressing import reached, sender_of
from crmcore_service.replying.invitation import CANCEL, REQUEST, Visit, written
from crmcore_service.replying.queueing import reply
from crmcore_service.replying.states import APPOINTMENT
from crmcore_service.tables import outgoing, queue, ticket

_SUBJECT = {
    (REQUEST, wording.ENGLISH): "Our visit on {day}: {what}",
    (REQUEST, wording.CHINESE): "上门服务时间：{day} {what}",
    (CANCEL, wording.ENGLISH): "Our visit on {day} is called off: {what}",
    (CANCEL, wording.CHINESE): "上门服务已取消：{day} {what}",
}
_TEXT: Mapping[tuple[str, str], str] = {
    (REQUEST, wording.ENGLISH): "Dear {name},\n\n{who} comes on {day} from {from} to {until} ({zone}): {what}.\n\n"
    "{place}\n\nThe appointment for your calendar is attached; decline it if the time does not suit you.\n\n{link}\n",
    (REQUEST, wording.CHINESE): "{name}，您好！\n\n{who}将于 {day} {from}–{until}（{zone}）上门服务：{what}。\n\n"
    "{place}\n\n日程邀请见附件；如时间不便，请谢绝邀请。\n\n{link}\n",
    (
        CANCEL,
        wording.ENGLISH,
    ): "Dear {name},\n\nour visit on {day} at {from} ({zone}) is called off: {what}.\n\n{link}\n",
    (CANCEL, wording.CHINESE): "{name}，您好！\n\n原定 {day} {from}（{zone}）的上门服务已取消：{what}。\n\n{link}\n",
}
_SOMEBODY = {wording.ENGLISH: "our technician", wording.CHINESE: "技术员"}


def invite(tx: AnyTransaction, order: WorkOrder) -> int | None:
    """Queue a mail that tells of an appointment, and return its id: None where nobody is named whom mail is from.

    None too for an order about no contact, or without an appointment. About fifteen statements.
    """
    return _tell(tx, order, REQUEST)


def withdraw(tx: AnyTransaction, order: WorkOrder) -> int | None:
    """Queue a mail that an appointment to come is called off, to whoever was told of it; None where nobody was."""
    o = outgoing.c
    told = select(o.id).where(o.work_order_id == order.id, o.kind == APPOINTMENT).limit(1)
    if order.starts_at is None or order.starts_at < tx.now or tx.value(told) is None:
        return None
    return _tell(tx, order, CANCEL)


def _tell(tx: AnyTransaction, order: WorkOrder, method: str) -> int | None:
    if order.contact_id is None or order.starts_at is None or order.ends_at is None:
        return None
    t, q, u = ticket.c, queue.c, tables.user_account.c
    of_queue = select(q.address).join(ticket, t.queue_id == q.id).where(t.id == order.ticket_id)
    try:
        sender = sender_of(tx, (tx.value(of_queue) if order.ticket_id is not None else "") or "")
    except InvalidInput:  # nobody is named whom our mail is from
        return None
    who = reached(tx, order.contact_id, "")
    language = wording.language_of(who.language, who.name, order.subject)
    technician = first_name(tx.value(select(u.name).where(u.id == order.technician_id)))
    zone = here(tx).zone
    starts, ends = order.starts_at.astimezone(zone), order.ends_at.astimezone(zone)
    fields = {
        "who": technician or _SOMEBODY[language], "day": starts.date(), "from": f"{starts:%H:%M}",
        "until": f"{ends:%H:%M}", "zone": zone.key, "what": f"{order.subject} ({number(order.id)})",
        "place": order.place, "method": method,
    }  # fmt: skip
    if who.address and not who.reason:
        visit = Visit(
            uid=order.uid, sequence=order.sequence, summary=order.subject, place=order.place,
            starts_at=order.starts_at, ends_at=order.ends_at,
        )  # fmt: skip
        fields["calendar"] = written(
            visit, method=method, at=tx.now, organizer=sender.addr_spec, attendee=who.address,
            name=who.name,
        )  # fmt: skip
    return reply(
        tx, order.ticket_id, _TEXT[method, language], subject=_SUBJECT[method, language], kind=APPOINTMENT,
        to=order.contact_id, work_order_id=order.id, fields=fields,
    )  # fmt: skip
