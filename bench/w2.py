"""W2: an import of contacts from a CSV file: read, normalised, compared with what is there, journalled, undoable.

The floor reads the file with the csv module, folds addresses and numbers by the simplest means, and inserts contacts
and points by executemany in one transaction. A fiftieth of the rows are there twice.
"""

import csv
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bench import data, floor
from bench.load import START
from bench.place import LOGIN, Place, workspace
from bench.raw import Raw
from bench.result import Result
from bench.scale import Scale
from bench.timing import Times, compared, timed
from crmcore.app import App
from crmcore.importing.context import Options
from crmcore.importing.run import Import

GOAL, ROWS_A_SECOND = 8.0, 10_000
_TWICE = 50


def run(place: Place, scale: Scale) -> Iterator[Result]:
    """Measure W2: a new workspace and a new file of the floor's in each round."""
    with tempfile.TemporaryDirectory(prefix="crm-bench-") as home:
        path = Path(home) / "contacts.csv"
        _write(path, scale.import_rows)
        by_hand, ours = Times(wall=[], cpu=[]), Times(wall=[], cpu=[])
        for _ in range(scale.import_rounds):
            by_hand.add([_by_hand(place, path)])
            ours.add([_by_import(place, path, scale.import_rows)])
    rate = scale.import_rows / ours.median
    note = f"{rate:,.0f} rows/s of {scale.import_rows:,}; the floor {scale.import_rows / by_hand.median:,.0f}"
    yield compared("W2 import of contacts", place.database, by_hand, ours, GOAL, note)
    yield Result(
        work="W2 time for 10,000 rows", database=place.database, ours=ROWS_A_SECOND / rate, goal=1.0, unit="s",
        note=f"the goal is {ROWS_A_SECOND:,} rows/s",
    )  # fmt: skip


def _write(path: Path, rows: int) -> None:
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(["Name", "E-mail", "Phone", "Birthday", "Note"])
        for place, name in enumerate(data.people(rows, seed=3)):
            twin = place % _TWICE == _TWICE - 1
            if not twin:
                row = [name, data.address(place), data.number(place), f"19{place % 50 + 50}-04-{place % 28 + 1:02}", ""]
            writer.writerow(row)


def _by_import(place: Place, path: Path, rows: int) -> tuple[float, float]:
    url = workspace(place)
    app = App(url)
    work = Import(app, app.actor(LOGIN), [path], Options(), "bench")
    seconds = timed(work.run)
    counts = work.report.counts()
    if counts["created"] + counts["unchanged"] != rows or counts["unchanged"] != rows // _TWICE:
        raise RuntimeError(f"the import did not do its work: {counts}")
    app.close()
    place.drop(url)
    return seconds


def _by_hand(place: Place, path: Path) -> tuple[float, float]:
    url = place.empty()
    raw = Raw(url)
    floor.create(raw)
    seconds = timed(lambda: _insert(raw, path))
    raw.close()
    place.drop(url)
    return seconds


def _insert(raw: Raw, path: Path) -> None:
    contacts, points = [], []
    with path.open(newline="", encoding="utf-8") as stream:
        for key, row in enumerate(csv.DictReader(stream), 1):
            contacts.append((key, row["Name"], row["Name"].casefold(), START.isoformat(" ")))
            mail, phone = row["E-mail"], row["Phone"]
            points.append((key, "email", mail, mail.strip().casefold()))
            points.append((key, "phone", phone, "".join(filter(str.isdigit, phone))))
    raw.execute(raw.begin)
    raw.many(raw.sql("INSERT INTO floor_contact (id, name, search, created_at) VALUES (?, ?, ?, ?)"), contacts)
    raw.many(raw.sql("INSERT INTO floor_contact_point (contact_id, kind, value, normal) VALUES (?, ?, ?, ?)"), points)
    raw.execute("COMMIT")
