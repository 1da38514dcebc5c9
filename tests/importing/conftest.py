"""What the tests of importing share: running an import and adding up, a dump of all tables, files of every format."""

import csv
import json
import mailbox
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from openpyxl import Workbook
from sqlalchemy import create_engine, inspect, text

from crmcore.engine.database import connect

LEDGER = {"journal", "import_batch", "import_change", "import_rejection", "counter", "core_version", "hook_time"}
STAMPS = {"version", "updated_at"}
COUNTS = ("created", "updated", "unchanged", "rejected")
Dump = dict[str, list[tuple[object, ...]]]


@pytest.fixture
def imported(crm: Callable[..., Result]) -> Callable[..., dict[str, Any]]:
    """Run `crm import ARGS --json` and return its document; the counts must add up, every time."""

    def run(*arguments: object, code: int = 0) -> dict[str, Any]:
        said: dict[str, Any] = json.loads(crm("import", *arguments, "--json", code=code).stdout)
        assert said["read"] == sum(said[name] for name in COUNTS), said
        assert len(said["rejections"]) == said["rejected"]
        assert all({"file", "line", "reason"} <= set(one) for one in said["rejections"])
        return said

    return run


@pytest.fixture
def counts(imported: Callable[..., dict[str, Any]]) -> Callable[..., dict[str, int]]:
    """Run an import and return only what it counted, without what is nought."""

    def run(*arguments: object, code: int = 0) -> dict[str, int]:
        said = imported(*arguments, code=code)
        return {name: said[name] for name in ("read", *COUNTS) if said[name]}

    return run


@pytest.fixture
def listed(crm: Callable[..., Result]) -> Callable[..., list[dict[str, Any]]]:
    """Return what `crm WORDS --limit 10000 --json` lists."""

    def run(*words: object) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = json.loads(crm(*words, "--limit", 10_000, "--json").stdout)
        return found

    return run


@pytest.fixture
def dump(workspace: str) -> Callable[..., Dump]:
    """Return every row of every table but the journal, the import ledger, the counter of ids and how long hooks took.

    `stamps` says whether versions and times of change count, which an undo moves on as any edit does.
    """

    def read(*, stamps: bool = True) -> Dump:
        engine = connect(workspace)
        found: Dump = {}
        with engine.connect() as connection:
            for table in sorted(inspect(connection).get_table_names()):
                if table in LEDGER or table.startswith(("name_index_", "text_index_")):
                    continue
                names = [one["name"] for one in inspect(connection).get_columns(table)] or ["rowid", "terms"]
                wanted = [name for name in names if stamps or name not in STAMPS]
                rows = connection.execute(text(f"SELECT {', '.join(map(_quoted, wanted))} FROM {table}"))
                found[table] = sorted(tuple(map(str, row)) for row in rows)
        engine.dispose()
        return found

    return read


def _quoted(name: str) -> str:
    return name if name == "rowid" else f'"{name}"'


@pytest.fixture
def query(workspace: str) -> Callable[[str], list[tuple[Any, ...]]]:
    """Run one SELECT on the workspace's own tables."""

    def run(statement: str) -> list[tuple[Any, ...]]:
        engine = connect(workspace)
        with engine.connect() as connection:
            rows = [tuple(row) for row in connection.execute(text(statement))]
        engine.dispose()
        return rows

    return run


class Maker:
    """Writes small files of every format into a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def text(self, name: str, *lines: str) -> Path:
        path = self.folder / name
        path.write_bytes("\r\n".join([*lines, ""]).encode())
        return path

    def csv(self, name: str, heading: str, rows: Iterable[Sequence[object]]) -> Path:
        path = self.folder / name
        with path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(heading.split(","))
            writer.writerows(rows)
        return path

    def people(self, count: int, name: str = "people.csv") -> Path:
        """A table of people with everything: id, name, company, title, address, number, birthday, two of a company."""
        return self.csv(
            name,
            "Id,Name,Company,Title,E-mail,Phone,Birthday,Notes",
            (
                (
                    f"X-{n:012}",
                    f"{_FAMILY[n % 10]}{_GIVEN[n // 10 % 10]} {n}" if n % 2 else f"{_FIRST[n % 10]} Person{n}",
                    f"Company {n // 2} Ltd",
                    "Buyer",
                    f"person{n}@company{n // 2}.example",
                    f"+86 138 {n:08}",
                    "1980-02-30" if n % 97 == 96 else f"19{50 + n % 50}-0{1 + n % 9}-11",
                    f"met at the fair, number {n}",
                )
                for n in range(count)
            ),
        )

    def xlsx(self, name: str, heading: str, rows: Iterable[Sequence[object]]) -> Path:
        book = Workbook()
        sheet = book.active
        sheet.append(heading.split(","))
        for row in rows:
            sheet.append(list(row))
        book.save(self.folder / name)
        return self.folder / name

    def cards(self, name: str, *cards: str) -> Path:
        """vCards, each given as its lines parted by a bar: `N:Li;Wei|EMAIL:li@x.example`."""
        lines = [line for card in cards for line in ("BEGIN:VCARD", "VERSION:4.0", *card.split("|"), "END:VCARD")]
        return self.text(name, *lines)

    def calendar(self, name: str, *events: str) -> Path:
        """A calendar of events, each given as its lines parted by a bar."""
        body = [line for event in events for line in ("BEGIN:VEVENT", *event.split("|"), "END:VEVENT")]
        return self.text(name, "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//t//t//EN", *body, "END:VCALENDAR")

    @staticmethod
    def mail(number: int, *headers: str, body: str = "") -> bytes:
        """One message with an id of its own; a header given replaces that of the same name."""
        given = {line.partition(":")[0].casefold(): line for line in headers}
        usual = (
            f"From: Li Wei <li{number}@water.example>",
            "To: ann@us.example",
            f"Subject: order {number}",
            f"Date: Mon, 02 Mar 2026 09:{number % 60:02}:00 +0800",
            f"Message-ID: <m{number}@water.example>",
        )
        lines = [given.pop(line.partition(":")[0].casefold(), line) for line in usual]
        text = body or f"We want {number} pumps.\n\nOn Sunday Ann wrote:\n> what do you want?\n"
        return "\n".join([*lines, *given.values(), "", text]).encode()

    def eml(self, name: str, message: bytes) -> Path:
        (self.folder / name).write_bytes(message)
        return self.folder / name

    def mbox(self, name: str, messages: Iterable[bytes]) -> Path:
        with (self.folder / name).open("wb") as file:
            for message in messages:
                file.write(b"From li@water.example Mon Mar  2 09:15:00 2026\n" + message + b"\n")
        return self.folder / name

    def maildir(self, name: str, messages: Iterable[bytes]) -> Path:
        box = mailbox.Maildir(self.folder / name)
        for message in messages:
            box.add(message)
        return self.folder / name


_FAMILY = "王李张刘陈杨黄赵吴周"
_GIVEN = ("伟", "芳", "娜", "敏", "静", "丽", "强", "磊", "军", "洋")
_FIRST = ("Ann", "Bob", "Carol", "Dan", "Eve", "Frank", "Grace", "Hal", "Ida", "Jo")


@pytest.fixture
def make(tmp_path: Path) -> Maker:
    """Writes files to import."""
    folder = tmp_path / "in"
    folder.mkdir()
    return Maker(folder)


@pytest.fixture
def foreign_database(tmp_path: Path) -> Path:
    """A SQLite file of another program."""
    path = tmp_path / "other.db"
    engine = create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE bookmarks (id INTEGER PRIMARY KEY, url TEXT)"))
    engine.dispose()
    return path
