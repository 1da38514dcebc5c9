"""`crm demo`: the main job from end to end on bundled data (the issue's main job; S0-06, S1-01, S1-V21 on the way)."""

import json
import re
import shlex
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from crmcore.cli import crm as command

TUESDAY = "2026-11-24T10:00+08:00"


def chapter(text: str, typed: str) -> str:
    """What was printed below the first command line that begins so."""
    return text.partition(f"\n$ {typed}")[2].partition("\n$ ")[0]


@pytest.fixture
def typed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """Run `crm ARGS` where there is no workspace yet, as ann."""
    monkeypatch.chdir(tmp_path)
    environment = {"CRM_DATABASE_URL": None, "CRM_USER": "ann", "CRM_LANG": "en", "COLUMNS": "160", "CRM_NOW": TUESDAY}

    def run(*arguments: str, **extra: str) -> str:
        result = CliRunner().invoke(command, arguments, env={**environment, **extra})
        assert result.exit_code == 0, f"{result.output}\n{result.exception!r}"
        return result.output

    return run


@pytest.fixture
def told(typed: Callable[..., str]) -> str:
    begun = time.monotonic()
    text = typed("demo", "--into", "new")
    assert time.monotonic() - begun < 60
    return text


@pytest.mark.row("S0-06")
def test_the_main_job_runs_from_files_to_a_list_of_calls(told: str, typed: Callable[..., str]) -> None:
    assert re.search(r"\b44 +44 +0 +0 +0\b", chapter(told, "crm import ann-phone.vcf"))
    assert "Nothing was changed" in chapter(told, "crm import --dry-run")
    assert "canton-fair.csv  20" in chapter(told, "crm import liu-old-phone.vcf")
    assert re.search(r"\b59 +59 +0 +0 +0\b", chapter(told, "crm import mail.mbox"))
    assert "李伟" in chapter(told, "crm duplicates show")
    assert re.search(r"records merged +5\b", chapter(told, "crm duplicates merge"))
    assert "due Fri 2026-11-27" in chapter(told, 'crm log "Li Wei')
    assert "40 min" in chapter(told, "crm --user wang log")
    promises = chapter(told, "crm promise list")
    assert "⚠" in promises
    assert "两周内交货" in promises
    due = chapter(told, "crm due")
    assert "overdue" in due
    assert "today" in due
    assert "this week" in due
    assert "Timeline (11)" in chapter(told, "crm brief")
    assert "九月货款" in chapter(told, "crm search")
    called, _title, left_out = chapter(told, "crm call-list").partition("Left out")
    assert "彭博" in called
    assert "no calls before 10:00" in left_out
    assert "Contacts that count in figures" in chapter(told, "crm quality")
    rest = told.partition("What to try next")[2]
    assert "cd new" in rest
    tries = re.findall(r"^  crm ((?:brief|contact) .+?)  +\w", rest, re.MULTILINE)
    assert len(tries) == 2
    for tried in tries:
        assert typed("--db", "sqlite:///new/crm.db", *shlex.split(tried))
    found = json.loads(typed("--db", "sqlite:///new/crm.db", "contact", "list", "--json", "--limit", "1000"))
    assert 50 <= len(found) <= 60
    assert len([one for one in found if one["name"] in ("李伟", "Li Wei")]) == 1


def test_your_own_workspace_is_not_touched_and_a_folder_in_use_is_refused(crm: Callable[..., Result]) -> None:
    before = crm("contact", "list", "--json").output
    Path("mine").mkdir()
    Path("mine/notes.txt").write_text("mine")
    refused = crm("demo", "--into", "mine", code=1)
    assert "not empty" in refused.output
    assert [path.name for path in Path("mine").iterdir()] == ["notes.txt"]
    assert crm("contact", "list", "--json").output == before


def test_without_a_folder_nothing_is_left_behind(
    typed: Callable[..., str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "tmp"
    place.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(place))
    text = typed("demo")
    assert "This workspace is gone now" in text
    assert list(place.iterdir()) == []


@pytest.mark.parametrize("today", ["2026-11-21T23:30+08:00", "2026-12-31T08:00+08:00", "2027-03-01T12:00+08:00"])
def test_something_is_due_whatever_the_day(typed: Callable[..., str], today: str) -> None:
    text = typed("demo", "--into", "new", CRM_NOW=today)
    due = chapter(text, "crm due")
    assert "overdue" in due
    assert "today" in due
    assert "⚠" in chapter(text, "crm promise list")
    assert "Left out" in chapter(text, "crm call-list")
