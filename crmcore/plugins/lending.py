"""What crosses from the host to a plugin: values as copies that cannot be changed, the host's own objects on loan."""

from collections.abc import Callable, Mapping
from copy import copy
from typing import Any, Protocol

from attrs import evolve, frozen

from crmcore.hooks.forms import Answered
from crmcore.hooks.handing import Prospect
from crmcore.hooks.policy import Act
from crmcore.hooks.reading import Subject
from crmcore.model.change import Change, Event
from crmcore.model.readonly import read_only


@frozen(kw_only=True)
class Borrower:
    """A plugin in one of its hooks: what it is lent depends on the hook's `kind`, and what it may write on its name.

    `requires` are the plugins it stands on; `others` those whose names begin like its own; `hooks` are its own hooks.
    """

    plugin: str
    version: str
    hook: str
    kind: str
    requires: frozenset[str] = frozenset()
    others: tuple[str, ...] = ()
    hooks: tuple[str, ...] = ()

    def owns(self, table: str) -> bool:
        """Return whether a table is the plugin's own, by its name."""
        return table.startswith(f"{self.plugin}_") and not any(table.startswith(f"{name}_") for name in self.others)

    def stands_on(self, table: str) -> bool:
        """Return whether a table is of a plugin that this one requires."""
        return any(table.startswith(f"{name}_") for name in self.requires)


class Custody(Protocol):
    """Watches over the host's database transaction while plugins are called; a context manager."""

    def __enter__(self) -> "Custody": ...

    def __exit__(self, *error: object) -> None: ...

    def intact(self) -> bool:
        """Return whether the transaction is still as the host left it; asked after each call."""
        ...

    def mend(self) -> bool:
        """Make the connection usable again after a plugin failed; False when that would lose what was written."""
        ...


class Lender(Protocol):
    """The host's reader or transaction: it is never handed out itself."""

    def custody(self) -> Custody:
        """Return a watch over its connection, for the calls of one hook."""
        ...

    def lend(self, borrower: Borrower, custody: Any) -> Any:
        """Return what the plugin may do with it."""
        ...


LENT = frozenset({"tx", "reader"})
"""The arguments of hooks that are lenders."""


def crossing(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the arguments of a hook as plugins get them."""
    return {name: crossed(value) for name, value in given.items()}


def crossed(value: Any) -> Any:
    """Return a copy of what the host has, read-only all through: a plugin that changes it by force changes nothing."""
    if isinstance(value, tuple | list):
        return tuple(crossed(each) for each in value)
    make = _COPIES.get(type(value))
    return value if make is None else make(value)


def _answered(one: Answered) -> Answered:
    return evolve(one, values=read_only(one.values))


def _change(one: Change) -> Change:
    return Change(
        action=one.action, entity=one.entity, id=one.id, before=read_only(one.before), after=read_only(one.after)
    )


def _event(one: Event) -> Event:
    twin = copy(one)
    object.__setattr__(twin, "data", read_only(one.data))  # the copy is not handed out yet
    return twin


_COPIES: dict[type, Callable[[Any], Any]] = {
    Change: _change, Event: _event, Answered: _answered, Act: copy, Subject: copy, Prospect: copy
}  # fmt: skip
