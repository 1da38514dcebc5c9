"""Every rule has a plugin that breaks it, and nothing else: the template with one thing wrong."""

import json
import tomllib
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest

from crmcore.conformance import growth
from crmcore.conformance.examining import Examination
from crmcore.conformance.placing import placed
from crmcore.conformance.rules import LEVELS, RULES, rules
from crmcore.conformance.subject import Subject
from crmcore.scaffold.render import render

DATA = Path(__file__).parents[1] / "data" / "conformance"
VERSIONS = count(1)
WRONG = tomllib.loads((DATA / "wrong.toml").read_text(encoding="utf-8"))["wrong"]
LEVEL_OF = {rule.name: rule.level for rule in RULES}


@pytest.fixture(scope="session")
def mypy_cache() -> Path:
    """What mypy knows of crmcore already; it looks at what has changed since the last run."""
    return Path(__file__).parents[2] / ".mypy_cache" / "conformance"


@pytest.fixture
def examined(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mypy_cache: Path) -> Iterator[Callable]:
    """Examine the template after edits, up to a level; return what was said by rule."""
    monkeypatch.setenv("MYPY_CACHE_DIR", str(mypy_cache))
    numbers = count()

    def examine(level: str, edits: list[dict[str, str]], url: Callable[[], str] | None = None) -> dict[str, tuple]:
        folder = render("shipping", "Sample shipping", tmp_path, {})
        edits = [*edits, {"file": "pyproject.toml", "old": "0.1.0", "new": f"0.1.{next(VERSIONS)}"}]  # imported anew
        for edit in edits:
            text = (folder / edit["file"]).read_text(encoding="utf-8")
            assert text.count(edit["old"]) == 1, edit
            (folder / edit["file"]).write_text(text.replace(edit["old"], edit["new"]), encoding="utf-8")
        with placed(folder) as (name, places):
            made = url or (lambda: f"sqlite:///{tmp_path / f'{next(numbers)}.db'}")
            examination = Examination(Subject(name, made, places))
            results = [examination.result(rule) for rule in rules(level)]
        return {one.rule.name: one.problems for one in results if one.state == "violated"}

    return examine


def test_there_are_at_most_twenty_rules_each_with_a_plugin_that_breaks_it():
    assert len(RULES) <= 20
    assert {rule.name for rule in RULES} == {one["rule"] for one in WRONG}
    assert [rule.level for rule in RULES] == sorted((rule.level for rule in RULES), key=LEVELS.index)


def test_the_reference_names_every_rule_with_its_level():
    page = (Path(__file__).parents[2] / "docs" / "reference" / "testing.md").read_text(encoding="utf-8")
    for rule in RULES:
        assert f"| {rule.level} | `{rule.name}` |" in page


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_the_template_keeps_every_rule_on_both_databases(examined, crm_databases, tmp_path, kind):
    assert examined("gold", [], lambda: crm_databases.new(kind, tmp_path)) == {}


@pytest.mark.parametrize("wrong", WRONG, ids=lambda one: one["rule"])
def test_a_plugin_with_one_thing_wrong_breaks_that_rule_and_no_other(examined, monkeypatch, wrong):
    if wrong["rule"] != "steady":
        monkeypatch.setattr(growth, "SIZES", (2, 100))  # the others are as right with fewer rows
    broken = examined(LEVEL_OF[wrong["rule"]], wrong["edits"])
    assert set(broken) == {wrong["rule"]}, broken
    assert any(wrong["said"] in sentence for sentence in broken[wrong["rule"]]), broken
    assert all("\n" not in sentence for sentence in broken[wrong["rule"]])


def test_a_rule_that_needs_a_broken_one_is_not_asked(tmp_path):
    subject = Subject("nowhere", lambda: f"sqlite:///{tmp_path / 'a.db'}")
    results = [Examination(subject).result(rule) for rule in rules("gold")]
    assert [one.state for one in results] == ["violated", *["unasked"] * (len(RULES) - 1)]
    assert results[0].problems == ("No plugin nowhere is installed; name its folder, or `pip install --editable` it.",)


def test_the_command_names_what_is_broken_and_exits_1(crm_run, tmp_path):
    folder = render("shipping", "Sample shipping", tmp_path, {})
    done = crm_run("plugin", "check", folder)
    assert "keeps all 8 rules up to bronze" in done.err
    (folder / "pyproject.toml").write_text((folder / "pyproject.toml").read_text().replace(",<1", ""))
    done = crm_run("plugin", "check", folder, code=1)
    assert "breaks 1 rules of 8" in done.err
    assert "manifest: It requires crmcore>=0.1, without an upper end" in done.out
    (told,) = [one for one in crm_run("plugin", "check", folder, "--json", code=1).json if one["state"] != "held"]
    assert (told["rule"], told["level"], told["state"]) == ("manifest", "bronze", "violated")
    assert json.dumps(told["problems"]).count("without an upper end") == 1
    assert "is not there" in crm_run("plugin", "check", tmp_path, code=1).err
    assert "No plugin nosuch is installed" in crm_run("plugin", "check", "nosuch", code=1).out


@pytest.mark.parametrize("name", ["sales", "marketing", "service", "callcenter", "method_strategic"])
def test_the_plugins_of_the_project_keep_the_rules(crm_run, monkeypatch, mypy_cache, name):
    monkeypatch.setenv("MYPY_CACHE_DIR", str(mypy_cache))
    assert crm_run("plugin", "check", name, "--level", "gold").code == 0
