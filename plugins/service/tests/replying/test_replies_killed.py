"""The sender of answers, killed at random moments while its connections are cut: nobody gets an answer twice.

Nothing is lost: what did not leave waits, and what nobody knows is told by its number. A long form is a drill.
"""

import os
import random
import subprocess
import sys
import time
from collections import Counter

import pytest
from crmcore_service.model.ticket import Ticket
from crmcore_service.replying.queueing import reply
from crmcore_service.tables import outgoing, post, ticket
from sqlalchemy import func, select

from crmcore.api import Contact, ContactPoint, run_job, tables
from crmcore.testing.cutter import Cutter

WAITING = ("queued", "deferred", "sending")
MOST = 3


class Drill:
    """An answer to each of many people, acknowledgements to one machine, and workers that send them."""

    def __init__(self, office, server, wanted, cut_after):
        self.office, self.server = office, server
        self.random = random.Random(wanted)  # noqa: S311 # chance, not secrecy
        self.workers = 1 if office.app.url.startswith("sqlite") else 2
        self.cutter = Cutter(server.port, self.random, least=600, most=cut_after)
        self.running, self.kills = [], 0
        self.set("service.from", "support@huaxin.example")
        self.set("service.acknowledge_most", MOST)
        self.set("mail.smtp", f"smtp://127.0.0.1:{self.cutter.port}")
        self.people = self._people(wanted)
        now = office.clock.now
        tickets = [Ticket(subject="Pump", opened_at=now, contact_id=one) for one in self.people]
        machine = self.people[0]
        asked = [Ticket(subject="Machine", opened_at=now, contact_id=machine) for _n in range(MOST * 3)]
        office.insert(*tickets, *asked)
        self.tickets = {one.id for one in tickets}
        with office.app.transaction(cause="a test") as tx:
            for one in asked:
                reply(tx, one.id, "We have it: {number}.", kind="acknowledgement")
            for one in tickets:
                reply(tx, one.id, "We are on it.")

    def set(self, name, value):
        self.office.crm("setting", "set", name, value, user="ann")

    def _people(self, wanted):
        more = [Contact(name=f"Person {place}") for place in range(max(0, wanted - len(self.office.contacts)))]
        self.office.insert(*more)
        mails = {one.id: f"{one.id}@more.example" for one in more}
        self.office.insert(
            *[ContactPoint(contact_id=key, kind="email", value=mail, normal=mail) for key, mail in mails.items()]
        )
        return [*self.office.contacts, *[one.id for one in more]][:wanted]

    def start(self):
        environment = {**os.environ, "CRM_DATABASE_URL": self.office.app.url, "CRM_USER": "ann", "CRM_LANG": "en"}
        command = [sys.executable, "-m", "crmcore.cli", "worker", "--poll", "0.05"]
        self.running.append(subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True))

    def end(self):
        for one in self.running:
            assert one.poll() is None, one.communicate()
            one.kill()
            one.communicate()
        self.running = []

    def kill(self):
        one = self.running.pop(self.random.randrange(len(self.running)))
        assert one.poll() is None, one.communicate()
        one.kill()
        one.communicate()
        self.kills += 1

    def rows(self, statement):
        with self.office.app.engine.connect() as connection:
            return connection.execute(statement).all()

    def waiting(self):
        return self.rows(select(func.count()).where(outgoing.c.status.in_(WAITING)))[0][0]

    def wait_for(self, condition):
        ends = time.monotonic() + 1_500
        while not condition():
            assert time.monotonic() < ends, "it took too long"
            time.sleep(0.05)

    def run(self, kills):
        """Kill so many times, each after a share of the mails; then let the rest leave, uncut."""
        share = len(self.people) * 0.7 / (kills + 1)
        try:
            for _n in range(self.workers):
                self.start()
            for turn in range(kills):
                wanted = share * (turn + self.random.random())
                self.wait_for(lambda wanted=wanted: self.server.count() >= wanted)
                time.sleep(self.random.random() * 0.1)
                self.kill()
                self.start()
            self.wait_for(lambda: self.server.count() >= share * kills)
        finally:
            self.end()
            self.kills += self.workers
            self.cutter.close()
        self.set("mail.smtp", self.server.url)
        self.office.clock.advance(hours=9)
        assert run_job(self.office.app, "service", "replies") is False
        assert self.waiting() == 0

    def check(self):
        c, p = outgoing.c, post.c
        kept = self.rows(select(c.id, c.status, c.kind, c.message_id, c.interaction_id, c.ticket_id))
        arrived = Counter(mail["Message-ID"].strip("<>") for mail in self.server.received())
        assert [one for one, times in arrived.items() if times > 1] == [], "nobody gets one twice"
        by = {one: {row.message_id: row for row in kept if row.status == one} for one in {row.status for row in kept}}
        sent, unknown, withheld = by["sent"], by.get("unknown", {}), by.get("withheld", {})
        assert sent.keys() - arrived.keys() == set(), "what is said to be sent has arrived"
        assert arrived.keys() - sent.keys() <= unknown.keys(), "what arrived is sent, or known to be unknown"
        answers = {row.message_id for row in kept if row.kind == "reply"}
        assert answers == {one for one in (*sent, *unknown) if one in answers}, "every answer left, or is told"
        assert len(unknown) <= self.kills + self.cutter.cuts, "at most one for each kill or cut"
        machine = [one for one in (*sent, *unknown) if one not in answers]
        assert len(machine) == MOST, "so many for an address, whoever counted"
        assert len(withheld) == MOST * 2
        posts = {row.message_id: row for row in self.rows(select(p.message_id, p.interaction_id, p.ticket_id))}
        assert posts.keys() == sent.keys(), "what was sent, and only that, is in the thread"
        assert all(posts[one].ticket_id == row.ticket_id for one, row in sent.items())
        assert all(posts[one].interaction_id == row.interaction_id for one, row in sent.items())
        i, t, k = tables.interaction.c, ticket.c, tables.task.c
        assert self.rows(select(func.count()).where(i.external_id.in_(sent)))[0][0] == len(sent)
        responded = {row.id for row in self.rows(select(t.id).where(t.responded_at.is_not(None)))}
        assert responded == {row.ticket_id for row in sent.values() if row.kind == "reply"}
        tasks = self.rows(select(func.count()).where(k.subject.contains("nobody knows whether")))[0][0]
        assert tasks == len(unknown), "somebody has the task to find out"
        told = self.office.json("service", "outgoing", "list", "--status", "unknown", "--limit", 1000, user="sam")
        assert {one["id"] for one in told} == {row.id for row in unknown.values()}
        return {
            "sent": len(sent), "unknown": len(unknown), "withheld": len(withheld), "kills": self.kills,
            "cuts": self.cutter.cuts,
        }  # fmt: skip


def test_killed_and_cut_while_answers_leave(office, mail_server):
    drill = Drill(office, mail_server, 24, cut_after=2_500)
    drill.run(kills=2)
    told = drill.check()
    assert told["cuts"] > 0
    assert told["sent"] > 5


@pytest.mark.drill
def test_killed_twenty_times_in_2_000_answers(office, mail_server, capsys):
    drill = Drill(office, mail_server, 2_000, cut_after=60_000)
    begun = time.monotonic()
    drill.run(kills=20)
    seconds = time.monotonic() - begun
    told = drill.check()
    with capsys.disabled():
        print(f"\n{office.app.engine.dialect.name}: {told}, {told['sent'] / seconds:.0f} answers/s")  # noqa: T201
