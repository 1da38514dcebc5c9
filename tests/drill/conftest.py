"""What the drills share: fresh workspaces on both databases, long files, and what a workspace holds without its ids."""

import csv
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from crmcore.engine import workspace as workspaces
from crmcore.engine.database import connect

HOLDS = {
    "contact": "SELECT name, given, family, birthday, note, details, source FROM contact",
    "contact_point": "SELECT c.source, p.kind, p.value, p.normal, p.label, p.source FROM contact_point p"
    " JOIN contact c ON c.id = p.contact_id",
    "position": "SELECT c.source, u.name, p.title, p.source FROM position p"
    " JOIN contact c ON c.id = p.contact_id JOIN customer u ON u.id = p.customer_id",
    "customer": "SELECT name, kind, details, source FROM customer",
    "external_id": "SELECT kind, scheme, value FROM external_id",
    "interaction": "SELECT channel, external_id, at, subject, body, quoted, thread, details, source FROM interaction",
    "participant": "SELECT i.external_id, p.role, p.name, p.address, p.normal FROM participant p"
    " JOIN interaction i ON i.id = p.interaction_id",
    "duplicate": "SELECT d.kind, a.source, b.source, round(CAST(d.score AS numeric), 6) FROM duplicate d"
    " JOIN contact a ON a.id = d.a JOIN contact b ON b.id = d.b",
    "rejected": "SELECT file, line, reason, raw FROM import_rejection",
    "batch": "SELECT state, counts FROM import_batch WHERE state = 'done'",
    "created": "SELECT type, count(*) FROM journal WHERE type LIKE '%.created' GROUP BY type",
}
_HEADINGS = ["Id", "First Name", "Last Name", "Company", "Title", "E-mail", "Phone", "Birthday", "Notes"]
Holdings = dict[str, list[str]]


@pytest.fixture(params=["sqlite", "postgresql"])
def fresh(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[], str]]:
    """Make new workspaces on one of the databases."""
    made: list[str] = []

    def make() -> str:
        if request.param == "sqlite":
            made.append(f"sqlite:///{tmp_path / f'crm{len(made)}.db'}")
        else:
            made.append(request.getfixturevalue("postgresql").new_database())
        workspaces.create(made[-1], login="ann", region="CN", zone="Asia/Shanghai")
        return made[-1]

    yield make
    if request.param == "postgresql":
        for url in made:
            request.getfixturevalue("postgresql").drop(url)


@pytest.fixture
def start(tmp_path: Path) -> Callable[..., subprocess.Popen[str]]:
    """Start `crm ARGS` on a workspace as a process of its own, to be killed or measured."""

    def run(url: str, *arguments: object) -> subprocess.Popen[str]:
        environment = {**os.environ, "CRM_DATABASE_URL": url, "CRM_USER": "ann", "CRM_LANG": "en"}
        return subprocess.Popen(
            [sys.executable, "-m", "crmcore.cli", *map(str, arguments)],
            env=environment, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip

    return run


@pytest.fixture(scope="session")
def holdings() -> Callable[[str], Holdings]:
    """Return what a workspace holds, without ids and times, so that two of them can be compared."""

    def read(url: str) -> Holdings:
        engine = connect(url)
        with engine.connect() as connection:
            found = {
                name: sorted(str(tuple(map(_plain, row))) for row in connection.execute(text(statement)))
                for name, statement in HOLDS.items()
            }
        engine.dispose()
        return found

    return read


def _plain(value: Any) -> str:
    return str(value)


@pytest.fixture(scope="session")
def table(tmp_path_factory: pytest.TempPathFactory) -> Callable[[int], Path]:
    """Write a table of so many people: two of a company, one in 97 with an impossible birthday, some alike."""
    made: dict[int, Path] = {}

    def write(rows: int) -> Path:
        if rows not in made:
            made[rows] = tmp_path_factory.mktemp("tables") / f"people{rows}.csv"
            with made[rows].open("w", newline="", encoding="utf-8") as file:
                writer = csv.writer(file)
                writer.writerow(_HEADINGS)
                writer.writerows(map(_row, range(rows)))
        return made[rows]

    return write


def _row(n: int) -> list[object]:
    first = ("Ann", "Bob", "Carol", "Dan", "Eve", "Frank", "Grace", "Hal", "Ida", "Jo")[n % 10] + _letters(n)
    birthday = "1980-02-30" if n % 97 == 96 else f"19{50 + n % 50}-0{1 + n % 9}-11"
    email = f"p{n}@company{n // 2}.example"
    if n % 53 == 52:  # the person before, spelt a little differently: a duplicate to propose
        first, email = first[:-1], f"p{n - 1}@company{(n - 1) // 2}.example"
    return [f"X-{n:012}", first, f"Fam{_letters(n // 7)}", f"Company {n // 2} Ltd", "Buyer", email, f"+86 138 {n:08}",
            birthday, f"met at the fair, number {n}"]  # fmt: skip


def _letters(n: int) -> str:
    text = ""
    for _place in range(4):
        n, letter = divmod(n, 26)
        text += chr(ord("a") + letter)
    return text


@pytest.fixture(scope="session")
def mailbox(tmp_path_factory: pytest.TempPathFactory) -> Callable[[int], Path]:
    """Write an mbox of so many messages, in threads of five, one in 90 without any header of a message."""

    def write(messages: int) -> Path:
        path = tmp_path_factory.mktemp("mail") / f"mail{messages}.mbox"
        with path.open("w", encoding="utf-8") as file:
            for n in range(messages):
                head = (
                    f"From: Li {_letters(n % 200)} <li{n % 200}@water.example>\nTo: ann@us.example\n"
                    f"Subject: order {n // 5}\nDate: Mon, 02 Mar 2026 {n // 60 % 24:02}:{n % 60:02}:00 +0800\n"
                    f"Message-ID: <m{n}@water.example>\n"
                    + (f"In-Reply-To: <m{n - n % 5}@water.example>\n" if n % 5 else "")
                )
                file.write(
                    f"From li@water.example Mon Mar  2 09:15:00 2026\n{'X-No: 1' + chr(10) if n % 90 == 89 else head}"
                )
                file.write(f"\nWe want {n} pumps.\n\n")
        return path

    return write
