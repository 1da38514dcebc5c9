"""A workspace with fields of its own, defined by the command line."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

FIELDS = """
[field.customer.vip]
type = "boolean"
label = "VIP"

[field.customer.tier]
type = "choice"
label = "客户等级"
choices = ["gold", "silver", "bronze"]
default = "bronze"

[field.customer.revenue]
type = "money"
currency = "CNY"
minimum = 0

[field.customer.staff]
type = "number"
maximum = 1_000_000

[field.customer.renewal]
type = "date"

[field.customer.code]
unique = true
pattern = "[A-Z]{2}[0-9]{3}"

[field.customer.objection]
type = "term"

[field.customer.score]
type = "number"
label = "Score"
compute = "revenue / staff + (vip == true ? 10 : 0)"

[field.customer.grade]
compute = "score > 100 ? 'A' : 'B'"

[field.contact.hobby]
label = "Hobby"

[field.contact.mobile]
type = "phone"

[field.interaction.mood]
type = "choice"
choices = ["good", "bad"]

[field.task.effort]
type = "number"
label = "Effort"

[term.PRICE]
label = "price"
synonyms = ["too dear", "太贵"]
"""


@pytest.fixture
def own(crm: Callable[..., Any], tmp_path: Path) -> Callable[..., Any]:
    """The command line in a workspace where the fields above are defined."""
    define(crm, tmp_path, FIELDS)
    return crm


def define(crm: Callable[..., Any], folder: Path, text: str, code: int = 0) -> Any:
    path = folder / "fields.toml"
    path.write_text(text, encoding="utf-8")
    return crm("config", "apply", path, "--json", code=code)


def custom(crm: Callable[..., Any], noun: str, key: object) -> dict[str, Any]:
    """Return a record's own fields, as --json has them."""
    found: dict[str, Any] = json.loads(crm(noun, "show", key, "--json").stdout)["custom"]
    return found


class Counted:
    """Counts the statements of a connection's engine within a block."""

    def __init__(self, engine: Any) -> None:
        self._engine = engine
        self.statements: list[str] = []

    def _note(self, _connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        self.statements.append(statement)

    def __enter__(self) -> "Counted":
        event.listen(self._engine, "before_cursor_execute", self._note)
        return self

    def __exit__(self, *_error: object) -> None:
        event.remove(self._engine, "before_cursor_execute", self._note)


def names(found: Sequence[dict[str, Any]]) -> list[str]:
    return [one["name"] for one in found]
