"""A call as its agent sees it, as lines of text and as data for programs."""

from collections.abc import Iterator, Sequence
from datetime import tzinfo
from typing import Any

from crmcore.api import Block
from crmcore_callcenter.desk.ringing import Ring
from crmcore_callcenter.i18n import _
from crmcore_callcenter.recognising.numbers import Match

_LINES, _LAST = 6, 5
"""How many lines of a block are shown, and how many of what passed between us."""
_TIMELINE = 90
"""The weight of the block of what passed between us."""
KEYS = "123456789"


def data(ring: Ring, state: str) -> dict[str, Any]:
    """Return a ring as `--json` prints it."""
    call = ring.call
    return {
        "call": {
            "id": call.id, "external_ids": call.external_ids, "direction": call.direction, "status": call.status,
            "from": call.from_number, "to": call.to_number, "started_at": call.started_at,
        },
        "state": state, "number": _number(ring), "name_shown": call.from_name, "queue": call.queue,
        "contact": ring.contact, "customer": ring.customer, "matches": list(ring.matches), "fields": dict(ring.fields),
        "country": ring.country, "earlier": list(ring.earlier),
        "brief": [
            {"plugin": plugin, "title": one.title, "headings": one.headings, "rows": one.rows, "data": one.data}
            for plugin, one in ring.about
        ],
    }  # fmt: skip


def lines(ring: Ring, state: str, zone: tzinfo) -> Iterator[str]:
    """Yield what an agent reads: who it is first, then what there is to know, shortened."""
    call = ring.call
    at = call.started_at.astimezone(zone).strftime("%H:%M:%S")
    head = (
        _(state),
        _number(ring) or _("number withheld"),
        f"“{call.from_name}”" if call.from_name else "",
        call.queue,
    )
    yield "  ".join((*(part for part in head if part), _("since {at}").format(at=at)))
    if ring.contact is not None or ring.customer is not None:
        yield " · ".join(one.name for one in (ring.contact, ring.customer) if one is not None)
    for name, value in ring.fields.items():
        yield f"  {name}: {value}"
    for key, match in zip(KEYS, ring.matches, strict=False):
        yield f"  {key}  {named(match)}: {match.why}"
    if ring.contact is None and not ring.matches:
        yield from _stranger(ring, zone)
    for _plugin, block in ring.about:
        yield from _block(block)


def named(match: Match) -> str:
    """Return what somebody who may be is called."""
    return " · ".join(name for name in (match.name, match.customer) if name)


def _number(ring: Ring) -> str:
    return ring.call.to_number if ring.call.direction == "out" else ring.call.from_number


def _stranger(ring: Ring, zone: tzinfo) -> Iterator[str]:
    country = _(" ({country})").format(country=ring.country) if ring.country else ""
    yield _("Nobody here has this number{country}.").format(country=country)
    for one in ring.earlier:
        at = one.started_at.astimezone(zone).strftime("%Y-%m-%d %H:%M")
        how = _("answered") if one.answered else _("not answered")
        yield "  " + "  ".join((at, _("we called") if one.direction == "out" else _("they called"), how))


def _block(block: Block) -> Iterator[str]:
    yield ""
    yield block.title
    shown: Sequence[tuple[str, ...]] = block.rows[: _LAST if block.weight == _TIMELINE else _LINES]
    for row in shown:
        yield "  " + "  ".join(cell for cell in map(str, row) if cell)
    if len(block.rows) > len(shown):
        yield _("  … {count} more").format(count=len(block.rows) - len(shown))
