"""Mapping files: what the user says about the columns of a table, saved for the next time.

A mapping file is TOML::

    entity = "contact"             # contact, customer, interaction or task
    key = ["external_id"]          # fields by which a row finds the record it updates
    delimiter = ";"                # one character, or tab, comma, semicolon, pipe
    encoding = "gb18030"
    date_format = "%d.%m.%Y"       # as in Python's strptime
    region = "DE"                  # ISO 3166: whether 03/04/2020 is in March or in April
    zone = "Europe/Berlin"         # IANA: of times written without one
    short_rows = "fill"            # rows that end early: fill, or reject (when not said)
    other_columns = "extra"        # columns not named below: extra, or understand (when not said)

    [columns]                      # heading = field, or field:label
    "Kundenname" = "name"
    "Tel. privat" = "phone:home"
    "Steuer-Nr." = "identifier:tax"
    "Stufe" = "extra:tier"         # a field that the workspace defined
    "interne Spalte" = "ignore"

    [constants]                    # field = the same value in every row that has none of its own
    category = "trade fair 2026"

    [values."Stage"]               # heading = what its cells mean: of tables that a plugin's format reads
    "Angebot raus" = "Proposal"

All keys may be left out. A heading the table does not have, or a field the kind of record does not have, is refused.
For the format of a plugin, columns and constants name the headings that format knows, instead of fields.
"""

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from attrs import evolve, field, frozen

from crmcore.errors import InvalidInput
from crmcore.formats.table.columns import FIELDS, LABELLED, normalise
from crmcore.formats.table.layouts import Layout
from crmcore.i18n import _

TEXTS = ("entity", "delimiter", "encoding", "date_format", "region", "zone", "short_rows", "other_columns")
KEYS = (*TEXTS, "key", "columns", "constants", "values")
CHOICES = {
    "entity": tuple(FIELDS),
    "short_rows": ("fill", "reject"),
    "other_columns": ("extra", "understand"),
}


