"""Choosing what is compared: campaigns, types, channels or programmes, as people name them."""

from collections.abc import Sequence
from decimal import Decimal

from crmcore.api import NotFound, Reader
from crmcore_marketing.attribution.crediting import TOUCHES, Span
from crmcore_marketing.attribution.keys import Keys, keys, only
from crmcore_marketing.attribution.returns import Line, Returns, returns
from crmcore_marketing.attribution.sums import NOTHING
from crmcore_marketing.campaigns.finding import campaign_named, campaign_titles
from crmcore_marketing.i18n import _


def chosen(reader: Reader, by: str, which: Sequence[str], span: Span) -> tuple[Keys, Returns, list[Line]]:
    """Return the rows, all their returns, and the lines that were named, in their order.

    A campaign that brought and cost nothing has a line of its own. Raises `NotFound` for a word that no campaign has.
    """
    if by == "campaign":
        ids = [campaign_named(reader, text) for text in which]
        rows = only(ids)
        found = returns(reader, rows, span)
        titles = campaign_titles(reader, ids)
        held = {one.key: one for one in found.lines}
        return rows, found, [held.get(key) or _empty(key, titles[key]) for key in dict.fromkeys(ids)]
    rows = keys(by)
    found = returns(reader, rows, span)
    words = {one.name.lower(): one for one in found.lines} | {str(one.key).lower(): one for one in found.lines}
    lines = []
    for text in dict.fromkeys(which):
        if text.lower() not in words:
            raise NotFound(
                _("There is nothing spent or won by “{text}”; there are: {known}.").format(
                    text=text, known=", ".join(one.name for one in found.lines)
                )
            )
        lines.append(words[text.lower()])
    return rows, found, lines


def _empty(key: int, name: str) -> Line:
    nothing = dict.fromkeys(TOUCHES, 0)
    return Line(
        key=key, name=name, spend=Decimal(0), members=0, responses=0, leads=nothing, won=dict.fromkeys(TOUCHES, NOTHING)
    )
