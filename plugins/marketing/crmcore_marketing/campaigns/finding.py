"""Finding a campaign by what a person types, and the campaigns below one in the tree."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import CTE, ColumnElement, Select, func, select

from crmcore.api import InvalidInput, NotFound, PluginReader, Reader
from crmcore_marketing.i18n import _
from crmcore_marketing.tables import campaign

_SHOWN = 10


def campaign_named(reader: Reader | PluginReader, text: str) -> int:
    """Return the id of the campaign that `text` names: its id, its code, or its name. Two statements at most.

    Raises `NotFound` for none, and `InvalidInput` with the candidates for several.
    """
    c, wanted = campaign.c, text.strip()
    if wanted.isascii() and wanted.isdigit() and len(wanted) < 19:
        found = reader.value(select(c.id).where(c.id == int(wanted)))
        if found is not None:
            return int(found)
    word = wanted.lower()
    columns = select(c.id, c.code, c.name).order_by(c.id).limit(_SHOWN)
    rows = reader.rows(columns.where((func.lower(c.code) == word) | (func.lower(c.name) == word)))
    rows = [row for row in rows if row.code.lower() == word] or list(rows)
    if not rows or not word:
        raise NotFound(_("There is no campaign “{text}”.").format(text=text))
    if len(rows) > 1:
        listed = ", ".join(f"{row.id} {row.code or row.name}" for row in rows)
        raise InvalidInput(_("“{text}” may be one of several: {listed}. Give the id.").format(text=text, listed=listed))
    return int(rows[0].id)


def subtree(campaign_id: int) -> Select[Any]:
    """Return the statement for the ids of a campaign and of all below it, to be composed into others."""
    tree = trees(campaign.c.id == campaign_id)
    return select(tree.c.id)


def subtrees(ids: Iterable[int]) -> Select[Any]:
    """Return the statement for (top, id): each of the campaigns `ids`, with itself and all below it."""
    tree = trees(campaign.c.id.in_(list(ids)))
    return select(tree.c.top, tree.c.id)


def trees(tops: ColumnElement[bool]) -> CTE:
    """Return (top, id) of each campaign that meets a condition, with itself and all below it, to be joined."""
    # UNION, not UNION ALL: it ends even where the tree was tied into a ring past the rules.
    tree = select(campaign.c.id.label("top"), campaign.c.id.label("id")).where(tops).cte("tree", recursive=True)
    below = campaign.alias("below")
    return tree.union(select(tree.c.top, below.c.id).where(below.c.parent_id == tree.c.id))


def ancestors(reader: Reader | PluginReader, campaign_id: int) -> list[int]:
    """Return the ids of a campaign and of those above it, in no order: one statement."""
    path = select(campaign.c.id, campaign.c.parent_id).where(campaign.c.id == campaign_id).cte("path", recursive=True)
    above = campaign.alias("above")
    path = path.union(select(above.c.id, above.c.parent_id).where(above.c.id == path.c.parent_id))
    return [row.id for row in reader.rows(select(path.c.id))]


def campaign_titles(reader: Reader | PluginReader, ids: Iterable[int | None]) -> Mapping[int, str]:
    """Return what campaigns are called, code and name, by id: one statement."""
    c = campaign.c
    wanted = {one for one in ids if one is not None}
    rows = reader.rows(select(c.id, c.code, c.name).where(c.id.in_(wanted))) if wanted else ()
    return {row.id: f"{row.code} {row.name}".strip() for row in rows}
