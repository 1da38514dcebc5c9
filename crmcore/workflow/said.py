"""Values as people type them for a record of a process, `--set field=value`, read by the type of the field."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from crmcore.engine.mapping import Entities
from crmcore.errors import InvalidInput
from crmcore.fields.values import read
from crmcore.i18n import _
from crmcore.model.definitions import Definitions, Process
from crmcore.workflow.rules import fields_of


def values_said(
    definitions: Definitions, entities: Entities, process: Process, pairs: Iterable[str], region: str = ""
) -> dict[str, Any]:
    """Return the values that `field=value` texts say; nothing behind the sign takes the value away.

    `region` reads telephone numbers without a country code. Raises `InvalidInput` that names the field for a value of
    another type; a field that the records have not is told when the values are assigned.
    """
    defined = {one.name: one for one in fields_of(definitions, process)}
    columns = entities.named(process.entity).table.c
    found: dict[str, Any] = {}
    for pair in pairs:
        name, equals, text = pair.partition("=")
        name, text = name.strip(), text.strip()
        if not equals or not name:
            raise InvalidInput(_("“{text}” is not of the form KEY=VALUE.").format(text=pair))
        if name in defined:
            found[name] = read(defined[name], text, definitions, region)
        else:
            found[name] = _own(name, columns[name].type.python_type if name in columns else str, text)
    return found


def _own(name: str, kind: type, text: str) -> Any:
    """Return the value of one of a record's own fields."""
    if not text:
        return "" if kind is str else None
    try:
        if kind in (int, float, Decimal):
            return kind(text)
        if kind in (date, datetime):
            return kind.fromisoformat(text)
    except (ValueError, InvalidOperation) as error:
        raise InvalidInput(_("{field}: “{text}” cannot be read.").format(field=name, text=text)) from error
    return text in ("true", "yes", "是") if kind is bool else text
