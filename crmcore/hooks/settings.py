"""Settings: what a workspace can say about how it works, declared by who asks for it."""

import re
from collections.abc import Callable
from typing import Any

from attrs import field, frozen
from attrs.validators import in_

KINDS = ("text", "number", "boolean", "choice", "email", "url")
"""What a value can be; a choice is one of `choices`, a url an address on the web."""

_NAME = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*")
_TYPES: dict[str, tuple[type, ...]] = {"number": (int, float), "boolean": (bool,)}
_EMPTY: dict[str, object] = {"number": None, "boolean": False}


@frozen(kw_only=True)
class Setting:
    """Something a workspace can set, such as an address that mail comes from; `crm setting` shows and sets it.

    A plugin's setting is called PLUGIN.NAME, and kept under that name unless `kept_as` says which it had before; read
    it by `reader.setting("PLUGIN.NAME")`. Where nothing is set that answers the `default`: without one an empty text,
    False, or None for a number. A number lies between `minimum` and `maximum`, and is an integer if it must be `whole`.

    `check(value)` is asked before a value is set, and answers what is wrong with it, as a sentence, or an empty text.

    A `secret` is never kept in the workspace: what is kept says where it is, `env:VARIABLE` or `file:/PATH`, and
    `crmcore.api.secret(reader, name)` reads it from there at the moment it is needed.
    """

    name: str = field()
    title: str
    kind: str = field(default="text", validator=in_(KINDS))
    default: Any = field(default=None)
    choices: tuple[str, ...] = field(default=())
    minimum: float | None = None
    maximum: float | None = None
    whole: bool = False
    check: Callable[[Any], str] | None = field(default=None, eq=False)
    secret: bool = field(default=False)
    kept_as: str = ""

    @name.validator
    def _check_name(self, _attribute: object, value: str) -> None:
        if not _NAME.fullmatch(value):
            raise ValueError(f"a setting cannot be called “{value}”")

    @default.validator
    def _check_default(self, _attribute: object, value: Any) -> None:
        if value is not None and not self.holds(value):
            raise ValueError(f"setting {self.name}: its default is no {self.kind}")

    @choices.validator
    def _check_choices(self, _attribute: object, value: tuple[str, ...]) -> None:
        if (self.kind == "choice") != bool(value) or (value and self.default not in (None, *value)):
            raise ValueError(f"setting {self.name}: a choice has choices, and a default among them")

    @secret.validator
    def _check_secret(self, _attribute: object, value: bool) -> None:
        if value and (self.kind != "text" or self.default is not None):
            raise ValueError(f"setting {self.name}: a secret is a text, and has no default")

    def holds(self, value: object) -> bool:
        """Return whether a value is of the setting's type."""
        wanted = _TYPES.get(self.kind, (str,))
        return isinstance(value, wanted) and (bool in wanted or not isinstance(value, bool))

    @property
    def otherwise(self) -> Any:
        """What holds where nothing is set."""
        return _EMPTY.get(self.kind, "") if self.default is None else self.default
