"""Scripts as people keep them: added, changed, named, and read from a file."""

import csv
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from crmcore.api import InvalidInput, PluginReader, Reader, Transaction, form_named, record_named
from crmcore_callcenter.agents.leading import must_lead
from crmcore_callcenter.i18n import _
from crmcore_callcenter.model.outbound import CallScript
from crmcore_callcenter.scripts.questions import KEYS, checked, form_of
from crmcore_callcenter.tables import script as table

WORDS = ("name", "code", "opening", "closing", "form")
_QUESTION = "question"


def script_named(reader: Reader | PluginReader, text: str) -> int:
    """Return the id of the script that a text means: its id, code or name; raises as `record_named` does."""
    return record_named(reader, table, text, called=_("script"))


def add(tx: Transaction, fields: Mapping[str, Any]) -> CallScript:
    """Add a script; its code follows from its name where none is said.

    Raises `InvalidInput` for a code that is taken and for a wrong question, `NotFound` for a form that is not there,
    `Denied` for who does not lead.
    """
    must_lead(tx)
    made = CallScript(**{**fields, "questions": []})
    made.code = made.code or made.name
    _must_be_free(tx, made.code)
    form = form_named(tx, made.form) if made.form else None
    made.questions = checked(fields.get("questions", ()), form)
    return tx.add(made)


def edit(tx: Transaction, record: CallScript, fields: Mapping[str, Any]) -> None:
    """Change what is given; raises as `add` does."""
    must_lead(tx)
    if fields.get("code", record.code) != record.code:
        _must_be_free(tx, fields["code"], record.id)
    for name, value in fields.items():
        if name != "questions":
            setattr(record, name, value)
    form = form_named(tx, record.form) if "form" in fields and record.form else form_of(tx, record)
    if "questions" in fields:
        record.questions = checked(fields["questions"], form)


def _must_be_free(tx: Transaction, code: str, but: int = 0) -> None:
    c = table.c
    taken = tx.value(select(c.id).where(func.lower(c.code) == code.strip().lower(), c.id != but).limit(1))
    if taken is not None:
        raise InvalidInput(_("Script {id} has the code “{code}” already.").format(id=taken, code=code))


def of_file(path: Path) -> dict[str, Any]:
    """Return what a file says of a script: TOML with [[question]] tables, or CSV with a row for each question.

    Raises `InvalidInput` that names the file for one that cannot be read.
    """
    try:
        if path.suffix.lower() == ".toml":
            return _of_toml(path)
        return {"questions": _of_csv(path)}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, csv.Error) as error:
        raise InvalidInput(_("{file} cannot be read: {why}").format(file=path.name, why=error)) from error


def _of_toml(path: Path) -> dict[str, Any]:
    told = tomllib.loads(path.read_text(encoding="utf-8"))
    strange = [name for name in told if name not in (*WORDS, _QUESTION)]
    questions = told.get(_QUESTION, [])
    if strange or not isinstance(questions, list):
        raise InvalidInput(
            _("{file}: there is nothing called {key}; a script has {keys}.").format(
                file=path.name, key=next(iter(strange), _QUESTION), keys=", ".join((*WORDS, f"[[{_QUESTION}]]"))
            )
        )
    return {**{name: str(told[name]) for name in WORDS if name in told}, "questions": questions}


def _of_csv(path: Path) -> list[dict[str, Any]]:
    with path.open(newline="", encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    return [_of_row({(key or "").strip(): (text or "").strip() for key, text in row.items()}) for row in rows]


def _of_row(row: Mapping[str, str]) -> dict[str, Any]:
    found: dict[str, Any] = {name: text for name, text in row.items() if text}
    if "choices" in found:
        found["choices"] = [each.strip() for each in found["choices"].split("|") if each.strip()]
    if "required" in found:
        found["required"] = found["required"].casefold() in ("yes", "true", "1", "x", "是")
    return found


def of_options(questions: Sequence[str]) -> list[dict[str, Any]]:
    """Return the questions of options, `name=wording`; raises `InvalidInput` for what has no name."""
    found = []
    for each in questions:
        name, equals, words = each.partition("=")
        if not equals or not name.strip():
            raise InvalidInput(_("“{text}” is not of the form NAME=WORDS.").format(text=each))
        found.append({KEYS[0]: name.strip(), KEYS[1]: words.strip()})
    return found
