"""A ticket's life under whatever is done to it, in any order: what must always hold holds after each step."""

from collections import Counter, defaultdict
from contextlib import suppress
from datetime import timedelta
from random import Random

import pytest
from crmcore_service.levels.keeping import Wanted, add
from crmcore_service.levels.saying import target_said
from crmcore_service.model.queue import TicketQueue
from crmcore_service.model.ticket import Ticket
from crmcore_service.tables import pause, post, ticket
from crmcore_service.tickets.answering import answered, note
from crmcore_service.tickets.closing import due
from crmcore_service.tickets.correcting import merge, put_elsewhere, split
from crmcore_service.tickets.moving import assign_to, close, reopen, resolve, wait
from crmcore_service.tickets.posts import Said, written
from crmcore_service.tickets.receiving import Request, receive
from sqlalchemy import select

from crmcore.api import InvalidInput, NotFound, deliver, move, tables

MATTERS = (
    "the pump leaks oil", "the invoice shows a wrong amount", "空压机漏油", "发票开错了", "any news?", "thank you",
    "a manual for the valve is missing", "什么时候有消息",
)  # fmt: skip
STEPS, SEEDS = 50, (1, 2)


class Life:
    """People ask, we answer, wait, resolve, correct; time goes on."""

    def __init__(self, office, seed):
        self.office, self.random = office, Random(seed)  # noqa: S311 # test data
        self.now = office.clock.now
        self.people = [*office.staff[0][:2], *office.staff[1][:2]]
        with office.at(self.now, user="ann") as tx:
            targets = [target_said(one) for one in ("owner=15m", "response=4h", "resolution=2d")]
            level = add(tx, Wanted(name="Usual", targets=tuple(targets)))
            self.queue = tx.add(TicketQueue(name="Help", level_id=level.id)).id

    def step(self):
        """Do something to some ticket; what is refused is refused with a reason, and changes nothing."""
        self.now += timedelta(minutes=self.random.choice((0, 1, 30, 300, 3_000)))
        act = self.random.choice(
            (self.ask, self.ask, self.ask, self.answer, self.note, self.wait, self.resolve, self.close, self.reopen,
             self.assign, self.merge, self.split, self.put_elsewhere, self.move, self.sweep)
        )  # fmt: skip
        with suppress(InvalidInput, NotFound), self.office.at(self.now, user="mei") as tx:
            act(tx)
        if act == self.move:
            self.office.clock.set(self.now)
            deliver(self.office.app)
        return act.__name__

    def any(self, tx):
        return tx.get(
            Ticket, self.random.choice([row.id for row in tx.rows(select(ticket.c.id).order_by(ticket.c.id))] or [0])
        )

    def ask(self, tx):
        who, text = self.random.choice(self.people), self.random.choice(MATTERS)
        channel = self.random.choice(("call", "email", "form", "chat"))
        receive(tx, Request(channel=channel, at=self.now, text=text, contact_id=who, queue_id=self.queue))

    def answer(self, tx):
        one = self.any(tx)
        said = written(tx, Said(channel="email", at=self.now, text="We look at it.", direction="out"))
        answered(tx, one, self.now, said, automatic=self.random.random() < 0.3)

    def note(self, tx):
        note(tx, self.any(tx), "seen", self.now)

    def wait(self, tx):
        wait(tx, self.any(tx), self.now, for_us=self.random.random() < 0.5)

    def resolve(self, tx):
        resolve(tx, self.any(tx), "done", at=self.now)

    def close(self, tx):
        close(tx, self.any(tx), self.now, cancelled=self.random.random() < 0.3)

    def reopen(self, tx):
        reopen(tx, self.any(tx), self.now)

    def assign(self, tx):
        assign_to(tx, self.any(tx), self.random.choice((None, *self.office.users.values())), self.now)

    def merge(self, tx):
        merge(tx, self.any(tx), self.any(tx))

    def split(self, tx):
        one = self.any(tx)
        said = [
            row.interaction_id
            for row in tx.rows(select(post.c.interaction_id).where(post.c.ticket_id == one.id).order_by(post.c.id))
        ]
        split(tx, one, self.random.sample(said, self.random.randrange(len(said) + 1)))

    def put_elsewhere(self, tx):
        said = [row.interaction_id for row in tx.rows(select(post.c.interaction_id).order_by(post.c.id))]
        put_elsewhere(tx, self.random.choice(said or [0]), self.any(tx))

    def move(self, tx):
        """As `crm process move` or an automation does it, past the commands of service."""
        one = self.any(tx)
        if one.merged_into_id is None and one.closed_at is None:
            move(tx, one, self.random.choice(("open", "waiting", "on_hold", "resolved", "closed")))

    def sweep(self, tx):
        for key in due(tx):
            close(tx, tx.get(Ticket, key))

    def check(self):
        """What always holds."""
        with self.office.app.read() as reader:
            rows = {row.id: row for row in reader.rows(select(ticket))}
            posts = reader.rows(
                select(post.c.ticket_id, post.c.interaction_id, post.c.channel, tables.interaction.c.customer_id).join(
                    tables.interaction, tables.interaction.c.id == post.c.interaction_id
                )
            )
            asked = reader.rows(select(tables.interaction.c.id).where(tables.interaction.c.source.in_(("a test",))))
            stays = defaultdict(list)
            for row in reader.rows(select(pause).order_by(pause.c.starts_at, pause.c.id)):
                stays[row.ticket_id].append(row)
        assert set(Counter(row.interaction_id for row in posts).values()) <= {1}
        assert {row.id for row in asked} == {row.interaction_id for row in posts}, "all that was said is in a ticket"
        threads = Counter(row.ticket_id for row in posts)
        for row in posts:
            assert row.customer_id in (None, rows[row.ticket_id].customer_id), "never across customers"
        for key, one in rows.items():
            merged = one.merged_into_id is not None
            assert bool(threads[key]) is not merged, "a thread is of a ticket that goes on, and each has one"
            assert (one.closed_at is not None) == (one.status in ("closed", "cancelled")), one.status
            over = one.status in ("resolved", "closed")
            assert (one.resolved_at is not None) == over or one.status == "cancelled", one.status
            if merged:
                assert (one.closed_at is not None, rows[one.merged_into_id].merged_into_id) == (True, None)
            self.check_clocks(one, stays[key])

    def check_clocks(self, one, stays):
        standing = one.status in ("waiting", "on_hold")
        assert (one.paused_at is not None) == standing, one.status
        running = [row for row in stays if row.ends_at is None]
        assert [row.state for row in running] == ([one.status] if standing else []), (one.status, running)
        assert all(row.ends_at is None or row.starts_at <= row.ends_at for row in stays)
        live = one.closed_at is None and one.resolved_at is None
        if live and not standing:
            assert one.resolution_due is not None
        if live and standing:
            assert (one.resolution_due is None) == ("resolution" in one.remaining)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_life_of_random_steps_keeps_what_must_hold(office, seed):
    life, done = Life(office, seed), []
    for _step in range(STEPS):
        done.append(life.step())
        try:
            life.check()
        except AssertionError as failed:
            raise AssertionError(f"after {done[-6:]}: {failed}") from failed
    assert len(set(done)) >= 10
