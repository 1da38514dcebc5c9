"""What stands against mail to people at whose addresses nothing arrives."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import select

from crmcore.api import Act, Objection, PluginTransaction, tables
from crmcore_marketing.i18n import _
from crmcore_marketing.inbox.lost import BAD

_AT_ONCE = 5_000
_MARKETING = "marketing"


def objections(acts: Sequence[Act], tx: PluginTransaction) -> Iterator[Objection]:
    """Object to mail to contacts whose every address is known as bad: one statement for 5,000 of them.

    It holds back marketing; who writes for another purpose is told, and may know better.
    """
    asked = [act for act in acts if act.channel == "email" and act.contact_id is not None]
    for start in range(0, len(asked), _AT_ONCE):
        some = asked[start : start + _AT_ONCE]
        found = _addresses(tx, {act.contact_id for act in some})
        for act in some:
            states = found.get(act.contact_id or 0, ())
            bad = [value for value, status in states if status == BAD]
            if bad and len(bad) == len(states):
                yield Objection(
                    act=act,
                    reason=_("nothing arrives at {addresses}: mail to it came back").format(addresses=", ".join(bad)),
                    blocks=act.purpose == _MARKETING,
                    lift=_("an address that works, or a reply from this one"),
                )


def _addresses(tx: PluginTransaction, contact_ids: set[int | None]) -> dict[int, list[tuple[str, str]]]:
    p = tables.contact_point.c
    rows: Sequence[Any] = tx.rows(
        select(p.contact_id, p.value, p.status).where(p.contact_id.in_(contact_ids), p.kind == "email").order_by(p.id)
    )
    found: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for row in rows:
        found[row.contact_id].append((row.value, row.status))
    return found
