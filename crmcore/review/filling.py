"""Filling what the winner of a merge lacks from the loser, and taking it back."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from attrs import field, frozen

from crmcore.model.names import name_key
from crmcore.model.party import Contact, Customer

_NAME_PARTS = ("given", "family", "additional", "prefix", "suffix")
_FIELDS: dict[type, tuple[str, ...]] = {
    Contact: ("birthday", "owner_id", "language", "zone"),
    Customer: ("owner_id", "language", "zone"),
}
_GAP = "\n\n"

Party = Contact | Customer


@frozen(kw_only=True)
class Filled:
    """What a merge wrote into the winner.

    `fields` maps a field to its value before and after. `note` is the text added to the note. `details` lists
    [path, value] of every entry added; `custom` has the values of the workspace's own fields that were added.
    """

    fields: dict[str, list[Any]] = field(factory=dict)
    note: str = ""
    details: list[list[Any]] = field(factory=list)
    custom: dict[str, Any] = field(factory=dict)

    def names(self) -> list[str]:
        """Return the fields that were written, by name."""
        own = [f"custom.{name}" for name in self.custom]
        return [*self.fields, *(["note"] if self.note else []), *(_named(path) for path, _value in self.details), *own]


def fill(winner: Party, loser: Party, within: Collection[str] | None = None) -> Filled:
    """Write into the winner's empty fields what the loser has; a second note is added below the first.

    Parts of the name are taken only from the same name: Robert Smith does not become Bob. `within` narrows to these
    fields, named as `Filled.names` does.
    """
    names = list(_FIELDS[type(winner)])
    if isinstance(winner, Contact) and name_key(winner.name) == name_key(loser.name):
        names += _NAME_PARTS
    fields = {}
    for name in names:
        mine, theirs = getattr(winner, name), getattr(loser, name)
        if mine in ("", None) and theirs not in ("", None) and (within is None or name in within):
            fields[name] = [mine, theirs]
            setattr(winner, name, theirs)
    note = ""
    if loser.note and _without(winner.note, loser.note) is None and (within is None or "note" in within):
        note = loser.note
        winner.note = f"{winner.note}{_GAP}{note}" if winner.note else note
    missing = _missing(winner.details, loser.details)
    details = [[path, value] for path, value in missing if within is None or _named(path) in within]
    for path, value in details:
        winner.details = _with(winner.details, path, value)
    custom = {
        name: value
        for name, value in loser.custom.items()
        if name not in winner.custom and (within is None or f"custom.{name}" in within)
    }
    winner.custom = {**winner.custom, **custom}
    return Filled(fields=fields, note=note, details=details, custom=custom)


def joined(first: Filled, more: Filled) -> Filled:
    """Add what was filled later to what was filled at first."""
    return Filled(
        fields={**first.fields, **more.fields},
        note=more.note or first.note,
        details=[*first.details, *(one for one in more.details if one not in first.details)],
        custom={**first.custom, **more.custom},
    )


def take_back(winner: Party, filled: Filled) -> None:
    """Undo what `fill` wrote, wherever it still stands as it was written."""
    for name, (before, after) in filled.fields.items():
        if getattr(winner, name) == after:
            setattr(winner, name, before)
    rest = _without(winner.note, filled.note) if filled.note else None
    if rest is not None:
        winner.note = rest
    for path, value in reversed(filled.details):
        winner.details = _less(winner.details, path, value)
    winner.custom = {name: one for name, one in winner.custom.items() if filled.custom.get(name) != one}


def _named(path: list[str]) -> str:
    return ".".join(["details", *path])


def _without(note: str, part: str) -> str | None:
    """Return the note without one of its paragraphs, None if it does not hold it."""
    if note == part:
        return ""
    if note.endswith(f"{_GAP}{part}"):
        return note.removesuffix(f"{_GAP}{part}")
    if note.startswith(f"{part}{_GAP}"):
        return note.removeprefix(f"{part}{_GAP}")
    if f"{_GAP}{part}{_GAP}" in note:
        return note.replace(f"{_GAP}{part}{_GAP}", _GAP, 1)
    return None


def _missing(mine: Mapping[str, Any], theirs: Mapping[str, Any]) -> Iterator[tuple[list[str], Any]]:
    """Yield path and value of each entry of `theirs` that `mine` has not; mappings are compared entry by entry."""
    for key, value in theirs.items():
        if isinstance(value, dict) and value and isinstance(mine.get(key, {}), dict):
            yield from (([key, *path], one) for path, one in _missing(mine.get(key, {}), value))
        elif key not in mine:
            yield [key], value


def _with(details: dict[str, Any], path: list[str], value: Any) -> dict[str, Any]:
    head, *rest = path
    return {**details, head: _with(details.get(head, {}), rest, value) if rest else value}


def _less(details: dict[str, Any], path: list[str], value: Any) -> dict[str, Any]:
    """Return the mapping without the entry at `path` if that is `value`; a mapping left empty goes too."""
    head, *rest = path
    others = {key: one for key, one in details.items() if key != head}
    if not rest:
        return others if head in details and details[head] == value else details
    inner = details.get(head)
    if not isinstance(inner, dict) or not inner:
        return details
    left = _less(inner, rest, value)
    return {**details, head: left} if left else others
