"""Trying expressions: do they compile, are their names known, do their types go together?"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime
from typing import Any

from crmcore.configuring.known import Known, sample
from crmcore.definitions.conditions import Condition
from crmcore.errors import InvalidInput
from crmcore.i18n import _
from crmcore.model.definitions import Definitions, Field

Problem = tuple[tuple[str | int, ...], str]
"""Where in a definition's table something is wrong, and what."""

MOMENT: Mapping[str, Any] = {"now": datetime(2026, 1, 1, tzinfo=UTC), "today": date(2026, 1, 1)}
"""Names that guards and conditions may use beside the record's fields: when it is asked."""

ACTOR: Mapping[str, Any] = {"actor": {"login": "a", "role": "a", "team": "a"}}
"""Who asks, in guards and conditions."""


def samples(fields: Iterable[Field]) -> dict[str, Any]:
    """Return a value for each field, by which expressions are tried."""
    return {one.name: sample(one) for one in fields}


def expression(
    source: str, names: Mapping[str, Any], keys: tuple[str | int, ...], *, holds: bool = False
) -> Iterator[Problem]:
    """Yield what is wrong with an expression; `holds` when it must give true or false. It is tried with `names`."""
    try:
        condition = Condition(source)
        condition.check_names(names)
        found = condition.value(names)
    except InvalidInput as error:
        if error.__cause__ is None or isinstance(error.__cause__, TypeError | ValueError):
            yield keys, str(error).rstrip(".")
        return
    if holds and not isinstance(found, bool | None):
        yield (
            keys,
            _("“{source}” is not a condition: it gives {value}, not true or false").format(source=source, value=found),
        )


def in_circle(names: Iterable[str]) -> str:
    """Return the reason that fields are computed from each other."""
    return str(_("computed from each other in a circle: {circle}").format(circle=" → ".join(names)))


def parties(definitions: Definitions, known: Known) -> dict[str, Any]:
    """Return whom a record is about, as conditions may ask of it."""
    return {one: {**known.entities[one], **samples(definitions.fields_of(one))} for one in ("customer", "contact")}
