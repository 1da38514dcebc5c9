"""What returns are grouped by: which campaigns make up each row, as parts of a statement, and what rows are called."""

from collections.abc import Iterable, Mapping
from typing import Any

from attrs import frozen
from sqlalchemy import Integer, Subquery, case, literal, select

from crmcore.api import PluginReader, Reader
from crmcore_marketing.campaigns.finding import campaign_titles, trees
from crmcore_marketing.i18n import _
from crmcore_marketing.tables import campaign, programme

BY = ("campaign", "type", "channel", "programme")
"""What campaigns can be grouped by. A campaign has its own type, channel and programme, or those of the one above."""
_MOST = 50_000
_WORDS = ("type", "channel", "programme_id")


@frozen(kw_only=True, eq=False)
class Keys:
    """Which row each campaign belongs to: `source` has the columns campaign and key; each campaign is there once."""

    by: str
    source: Subquery


def keys(by: str, *, under: int | None = None) -> Keys:
    """Return the rows by `by`, of all campaigns or of those `under` one (itself is the row for what none below has).

    By campaign a row is a whole tree: those on top, or right below `under`.
    """
    if by != "campaign":
        return Keys(by=by, source=_inherited(by, under))
    c = campaign.c
    tree = trees(c.parent_id.is_(None) if under is None else c.parent_id == under)
    rows = select(tree.c.id.label("campaign"), tree.c.top.label("key"))
    if under is not None:
        own = select(literal(under, Integer).label("campaign"), literal(under, Integer).label("key"))
        return Keys(by=by, source=rows.where(tree.c.id != under).union(own).subquery("keys"))
    return Keys(by=by, source=rows.subquery("keys"))


def only(ids: Iterable[int]) -> Keys:
    """Return some campaigns as rows, each with all below it; one below another is in both."""
    tree = trees(campaign.c.id.in_(list(ids)))
    return Keys(by="campaign", source=select(tree.c.id.label("campaign"), tree.c.top.label("key")).subquery("keys"))


def apart() -> Keys:
    """Return every campaign as a row of its own, without those below it."""
    c = campaign.c
    return Keys(by="campaign", source=select(c.id.label("campaign"), c.id.label("key")).subquery("keys"))


def words(reader: Reader | PluginReader, by: str) -> dict[int, Any]:
    """Return the type, channel or programme of every campaign, its own or that of the one above it: one statement."""
    c = keys(by).source.c
    return {row.campaign: row.key for row in reader.rows(select(c.campaign, c.key).limit(_MOST))}


def _inherited(by: str, under: int | None) -> Subquery:
    """Return each campaign with its word, or that of the nearest above it that has one."""
    c, below = campaign.c, campaign.alias("under")
    top = select(c.id, *(c[name] for name in _WORDS)).where(c.parent_id.is_(None) if under is None else c.id == under)
    held = top.cte("inherited", recursive=True)
    own = [
        case((below.c[name].is_(None) if name == "programme_id" else below.c[name] == "", held.c[name]),
             else_=below.c[name]).label(name)
        for name in _WORDS
    ]  # fmt: skip
    held = held.union(select(below.c.id, *own).where(below.c.parent_id == held.c.id))
    word = {"type": held.c.type, "programme": held.c.programme_id}.get(
        by, case((held.c.channel == "", held.c.type), else_=held.c.channel)
    )
    return select(held.c.id.label("campaign"), word.label("key")).subquery("keys")


def called(reader: Reader | PluginReader, by: str, found: Iterable[Any]) -> Mapping[Any, str]:
    """Return what people call each row, by its key; None is business that no campaign is credited with."""
    wanted = [one for one in found if one is not None]
    names: dict[Any, str] = {one: str(one) or _("not said") for one in wanted}
    if by == "campaign":
        names |= campaign_titles(reader, wanted)
    elif by == "programme":
        c = programme.c
        names |= {row.id: row.name for row in reader.rows(select(c.id, c.name).where(c.id.in_(wanted)))}
    elif by == "type":
        names |= {one: _(one) for one in wanted if one}
    return names
