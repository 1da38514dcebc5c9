"""The files of the demonstration: dated around today, realistic, and nobody's."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmcore.app import App
from crmcore.demo.files import FILES, dated, working_day, write_files
from crmcore.hooks.formats import Source
from crmcore.model.incoming import IncomingContact, IncomingInteraction, IncomingTask, Rejection

TUESDAY = date(2026, 11, 24)


def test_dates_are_written_as_each_kind_of_file_has_them() -> None:
    text = b"{{mail -1 09:30 +0800}}|{{mbox -1 09:30}}|{{ics 1 10:00}}|{{icsday 0}}|{{day -2}}|{{long -2}}"
    assert dated(text, TUESDAY).decode().split("|") == [
        "Mon, 23 Nov 2026 09:30:00 +0800",
        "Mon Nov 23 09:30:00 2026",
        "20261125T100000",
        "20261124",
        "2026-11-20",
        "Fri, 20 Nov 2026",
    ]


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(-60, 60))
def test_working_days_are_working_days_in_order(today: date, days: int) -> None:
    found = working_day(today, days)
    if days == 0:
        assert found == today
        return
    assert found.weekday() < 5
    first, last = sorted((today, found))
    between = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    counted = [day for day in between if day.weekday() < 5 and day != today]
    assert len(counted) == abs(days)


@pytest.fixture
def records(app: App, tmp_path: Path) -> Callable[[str], list]:
    write_files(tmp_path, TUESDAY)
    formats = app.dispatcher.declared("crm_formats")

    def read(name: str) -> list:
        path = tmp_path / name
        best = max(formats, key=lambda one: one.sniff(path.read_bytes()[:65536], name))
        return list(best.read(Source(path=path, options={})))

    return read


def test_every_file_is_read_as_what_it_is_with_no_mark_left(records: Callable[[str], list], tmp_path: Path) -> None:
    read = {name: records(name) for name in FILES}
    assert not [name for name in FILES if b"{{" in (tmp_path / name).read_bytes()]
    contacts = [one for found in read.values() for one in found if isinstance(one, IncomingContact)]
    assert len({one.name for one in contacts}) >= 55
    assert len({one.organisation for one in contacts}) >= 20
    mails, meetings = read["mail.mbox"], read["calendar.ics"]
    assert len(mails) == 42
    assert all(isinstance(one, IncomingInteraction) and one.at and one.participants for one in mails)
    assert sum(bool(one.thread) for one in mails) >= 25
    assert sum(bool(re.search(r"[\u4e00-\u9fff]", one.body)) for one in mails) >= 15
    assert not [one.subject for one in mails if one.extra.get("defects")]
    assert not [one.subject for one in mails if ">" in one.body]
    assert sum(isinstance(one, IncomingInteraction) for one in meetings) == 12
    assert {one.due for one in meetings if isinstance(one, IncomingTask)} >= {TUESDAY, date(2026, 11, 20)}
    assert [one.line for found in read.values() for one in found if isinstance(one, Rejection)] == [20]


def test_names_survive_the_encodings_they_are_written_in(records: Callable[[str], list]) -> None:
    assert {"朴哲", "梁仪"} <= {one.name for one in records("liu-old-phone.vcf")}
    assert {"彭博", "魏来"} <= {one.name for one in records("canton-fair.csv") if isinstance(one, IncomingContact)}
    assert "九月货款" in {one.subject for one in records("mail.mbox")}


def test_nobody_real_is_in_the_files(tmp_path: Path) -> None:
    for path in write_files(tmp_path, TUESDAY):
        hosts = re.findall(rb"[\w.+-]+@([\w.-]+)", re.sub(rb"=\n|\r\n ", b"", path.read_bytes()))
        real = [host for host in hosts if not re.search(rb"(?:^|\.)example\.(?:com|cn|org)$", host)]
        assert not real, path.name
