"""Values of a workspace's own fields as people enter and see them."""

from collections.abc import Mapping, Sequence
from typing import Any

from crmcore.engine.reader import Reader
from crmcore.engine.workspace import settings
from crmcore.errors import InvalidInput
from crmcore.fields.columns import named_field
from crmcore.fields.values import labels, named, read, shown
from crmcore.i18n import _
from crmcore.model.definitions import Definitions, Field


def entered(
    reader: Reader, entity: str, custom: Mapping[str, Any], said: Mapping[str, str], process: str = ""
) -> dict[str, Any]:
    """Return the values of a record's fields with what was typed: `NAME: text`; an empty text takes a value away.

    Raises `InvalidInput` for a field that is unknown or computed, and for a text that it cannot have.
    """
    definitions = reader.definitions
    fields = definitions.fields_of(entity, process)
    region = str(settings(reader.connection).get("region") or "")
    found = dict(custom)
    for name, text in said.items():
        field = named_field(fields, name)
        if field.compute:
            raise InvalidInput(_("{field} is computed; it cannot be set.").format(field=named(field)))
        found[name] = read(field, text, definitions, region)
    return {name: value for name, value in found.items() if value is not None}


def held(definitions: Definitions, entity: str, custom: Mapping[str, Any], process: str = "") -> dict[str, Any]:
    """Return the values of the fields that are defined, as they are kept, in the order of their definitions.

    Values of fields that were removed stay in the record, out of sight.
    """
    fields = definitions.fields_of(entity, process)
    return {one.name: custom[one.name] for one in fields if custom.get(one.name) is not None}


def as_text(
    definitions: Definitions, entity: str, custom: Mapping[str, Any], process: str = ""
) -> list[tuple[Field, str]]:
    """Return the fields of a record that have a value, with the value as people read it."""
    terms = labels(definitions)
    return [
        (one, shown(one, custom[one.name], terms))
        for one in definitions.fields_of(entity, process)
        if custom.get(one.name) is not None
    ]


def headings(definitions: Definitions, entity: str, names: Sequence[str]) -> list[str]:
    """Return the labels of fields, for the columns of a list; raises `InvalidInput` for one that is unknown."""
    fields = definitions.fields_of(entity)
    return [named_field(fields, name).label or name for name in names]
