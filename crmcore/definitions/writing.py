"""Definitions as TOML: the same definitions always give the same bytes, which read back as the same definitions."""

from collections.abc import Mapping
from typing import Any

import tomli_w

from crmcore.definitions.reading import Body, Named
from crmcore.definitions.shapes import DEPTH, SHAPES, Key


def written(bodies: Mapping[Named, Body]) -> str:
    """Return definitions as a TOML document, in their order; keys in the order of their shape."""
    document: dict[str, Any] = {}
    for (kind, name), body in bodies.items():
        parts = name.split(".", 1) if DEPTH[kind] > 1 else [name]
        table = document.setdefault(kind, {})
        for part in parts[:-1]:
            table = table.setdefault(part, {})
        table[parts[-1]] = ordered(body, SHAPES[kind])
    return tomli_w.dumps(document, multiline_strings=False)


def ordered(body: Mapping[str, Any], shape: Mapping[str, Key] | None) -> Body:
    """Return a body with its keys in the order of its shape; without one, in that of the alphabet, `do` first.

    PostgreSQL does not keep the order in which a JSON object's keys were written.
    """
    if shape is None:
        return {name: body[name] for name in sorted(body, key=lambda one: (one != "do", one))}
    found: Body = {}
    for name, key in shape.items():
        if name not in body:
            continue
        value = body[name]
        match key.type:
            case "tables":
                found[name] = [ordered(one, key.of) for one in value]
            case "named":
                found[name] = {each: value[each] for each in sorted(value)}
            case _:
                found[name] = value
    return found
