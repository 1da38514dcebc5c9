"""The sender: a job that gives messages to the server, one at a time, each marked before and settled after."""

import time
from collections import deque
from collections.abc import Sequence

from attrs import field, frozen
from sqlalchemy import exists, func, or_, select

from crmcore.api import Desk, NotifyTransaction, PluginReader
from crmcore.mail import KeptLine, Line, Where, server
from crmcore_marketing.model.mailing import Mailing
from crmcore_marketing.sending.addressing import Ours, ours
from crmcore_marketing.sending.claiming import ACTIVE, Queue, take
from crmcore_marketing.sending.pacing import ALL, Later, Pace, set_up
from crmcore_marketing.sending.rendering import Renderer
from crmcore_marketing.sending.settling import Noted, report_lost, settle
from crmcore_marketing.sending.states import SENDING, WAITING
from crmcore_marketing.tables import mailing, message

_PATIENCE = 1.0  # seconds to wait for the next message's time; for longer the worker does other things
_MAILINGS = 100  # how many mailings leave side by side


@frozen(kw_only=True)
class _Work:
    """What there is to do: where to, messages of no mailing and of which mailings, what was lost, what is over."""

    lost: bool = False
    where: tuple[Where, str] | None = None
    queues: Sequence[Queue] = ()
    over: Sequence[int] = field(default=())


class Sender:
    """Sends what is due; `noted` hear of each message that was sent, in the transaction that says so.

    A message is marked `sending`, and that is committed, before anything is said of it to the server, and what the
    server answered is committed before the next one: whenever the process is killed, at most one message is on its
    way. It is then reported, not sent again. The connection is kept while there is something to send.
    """

    def __init__(self, noted: Sequence[Noted] = ()) -> None:
        self._noted = noted
        self._line = KeptLine()
        self._renderer = Renderer()

    def run(self, desk: Desk) -> bool:
        """Send until nothing is due or the desk is over; return whether there is more to do now."""
        with desk.read() as reader:
            work = _look(reader)
        if work.lost or work.over:
            with desk.transaction() as tx:
                report_lost(tx)
                _finish(tx, work.over)
        if work.where is None:
            self._line.close()
            return False
        set_up(desk, [pace for queue in work.queues for pace in queue.paces])
        with self._line.to(*work.where) as line:
            return self._send(desk, line, work.queues)

    def _send(self, desk: Desk, line: Line, queues: Sequence[Queue]) -> bool:
        """Take from the queues in turn; what belongs to no mailing somebody waits for, and goes first."""
        waiting, later = deque(queues), list[tuple[Later, Queue]]()
        while not desk.is_over():
            if not waiting:
                if not later:
                    return False
                soonest = min((one for one, _queue in later), key=lambda one: one.at)
                if soonest.seconds > _PATIENCE:
                    return False
                time.sleep(soonest.seconds)
                waiting.extend(queue for _one, queue in later)
                later.clear()
            line.ready()
            queue = waiting[0]
            try:
                was_there = self._one(desk, line, queue)
            except Later as at:
                later.append((at, waiting.popleft()))
                continue
            if not was_there:
                waiting.popleft()
            elif queue.mailing_id is not None:
                waiting.rotate(-1)
        return True

    def _one(self, desk: Desk, line: Line, queue: Queue) -> bool:
        """Send one message of a queue, or leave somebody out; return whether there was one."""
        cause = "" if queue.mailing_id is None else f"mailing {queue.mailing_id}"
        with desk.transaction(cause) as tx:
            taken = take(tx, queue, self._renderer)
        if taken is None:
            return False
        if isinstance(taken, int):
            return True
        answer = line.give(taken.sender, taken.address, taken.content)
        with desk.transaction(cause) as tx:
            settle(tx, taken, answer, self._noted)
        return True


def _look(reader: PluginReader) -> _Work:
    """Return what there is to do: four statements where that is nothing."""
    c, g, now = message.c, mailing.c, reader.now
    waiting = exists().where(c.mailing_id == g.id, c.status.in_(WAITING))
    due = exists().where(c.mailing_id == g.id, c.status.in_(WAITING), c.due_at <= now)
    begun = or_(g.starts_at.is_(None), g.starts_at <= now)
    single = reader.value(
        select(func.count()).select_from(
            select(c.id).where(c.mailing_id.is_(None), c.status.in_(WAITING), c.due_at <= now).limit(1).subquery()
        )
    )
    lost = reader.value(select(c.id).where(c.status == SENDING)) is not None
    mailings = reader.rows(
        select(g.id, g.rate, g.sender, g.reply_to)
        .where(g.status == ACTIVE, begun, due)
        .order_by(g.starts_at, g.id)
        .limit(_MAILINGS)
    )
    over = [row.id for row in reader.rows(select(g.id).where(g.status == ACTIVE, ~waiting).limit(_MAILINGS))]
    if not single and not mailings:
        return _Work(lost=lost, over=over)
    rate = reader.setting("marketing.rate")
    common = [Pace(name=ALL, rate=rate)] if rate else []
    queues = [Queue(ours=ours(reader), until=now)] if single else []
    senders: dict[tuple[str, str], Ours] = {}
    for row in mailings:
        key = (row.sender, row.reply_to)
        senders[key] = senders.get(key) or ours(reader, *key)
        own = [Pace(name=f"mailing {row.id}", rate=row.rate)] if row.rate else []
        queues.append(Queue(mailing_id=row.id, ours=senders[key], until=now, paces=[*common, *own]))
    return _Work(lost=lost, over=over, where=server(reader), queues=queues)


def _finish(tx: NotifyTransaction, ids: Sequence[int]) -> None:
    """Say of mailings that all their messages are settled, unless one is on its way in another process."""
    if not ids:
        return
    c = message.c
    open_ones = {
        row.mailing_id
        for row in tx.rows(
            select(c.mailing_id).where(c.mailing_id.in_(ids), c.status.in_((*WAITING, SENDING))).distinct()
        )
    }
    for one in tx.load(Mailing, mailing.c.id.in_(set(ids) - open_ones), mailing.c.status == ACTIVE):
        one.status, one.finished_at = "sent", tx.now
