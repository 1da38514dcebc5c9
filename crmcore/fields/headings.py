"""Which field of a workspace's own a column heading means: one whose name or label it is, however it is written."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from crmcore.fields.values import read
from crmcore.formats.table.columns import find_target, normalise
from crmcore.model.definitions import Definitions, Field

_KEPT = frozenset({"name", "given", "family", "organisation", "email", "phone", "external_id", "owner", "subject"})
"""What a heading means first of all, whatever a field is called: who it is, and how to reach whom."""


@lru_cache(maxsize=64)
def _by_heading(fields: tuple[Field, ...]) -> Mapping[str, Field]:
    found: dict[str, Field] = {}
    for one in fields:
        if not one.compute:
            for heading in (one.name, one.label):
                if heading:
                    found.setdefault(normalise(heading), one)
    # An export puts x- before a heading that means something else to programs.
    return {**{f"x{heading}": one for heading, one in found.items()}, **found}


def own_headings(definitions: Definitions, entity: str) -> list[str]:
    """Return the headings, as normalised, that mean a field of the entity and nothing more important."""
    found = _by_heading(definitions.fields_of(entity))
    targets = {heading: find_target(heading) for heading in found}
    return [heading for heading, target in targets.items() if target is None or target[0] not in _KEPT]


def apart(
    definitions: Definitions, entity: str, extra: Mapping[str, str], region: str
) -> tuple[dict[str, Any], dict[str, str]]:
    """Return the values of fields among what a file says beyond an entity's own, and the rest of it.

    Raises `InvalidInput` with one sentence for a value that its field cannot have.
    """
    fields = definitions.fields_of(entity)
    if not fields or not extra:
        return {}, dict(extra)
    by_heading = _by_heading(fields)
    custom: dict[str, Any] = {}
    rest: dict[str, str] = {}
    for heading, text in extra.items():
        field = by_heading.get(normalise(heading))
        if field is None:
            rest[heading] = text
        elif (value := read(field, text, definitions, region)) is not None:
            custom[field.name] = value
    return custom, rest
