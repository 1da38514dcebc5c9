"""What may be said about each kind of definition: the keys of its table in TOML, and of its body as it is stored."""

from collections.abc import Mapping
from typing import Any

from attrs import frozen

FIELD_TYPES = ("text", "number", "money", "date", "boolean", "choice", "term", "email", "phone", "url")
STATE_KINDS = ("open", "won", "lost", "done")
READS = ("all", "team", "own", "none")
PERIODS = ("month", "quarter", "year")


@frozen(kw_only=True)
class Key:
    """A key of a table: the type of its value, what it may be, and whether it must be there.

    `type` is text, boolean, number, texts (a list of text), named (a table of texts), tables (a list of tables of the
    shape `of`), or any.
    """

    type: str
    choices: tuple[str, ...] = ()
    needed: bool = False
    of: "Mapping[str, Key] | None" = None
    default: Any = None


_FIELD: Mapping[str, Key] = {
    "type": Key(type="text", choices=FIELD_TYPES, default="text"),
    "label": Key(type="text", default=""),
    "required": Key(type="boolean", default=False),
    "unique": Key(type="boolean", default=False),
    "choices": Key(type="texts", default=[]),
    "currency": Key(type="text", default=""),
    "minimum": Key(type="number"),
    "maximum": Key(type="number"),
    "pattern": Key(type="text", default=""),
    "default": Key(type="any"),
    "compute": Key(type="text", default=""),
}
_STATE: Mapping[str, Key] = {
    "name": Key(type="text", needed=True),
    "label": Key(type="text", default=""),
    "kind": Key(type="text", choices=STATE_KINDS, default="open"),
    "steps": Key(type="texts", default=[]),
    "template": Key(type="text", default=""),
    "expert": Key(type="text", default=""),
    "probability": Key(type="number"),
    "days": Key(type="number"),
}
_TRANSITION: Mapping[str, Key] = {
    "from": Key(type="text", needed=True),
    "to": Key(type="text", needed=True),
    "guard": Key(type="text", default=""),
    "requires": Key(type="texts", default=[]),
    "roles": Key(type="texts", default=[]),
}
SHAPES: Mapping[str, Mapping[str, Key]] = {
    "field": _FIELD,
    "process": {
        "title": Key(type="text", default=""),
        "entity": Key(type="text", default="process_item"),
        "field": Key(type="text", default="state"),
        "states": Key(type="tables", of=_STATE, needed=True),
        "transitions": Key(type="tables", of=_TRANSITION, default=[]),
        "fields": Key(type="tables", of={"name": Key(type="text", needed=True), **_FIELD}, default=[]),
    },
    "automation": {
        "title": Key(type="text", default=""),
        "on": Key(type="text", needed=True),
        "when": Key(type="text", default=""),
        "actions": Key(type="tables", needed=True),
    },
    "role": {
        "read": Key(type="text", choices=READS, default=""),
        "write": Key(type="text", choices=READS, default=""),
        "hide": Key(type="texts", default=[]),
        "show": Key(type="texts", default=[]),
    },
    "term": {
        "label": Key(type="text", default=""),
        "synonyms": Key(type="texts", default=[]),
    },
    "target": {
        "metric": Key(type="text", needed=True),
        "value": Key(type="number", needed=True),
        "period": Key(type="text", choices=PERIODS, default="month"),
        "user": Key(type="text", default=""),
        "team": Key(type="text", default=""),
    },
    "calendar": {
        "zone": Key(type="text", default=""),
        "hours": Key(type="named", needed=True),
        "holidays": Key(type="texts", default=[]),
        "workdays": Key(type="named", default={}),
    },
}
"""By kind, in the order in which definitions are exported."""

DEPTH: Mapping[str, int] = {**dict.fromkeys(SHAPES, 1), "field": 2}
"""By kind: how many names its table has behind the kind. A field has two: `[field.customer.vip]`."""
