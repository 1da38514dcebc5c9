"""The questions about service, as crmcore answers them."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from bench.tickets import NOW
from crmcore.app import App
from crmcore.hooks.policy import Act
from crmcore.metrics.catalogue import named
from crmcore.metrics.compute import Question, compute
from crmcore.metrics.periods import Period
from crmcore.model.user import Actor


class Ours:
    """An app, in whose name it asks, and the questions."""

    def __init__(self, app: App, actor: Actor, zone: ZoneInfo) -> None:
        self._app, self._actor, self._zone = app, actor, zone

    def listed(self, queue_id: int, limit: int) -> Any:
        """Return open tickets of a queue, with all that a list tells: (id, subject, contact, thread, due, late)."""
        from crmcore_service.tickets.views import Asked, statement, views

        with self._app.read(self._actor) as reader:
            found = views(reader, statement(Asked(queue_id=queue_id), reader.now).limit(limit))
        return [
            (one.id, one.subject, one.contact and one.contact.name, list(one.interactions), one.resolution_due,
             list(one.breaches))
            for one in found
        ]  # fmt: skip

    def queues(self) -> Any:
        """Return (open, nobody's, late, unresolved by user) by queue."""
        from crmcore_service.tables import queue
        from crmcore_service.tickets.queues import views

        with self._app.read(self._actor) as reader:
            found = views(reader, select(queue).order_by(queue.c.id))
        return {one.id: (one.open, one.waiting, one.breached, dict(one.people)) for one in found}

    def breaches(self, limit: int) -> Any:
        """Return (key, ticket, due, minutes, customer) of the clocks that are overdue, the longest first."""
        from crmcore_service.levels.breaching import Asked, page

        with self._app.read(self._actor) as reader:
            found = page(reader, Asked(until=reader.now, late=True), limit=limit)
        return [(one.key, one.ticket, one.due, one.minutes, one.customer) for one in found]

    def statement(self, by: str) -> Any:
        """Return (spent, gained, claimed) by queue, or by product."""
        from crmcore_service.returns.statement import statement

        with self._app.read(self._actor) as reader:
            found = statement(reader, by, date(2024, 1, 1))
        return {one.key: tuple(int(sums * 100) for sums in (one.cost, one.gained, one.claimed)) for one in found.lines}

    def months(self) -> Any:
        """Return (spent, gained) by month."""
        from crmcore_service.returns.statement import statement

        with self._app.read(self._actor) as reader:
            found = statement(reader, "month")
        return {one.name: (int(one.cost * 100), int(one.gained * 100)) for one in found.lines}

    def figure(self, name: str) -> Any:
        """Return a figure by queue."""
        known = named(self._app.dispatcher, name)
        question = Question(period=Period(), by=("queue",), today=NOW.date(), now=NOW, zone=self._zone)
        with self._app.read(self._actor) as reader:
            found = compute(reader, known, question, limit=100)
        return {one.keys["queue"]: float(one.value) for one in found}

    def peace(self, acts: Sequence[Act]) -> Any:
        """Return whom of those that acts are towards a ticket gives peace: service's own part of a decision."""
        from crmcore_service.tickets.objecting import objections

        with self._app.transaction(self._actor, cause="bench") as tx:
            found = {one.act.contact_id for one in objections(acts, tx)}
            tx.abandon()
        return found


def acts(contact_ids: Sequence[int], customer_ids: Sequence[int]) -> list[Act]:
    """Return mails of marketing to people of customers."""
    return [
        Act(kind="contact", channel="email", purpose="marketing", contact_id=key, customer_id=other, at=NOW)
        for key, other in zip(contact_ids, customer_ids, strict=True)
    ]
