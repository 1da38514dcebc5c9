"""Columns that are fields a workspace defined itself: kept under their headings, for the import to take.

The import tells their headings, normalised, in the options `own_columns.ENTITY`, one a line.
"""

from collections.abc import Sequence

from attrs import evolve

from crmcore.formats.table.columns import normalise
from crmcore.formats.table.layouts import Layout
from crmcore.hooks.formats import Source

_PARTIES = ("contact", "customer")


def _headings(source: Source, entity: str) -> set[str]:
    return set(filter(None, source.options.get(f"own_columns.{entity}", "").split("\n")))


def with_own_columns(layout: Layout, header: Sequence[str], source: Source, *, guessed: bool) -> Layout:
    """Return the layout with own columns kept under their headings.

    Where it was `guessed` whether the table lists people or organisations, it lists those whose fields it has.
    """
    there = set(map(normalise, header))
    known = {entity: len(there & _headings(source, entity)) for entity in _PARTIES}
    other = next((one for one in _PARTIES if one != layout.entity), "")
    if guessed and layout.entity in known and known[other] > known[layout.entity]:
        layout = evolve(layout, entity=other)
    return evolve(layout, columns={**layout.columns, **dict.fromkeys(_headings(source, layout.entity), "extra")})
