"""Mailboxes on a real IMAP server, read while connections are cut and processes killed: no mail is lost or doubled.

Two mailboxes hold some of the same mails, answers lie in another one than what they answer, and on PostgreSQL two
processes read at the same time. A long form is a drill.
"""

import os
import random
import subprocess
import sys
import time
from email.message import EmailMessage

import pytest
from crmcore_service.tables import post, received, ticket
from sqlalchemy import func, select

from crmcore.api import tables
from crmcore.testing.cutter import Cutter

FOLDERS = ("Help", "Sales")


def mail(person, number, answers="", **headers):
    made = EmailMessage()
    made["From"], made["To"] = f"Person {person} <p{person}@firm{person}.example>", "help@huaxin.example"
    made["Subject"], made["Message-ID"] = (
        f"{'Re: ' if answers else ''}Pump {person}",
        f"<{number}@firm{person}.example>",
    )
    made["Date"] = "Tue, 24 Nov 2026 09:30:00 +0800"
    if answers:
        made["In-Reply-To"] = made["References"] = answers
    for name, value in headers.items():
        made[name.replace("_", "-")] = value
    made.set_content(f"The pump PX{person} leaks for the {number}. time. 第{number}次漏水。\n")
    made.add_attachment(bytes(1000), maintype="application", subtype="octet-stream", filename="picture.bin")
    return made.as_bytes()


class Post:
    """Mails of so many people, a question and an answer each, in two folders; a tenth of them have a machine."""

    def __init__(self, server, people, chance):
        self.people, self.machines = people, people // 10
        folders = {name: [] for name in FOLDERS}
        for person in range(people):
            asks, on = mail(person, 1), mail(person, 2, f"<1@firm{person}.example>")
            away = [mail(person, 3, Auto_Submitted="auto-replied")] if person < self.machines else []
            for raw in (asks, on, *away):
                for name in chance.choice([FOLDERS[:1], FOLDERS[1:], FOLDERS]):
                    folders[name].append(raw)
        for name, mails in folders.items():
            chance.shuffle(mails)
            server.put(name, mails)


class Readers:
    """Processes that read all mailboxes, begun again whenever one ended or was killed."""

    def __init__(self, url, how_many, chance):
        self._environment = {**os.environ, "CRM_DATABASE_URL": url, "CRM_USER": "ann", "CRM_LANG": "en"}
        self._random = chance
        self.running = [self._start() for _n in range(how_many)]
        self.kills = self.ended = 0

    def _start(self):
        command = [sys.executable, "-m", "crmcore.cli", "service", "mailbox", "read"]
        return subprocess.Popen(
            command, env=self._environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )

    def kill(self):
        place = self._random.randrange(len(self.running))
        self.kills += self.running[place].poll() is None
        self.running[place].kill()
        self.running[place].communicate()
        self.running[place] = self._start()

    def go_on(self):
        """Begin those again that ended; a cut connection is told in a sentence."""
        for place, one in enumerate(self.running):
            if one.poll() is not None:
                said = one.communicate()[1]
                assert one.returncode == 0 or "cannot be read" in said, said
                assert "Traceback" not in said
                self.ended += 1
                self.running[place] = self._start()

    def end(self):
        for one in self.running:
            one.kill()
            one.communicate()


def drilled(app, run, server, tmp_path, people, kills, most):
    """Let mails be read with so many kills, until all are in; return the figures that were checked."""
    chance = random.Random(people)  # noqa: S311 # chance, not secrecy
    secret = tmp_path / "password"
    secret.write_text(server.password)
    cutter, mails = Cutter(server.port, chance, least=15_000, most=most), Post(server, people, chance)
    for name in FOLDERS:
        run(
            "service",
            "mailbox",
            "add",
            name,
            "--address",
            server.url(name, cutter.port),
            "--password",
            f"file:{secret}",
        )
    wanted, begun = people * 2 + mails.machines, time.monotonic()

    def count(table=received):
        with app.engine.connect() as connection:
            return connection.execute(select(func.count()).select_from(table)).scalar()

    readers = Readers(app.url, 1 if app.url.startswith("sqlite") else 2, chance)
    try:
        for turn in range(kills):
            while count() < wanted * 0.9 * (turn + chance.random()) / (kills + 1):
                assert time.monotonic() - begun < 3000
                readers.go_on()
                time.sleep(0.05)
            time.sleep(chance.random() * 0.3)
            readers.kill()
        while count() < wanted:
            assert time.monotonic() - begun < 3000
            readers.go_on()
            time.sleep(0.05)
        seconds = time.monotonic() - begun
    finally:
        readers.end()
        cutter.close()
    for name in FOLDERS:  # what is left is known: it was met in the other mailbox, or its position was not committed
        run("service", "mailbox", "edit", name, "--address", server.url(name))
    assert run("service", "mailbox", "read", "--json").json["kinds"] == {}
    boxes = run("service", "mailbox", "list", "--json").json
    assert sum(one["mails"] for one in boxes) == wanted
    assert [one["lost"] for one in boxes] == [0, 0]
    with app.engine.connect() as connection:
        rows = connection.execute(select(received.c.message_id, received.c.kind, received.c.ticket_id)).all()
        posts = connection.execute(select(post.c.message_id, post.c.ticket_id)).all()
    by_name = {row.message_id: row for row in rows}
    assert len(by_name) == len(rows) == wanted, "none lost, none doubled"
    assert len(posts) == people * 2, "what people wrote is said once"
    assert dict(tuple(each) for each in posts) == {
        row.message_id: row.ticket_id for row in rows if row.kind == "ticket"
    }, "where it was put"
    assert sum(row.kind == "automatic" for row in rows) == mails.machines
    for person in range(people):
        one, two = (by_name[f"{number}@firm{person}.example"].ticket_id for number in (1, 2))
        assert one == two, "an answer is where its question is, whichever came first"
    assert count(ticket) == count(tables.contact) == people
    return {
        "mails": wanted,
        "processes": readers.ended + readers.kills,
        "kills": readers.kills,
        "cuts": cutter.cuts,
        "seconds": round(seconds),
    }


@pytest.fixture
def folders(imap_server):
    yield imap_server
    for name in FOLDERS:
        imap_server.empty(name)


def test_cut_and_killed_no_mail_is_lost_or_doubled(crm_app, crm_run, folders, tmp_path):
    told = drilled(crm_app("service"), crm_run, folders, tmp_path, people=20, kills=2, most=60_000)
    assert told["cuts"] > 0


@pytest.mark.drill
def test_cut_and_killed_long_no_mail_is_lost_or_doubled(crm_app, crm_run, folders, tmp_path, capsys):
    app = crm_app("service")
    told = drilled(app, crm_run, folders, tmp_path, people=500, kills=20, most=600_000)
    with capsys.disabled():
        print(f"\n{app.engine.dialect.name}: {told}")  # noqa: T201
