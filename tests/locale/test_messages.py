"""The Chinese catalogue is complete, agrees with the code, and is what programs read."""

import gettext
import os
import string
import subprocess
import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from crmcore.matching.weights import WEIGHTS
from crmcore.model.party import POINT_KINDS

TOPICS = ("delivery", "quote", "discount", "installation", "payment", "document", "call", "visit", "other")

LOCALE = Path(__file__).parents[2] / "crmcore" / "locale"


_SPEC = spec_from_file_location("messages", LOCALE / "messages.py")
_TOOL = module_from_spec(_SPEC)
_SPEC.loader.exec_module(_TOOL)


@pytest.fixture
def messages() -> ModuleType:
    return _TOOL


@pytest.fixture(params=_TOOL.books(), ids=lambda book: book.package.name)
def book(request: pytest.FixtureRequest) -> Any:
    """The messages of the core, and those of each plugin beside it."""
    return request.param


def test_every_message_of_the_code_is_in_the_catalogue_and_no_other(messages: ModuleType, book: Any) -> None:
    wanted = {one.id for one in messages.extracted(book) if one.id}
    held = {one.id for one in messages.stored(book) if one.id}
    assert len(wanted) > (500 if book is messages.CORE else 0)
    assert sorted(wanted - held) == [], "run `make messages` and translate"
    assert sorted(held - wanted) == [], "run `make messages`"


def test_everything_is_translated_and_nothing_guessed(messages: ModuleType, book: Any) -> None:
    assert [one.id for one in messages.missing(messages.stored(book))] == []


def _fields(text: str) -> list[tuple[str, str, str]]:
    return sorted(
        (name, spec or "", conversion or "") for _text, name, spec, conversion in string.Formatter().parse(text) if name
    )


def test_placeholders_agree(messages: ModuleType, book: Any) -> None:
    wrong = [
        one.id for one in messages.stored(book) if one.id and "{" in one.id and _fields(one.id) != _fields(one.string)
    ]
    assert wrong == []


def test_commands_options_and_blanks_at_the_edges_agree(messages: ModuleType, book: Any) -> None:
    for one in messages.stored(book):
        if not one.id:
            continue
        assert one.string == one.string.strip() or one.id != one.id.strip(), one.id
        assert one.id.count("\n\n") == one.string.count("\n\n"), one.id
        for word in one.id.replace("`", " ").split():
            if word.startswith("--") and word.strip("-.,:;)").isascii():
                assert word.strip(".,:;)") in one.string, (one.id, word)


def test_the_compiled_catalogue_is_not_stale(messages: ModuleType, book: Any) -> None:
    assert book.compiled.read_bytes() == messages.compiled(messages.stored(book)), "run `make messages`"


def test_words_that_are_stored_and_shown_are_translated() -> None:
    chinese = gettext.translation("crmcore", LOCALE, ["zh_CN"])
    shown = [*POINT_KINDS, *WEIGHTS, *TOPICS]
    assert [word for word in shown if chinese.gettext(word) == word] == []


def _crm(*arguments: str, language: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "crmcore.cli", *arguments],
        env={**os.environ, "CRM_LANG": language, "COLUMNS": "100"}, capture_output=True, text=True, encoding="utf-8",
        check=False,
    )  # fmt: skip
    return done.stdout + done.stderr


def test_help_and_refusals_are_in_the_users_language_click_included() -> None:
    shown = _crm("contact", "--help", language="zh_CN.UTF-8")
    assert "用法：" in shown
    assert "选项" in shown
    assert "添加名为 NAME 的联系人" in shown
    assert "显示本说明后退出" in shown
    assert "没有" in _crm("due", "--nonsense", language="zh")
    plain = _crm("contact", "--help", language="en")
    assert "Usage: " in plain
    assert plain.isascii()
    assert _crm("--help", language="de").startswith("Usage: "), "a language we do not have is English"
