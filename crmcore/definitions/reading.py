"""Reading definitions from TOML files: every table checked against its shape, every mistake told with file and line."""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from attrs import field, frozen

from crmcore.definitions.places import Places
from crmcore.definitions.shapes import DEPTH, SHAPES, Key
from crmcore.errors import InvalidInput
from crmcore.i18n import _

Body = dict[str, Any]
Named = tuple[str, str]
"""The kind of a definition and its name: ("field", "customer.vip")."""


@frozen(kw_only=True)
class Said:
    """One definition as a file has it. `remove` says that it is to go; what is not `sound` is wrong in itself."""

    kind: str
    name: str
    body: Body
    file: str
    places: Places = field(eq=False, repr=False)
    remove: bool = False
    sound: bool = True

    def problem(self, reason: str, *keys: str | int) -> str:
        """Return a sentence that names file, line, table and key."""
        return located(self.file, self.places, (self.kind, *_names(self.kind, self.name), *keys), reason)


@frozen(kw_only=True)
class Reading:
    """What files say: their definitions in order, and what is wrong with them."""

    said: tuple[Said, ...]
    problems: tuple[str, ...]


def _names(kind: str, name: str) -> tuple[str, ...]:
    return tuple(name.split(".", 1)) if DEPTH[kind] > 1 else (name,)


def located(file: str, places: Places, path: Sequence[str | int], reason: str) -> str:
    """Return a sentence about a place in a file."""
    line = places.line(path)
    dotted = ".".join(f"{one}" for one in path)
    where = _("{file}, line {line}, {key}: ") if line else _("{file}, {key}: ")
    return where.format(file=file, line=line, key=dotted) + reason


def read_files(paths: Sequence[Path]) -> Reading:
    """Return what TOML files say; raises `InvalidInput` for one that cannot be read at all."""
    said: list[Said] = []
    problems: list[str] = []
    for path in paths:
        try:
            text = path.read_text("utf-8-sig")
        except OSError as error:
            raise InvalidInput(_("{file}: cannot be read: {why}").format(file=path.name, why=error.strerror)) from error
        except UnicodeDecodeError as error:
            raise InvalidInput(_("{file}: is not TOML: {why}").format(file=path.name, why=error)) from error
        found = read_text(text, path.name)
        known = {(one.kind, one.name): one.file for one in said}
        problems += found.problems
        problems += [
            one.problem(_("is said in {file} already").format(file=known[one.kind, one.name]))
            for one in found.said
            if (one.kind, one.name) in known
        ]
        said += found.said
    return Reading(said=tuple(said), problems=tuple(problems))


def read_text(text: str, file: str) -> Reading:
    """Return what a TOML text says; raises `InvalidInput` for a text that is no TOML."""
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InvalidInput(_("{file}: is not TOML: {why}").format(file=file, why=error)) from error
    places = Places(text)
    said: list[Said] = []
    problems: list[str] = []
    for kind, tables in document.items():
        if kind not in SHAPES:
            reason = _("there is no such kind of definition") + near(kind, SHAPES)
            problems.append(located(file, places, (kind,), reason))
            continue
        for path, table in _tables((kind,), tables, DEPTH[kind]):
            if not isinstance(table, dict):
                reason = _("this must be a table with a name, such as [{example}]")
                problems.append(located(file, places, path, reason.format(example=_EXAMPLES[kind])))
                continue
            remove = table.pop("remove", False)
            checked = _Checked(file, places)
            body = {} if remove is True else checked.table(path, table, SHAPES[kind])
            if remove not in (True, False):
                checked.wrong((*path, "remove"), _("this must be true or false"))
            if remove is True and table:
                checked.wrong(path, _("what is removed says nothing else"))
            problems += checked.problems
            name = ".".join(path[1:])
            sound = not checked.problems
            said.append(
                Said(kind=kind, name=name, body=body, file=file, places=places, remove=remove is True, sound=sound)
            )
    return Reading(said=tuple(said), problems=tuple(problems))


