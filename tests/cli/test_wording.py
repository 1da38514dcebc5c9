"""What people read at a terminal: names are taken as ids are, nothing is in two languages, lists fit 80 columns."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

Crm = Callable[..., Result]


def made(crm: Crm, *arguments: object) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(crm(*arguments, "--json").stdout)
    return found


@pytest.fixture
def pair(crm: Crm) -> tuple[int, int]:
    """Two contacts at one customer, who are one."""
    first = made(crm, "contact", "add", "Li Wei", "--customer", "Acme", "--point", "phone=+86 138 0000 0101")
    second = made(crm, "contact", "add", "Wei Lee", "--customer", "Acme", "--phone", "+86-138-0000-0101")
    return int(first["id"]), int(second["id"])


def test_history_and_merge_take_names(crm: Crm, pair: tuple[int, int]) -> None:
    assert made(crm, "history", "wei", "lee") == made(crm, "history", pair[1])
    assert "may be one of several" in crm("history", "wei", code=1).stderr
    crm("history", "0", code=2)
    done = made(crm, "contact", "merge", "Li Wei", "Wei Lee")
    assert (done["winner"], done["loser"]) == pair
    brief = crm("brief", "Acme").stdout
    assert brief.count("Li Wei") == 1
    assert "Wei Lee" not in brief
    made(crm, "contact", "unmerge", done["merge"])
    assert made(crm, "customer", "merge", "Acme", made(crm, "customer", "add", "Acme GmbH")["id"])["kept"] == {}
    assert "no contact" in crm("contact", "merge", pair[0], "Nobody", code=1).stderr


def test_a_brief_ends_with_its_last_line_and_is_in_one_language(crm: Crm, pair: tuple[int, int]) -> None:
    shown = crm("brief", "Acme", CRM_LANG="zh_CN").stdout
    assert shown.endswith("\n")
    assert not shown.endswith("\n\n")
    assert "organisation" not in shown
    assert "(customer" not in shown
    assert "contact" not in crm("contact", "show", pair[0], CRM_LANG="zh_CN").stdout
    assert crm("user", "add", "bo", CRM_LANG="zh_CN").stdout.startswith("用户 ")


def test_promises_at_80_columns_show_their_sentence_below(crm: Crm, pair: tuple[int, int]) -> None:
    said = "We will deliver all eight routers within 2 weeks."
    crm("promise", "add", "--contact", pair[0], said)
    narrow, wide = (crm("promise", "list", COLUMNS=columns).stdout for columns in ("80", "140"))
    assert "sentence" in wide
    assert said in wide
    assert "sentence" not in narrow
    assert "eight routers" in narrow
    assert max(len(line) for line in narrow.splitlines()) <= 80
    assert len(narrow.splitlines()) <= 5


def test_an_import_shows_pairs_as_duplicates_does_and_advises_what_would_help(
    crm: Crm, pair: tuple[int, int], tmp_path: Path
) -> None:
    table = tmp_path / "a.csv"
    crm("contact", "add", "Zhang Weiming", "--email", "zhang.wm@x.example", "--phone", "+86 138 0013 8000")
    table.write_text("Name,E-mail,Phone\nWeiming Zhang,zhang.wm@x.example,13800138000\n", encoding="utf-8")
    dry = crm("import", table, "--dry-run", CRM_LANG="zh_CN", COLUMNS="80")
    assert "created" not in dry.stdout
    assert "contact" not in dry.stdout
    real = crm("import", table, COLUMNS="80")
    assert "= zhang.wm@x.example" in " ".join(real.stdout.split())
    assert "possible duplicate" in real.stderr
    mail = tmp_path / "a.eml"
    mail.write_text("From: Bo <bo@y.example>\nTo: cy@y.example\nSubject: Hello\n\nHello\n", encoding="utf-8")
    assert "--people all." in crm("import", mail, "--people", "answered").stderr