@frozen(kw_only=True)
class MappingFile:
    """A mapping file as read: what it says, and its text for naming lines. Empty strings: not said."""

    path: Path
    text: str
    entity: str = ""
    delimiter: str = ""
    encoding: str = ""
    date_format: str = ""
    region: str = ""
    zone: str = ""
    short_rows: str = ""
    other_columns: str = ""
    key: tuple[str, ...] = ()
    columns: Mapping[str, str] = field(factory=dict)
    constants: Mapping[str, str] = field(factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(factory=dict)


def read_mapping(path: Path) -> MappingFile:
    """Return the mapping file at `path`. Raises `InvalidInput` naming file, line and key for what it may not say."""
    try:
        text = path.read_text("utf-8-sig")
        said = tomllib.loads(text)
    except OSError as error:
        raise InvalidInput(_("{file}: cannot be read: {why}").format(file=path.name, why=error.strerror)) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InvalidInput(_("{file}: is not TOML: {why}").format(file=path.name, why=error)) from error
    for key, value in said.items():
        if key not in KEYS:
            raise InvalidInput(_place(path, text, key) + _("key {key} is not known").format(key=key) + near(key, KEYS))
        _check_value(path, text, key, value)
    mapping = MappingFile(
        path=path,
        text=text,
        key=tuple(said.pop("key", ())),
        columns=said.pop("columns", {}),
        constants={name: str(value) for name, value in said.pop("constants", {}).items()},
        values=said.pop("values", {}),
        **said,
    )
    return mapping


def apply_mapping(mapping: MappingFile, layout: Layout, header: Sequence[str], file: str) -> Layout:
    """Return `layout` as the mapping file changes it. Raises `InvalidInput` for a heading the table `file` has not."""
    known = {normalise(heading): heading for heading in header}
    columns: dict[str, str] = {}
    for heading, target in mapping.columns.items():
        if normalise(heading) not in known:
            raise _no_column(mapping, heading, header, file)
        columns[normalise(heading)] = target
    alone = mapping.other_columns == "extra"
    return evolve(
        layout,
        entity=mapping.entity or layout.entity,
        columns=columns if alone else {**layout.columns, **columns},
        constants={**layout.constants, **mapping.constants},
        vocabulary=layout.vocabulary and not alone,
        key=mapping.key,
        date_format=mapping.date_format,
        region=mapping.region,
        zone=mapping.zone,
        fill_short=mapping.short_rows == "fill",
    )


def check_headings(mapping: MappingFile, header: Sequence[str], file: str) -> None:
    """Raise `InvalidInput` for a heading the table `file` has not, and for what only the core's tables know."""
    known = set(map(normalise, header))
    for heading in mapping.columns:
        if normalise(heading) not in known:
            raise _no_column(mapping, heading, header, file)
    for key in ("entity", "key", "other_columns"):
        if getattr(mapping, key):
            raise InvalidInput(
                _place(mapping.path, mapping.text, key) + _("{key} is not for tables of this format").format(key=key)
            )


def _no_column(mapping: MappingFile, heading: str, header: Sequence[str], file: str) -> InvalidInput:
    return InvalidInput(
        _place(mapping.path, mapping.text, heading)
        + _("{file} has no column {heading}").format(file=file, heading=heading)
        + near(heading, header)
    )


def near(word: str, words: Iterable[str]) -> str:
    """Return the end of a sentence that names what of `words` may have been meant, or nothing."""
    choices = {candidate.casefold(): candidate for candidate in words if candidate}
    close = [choices[found] for found in get_close_matches(word.casefold(), choices, n=3, cutoff=0.5)]
    return _("; did you mean {names}?").format(names=", ".join(close)) if close else ""


def _check_value(path: Path, text: str, key: str, value: Any) -> None:
    if key in {"columns", "constants"}:
        fits = isinstance(value, dict) and all(isinstance(v, str | int | float) for v in value.values())
    elif key == "values":
        fits = isinstance(value, dict) and all(
            isinstance(each, dict) and all(isinstance(v, str) for v in each.values()) for each in value.values()
        )
    elif key == "key":
        fits = isinstance(value, list) and all(isinstance(v, str) for v in value)
    else:
        fits = isinstance(value, str) and (key not in CHOICES or value in CHOICES[key])
    if fits and key == "zone":
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            fits = False
    if not fits:
        allowed = "; " + _("possible: {names}").format(names=", ".join(CHOICES[key])) if key in CHOICES else ""
        raise InvalidInput(
            _place(path, text, key) + _("{key} cannot be {value}").format(key=key, value=value) + allowed
        )


def check_fields(mapping: MappingFile) -> None:
    """Raise `InvalidInput` for what is not of the core's records. A plugin's format has headings of its own."""
    if mapping.values:
        raise InvalidInput(
            _place(mapping.path, mapping.text, "values")
            + _("the meaning of values is for tables that a plugin's format reads")
        )
    entities = [mapping.entity] if mapping.entity else list(FIELDS)
    allowed = sorted({name for entity in entities for name in FIELDS[entity]})
    said = [*mapping.columns.items(), *((name, name) for name in (*mapping.constants, *mapping.key))]
    for heading, target in said:
        name = str(target).partition(":")[0]
        own = name.removeprefix("customer.") if mapping.entity in {"", "contact"} else name
        labelled, _dot, label = own.partition(".")
        if (
            own not in allowed
            and not (name != own and own in FIELDS["customer"])
            and not (label == "label" and labelled in LABELLED)
        ):
            raise InvalidInput(
                _place(mapping.path, mapping.text, heading)
                + _("there is no field {name}").format(name=name)
                + near(name, allowed)
            )


def _place(path: Path, text: str, key: str) -> str:
    """Where in the file `key` stands, as the beginning of a sentence."""
    for number, line in enumerate(text.splitlines(), start=1):
        if line.partition("=")[0].strip().strip("\"'") == key or (key in line and "[" in line):
            return _("{file}, line {line}: ").format(file=path.name, line=number)
    return f"{path.name}: "