_EXAMPLES = {
    "field": "field.customer.vip", "process": "process.shipping", "automation": "automation.thanks",
    "role": "role.rep", "term": "term.PRICE", "target": "target.calls",
    "calendar": "calendar.office",
}  # fmt: skip


def _tables(path: tuple[str, ...], tables: Any, depth: int) -> Iterator[tuple[tuple[str, ...], Any]]:
    if depth == 0 or not isinstance(tables, dict):
        yield path, tables if depth == 0 else None
        return
    for name, table in tables.items():
        yield from _tables((*path, name), table, depth - 1)


def near(word: str, words: Sequence[str] | Mapping[str, Any]) -> str:
    """Return the end of a sentence that names what may have been meant, or else what there is."""
    close = get_close_matches(word.casefold(), list(words), n=2, cutoff=0.6)
    if close:
        return _("; did you mean {names}?").format(names=", ".join(close))
    return _("; possible: {names}").format(names=", ".join(words)) if words else ""


class _Checked:
    """Checks a table against its shape and collects what is wrong."""

    def __init__(self, file: str, places: Places) -> None:
        self.file, self.places = file, places
        self.problems: list[str] = []

    def wrong(self, path: Sequence[str | int], reason: str) -> None:
        self.problems.append(located(self.file, self.places, path, reason))

    def table(self, path: tuple[str | int, ...], table: Mapping[str, Any], shape: Mapping[str, Key]) -> Body:
        """Return the table's body: its keys in the order of the shape, without those that say the default."""
        for name in table:
            if name not in shape:
                self.wrong((*path, name), _("there is no such key") + near(name, shape))
        body: Body = {}
        for name, key in shape.items():
            if name not in table:
                if key.needed:
                    self.wrong(path, _("the key {key} is missing").format(key=name))
                continue
            value = self._value((*path, name), table[name], key)
            if value is not None and value != key.default:
                body[name] = value
        return body

    def _value(self, path: tuple[str | int, ...], value: Any, key: Key) -> Any:
        match key.type:
            case "text" if isinstance(value, str):
                if key.choices and value not in key.choices:
                    self.wrong(path, _("cannot be “{value}”").format(value=value) + near(value, key.choices))
                return value.strip()
            case "boolean" if isinstance(value, bool):
                return value
            case "number" if isinstance(value, int | float) and not isinstance(value, bool):
                return value
            case "texts" if isinstance(value, list) and all(isinstance(one, str) for one in value):
                return list(dict.fromkeys(one.strip() for one in value))
            case "named" if isinstance(value, dict) and all(isinstance(one, str) for one in value.values()):
                return {name: value[name].strip() for name in sorted(value)}
            case "tables" if isinstance(value, list):
                return [one for at, each in enumerate(value) for one in self._rows((*path, at), each, key)]
            case "any":
                return value.isoformat() if hasattr(value, "isoformat") else value
        self.wrong(path, _WANTED[key.type]())
        return None

    def _rows(self, path: tuple[str | int, ...], row: Any, key: Key) -> Iterator[Body]:
        shape = key.of
        if isinstance(row, str) and shape is not None and "name" in shape:
            row = {"name": row}
        if not isinstance(row, dict):
            self.wrong(path, _("this must be a table"))
        elif shape is None:
            yield {name: each.isoformat() if hasattr(each, "isoformat") else each for name, each in row.items()}
        elif "from" in shape and isinstance(row.get("from"), list):
            for origin in row["from"]:
                yield self.table(path, {**row, "from": origin}, shape)
        else:
            yield self.table(path, row, shape)


_WANTED = {
    "text": lambda: _("this must be a text"),
    "boolean": lambda: _("this must be true or false"),
    "number": lambda: _("this must be a number"),
    "texts": lambda: _("this must be a list of texts"),
    "named": lambda: _("this must be a table of texts"),
    "tables": lambda: _("this must be a list of tables"),
    "any": lambda: _("this cannot be used"),
}
