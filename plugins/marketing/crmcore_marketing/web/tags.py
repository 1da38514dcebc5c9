"""The tags by which an address says which campaign it belongs to (Urchin Tracking Module: utm_source, …)."""

from collections.abc import Iterable, Mapping
from urllib.parse import parse_qsl, urlsplit

from sqlalchemy import func, or_, select

from crmcore.api import PluginReader, Reader
from crmcore_marketing.tables import campaign
from crmcore_marketing.web.cleaning import clean

TAGS = ("utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content", "utm_id")
_LONGEST = 300
_AT_ONCE = 1_000


def tags_of(query: str) -> dict[str, str]:
    """Return the tags in the query of an address, decoded: encoded or not, the same tag reads the same."""
    found = parse_qsl(query, keep_blank_values=False, max_num_fields=100, errors="replace") if "utm_" in query else ()
    told = ((name, clean(value, _LONGEST)) for name, value in found if name in TAGS)
    return {name: value for name, value in told if value}


def tags_of_address(address: str) -> dict[str, str]:
    """Return the tags of a whole address; none for what is no address."""
    try:
        return tags_of(urlsplit(address).query)
    except ValueError:  # such as more fields than any address of a campaign has
        return {}


def campaigns_tagged(reader: Reader | PluginReader, tags: Iterable[Mapping[str, str]]) -> dict[str, int]:
    """Return the campaigns that tags name, by the value of utm_id or utm_campaign: their code, or else their name.

    One statement for each thousand. Where a name is that of several, the latest is meant.
    """
    said = sorted({value for one in tags for value in (one.get("utm_id"), one.get("utm_campaign")) if value})
    c = campaign.c
    found: dict[str, int] = {}
    for start in range(0, len(said), _AT_ONCE):
        some = {value.lower(): value for value in said[start : start + _AT_ONCE]}
        named = or_(func.lower(c.code).in_(some), func.lower(c.name).in_(some))
        rows = reader.rows(select(c.id, c.code, c.name).where(named).order_by(c.id))
        found.update({some[row.name.lower()]: row.id for row in rows if row.name.lower() in some})
        found.update({some[row.code.lower()]: row.id for row in rows if row.code.lower() in some})
    return found


def campaign_of(tags: Mapping[str, str], known: Mapping[str, int]) -> int | None:
    """Return the campaign that tags name, of those known; an id before a name."""
    return known.get(tags.get("utm_id", "")) or known.get(tags.get("utm_campaign", ""))
