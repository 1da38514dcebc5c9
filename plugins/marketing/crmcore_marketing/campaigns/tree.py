"""A campaign and those below it, in the order in which they are drawn."""

from collections import defaultdict

from attrs import evolve, frozen
from sqlalchemy import select

from crmcore.api import PluginReader, Reader
from crmcore_marketing.campaigns.finding import subtree
from crmcore_marketing.campaigns.views import CampaignView, views
from crmcore_marketing.tables import campaign


@frozen(kw_only=True)
class Branch:
    """A campaign, and how far it is below the one asked for."""

    campaign: CampaignView
    depth: int


def branches(reader: Reader | PluginReader, key: int, *, limit: int) -> list[Branch]:
    """Return a campaign and those below it, each before its own; children in the order of their days, then ids."""
    found = views(reader, select(campaign).where(campaign.c.id.in_(subtree(key))).order_by(campaign.c.id).limit(limit))
    below: dict[int | None, list[CampaignView]] = defaultdict(list)
    for one in found:
        below[one.parent.id if one.parent and one.id != key else None].append(one)
    drawn: list[Branch] = []
    open_ = [Branch(campaign=one, depth=0) for one in found if one.id == key]
    while open_:
        branch = open_.pop()
        drawn.append(branch)
        children = sorted(below[branch.campaign.id], key=lambda one: (str(one.starts_on or "9"), one.id), reverse=True)
        open_ += [Branch(campaign=one, depth=branch.depth + 1) for one in children]
    return drawn


def drawn(branch: Branch) -> CampaignView:
    """Return a campaign with its name as far to the right as it is below the one asked for."""
    return evolve(branch.campaign, name="  " * branch.depth + branch.campaign.name)
