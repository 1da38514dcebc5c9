"""Handing over to whoever takes: one call for all, and each prospect's origin is linked to what was made of it."""

from collections.abc import Sequence
from typing import Any

from crmcore.engine import links
from crmcore.engine.bulk import Writer
from crmcore.errors import NotFound, PluginError
from crmcore.hooks.handing import Prospect, Taker
from crmcore.i18n import _


def hand_over(tx: Any, writer: Writer, prospects: Sequence[Prospect]) -> tuple[links.Place, ...]:
    """Let the first that is declared take the prospects; return (entity, id) of what became of each, in their order.

    Raises `NotFound` when nobody takes, and `PluginError` for a taker that does not answer for each of them.
    """
    takers: Sequence[Taker] = tx.declared("crm_takers")
    if not takers:
        raise NotFound(_("Nobody here takes over what is handed over: no plugin that does is enabled, such as sales."))
    if not prospects:
        return ()
    taker = takers[0]
    ids = tuple(taker.take(tx, tuple(prospects)))
    if len(ids) != len(prospects):
        raise PluginError(
            _("{taker} answered {n} records for {wanted} that were handed over.").format(
                taker=taker.name, n=len(ids), wanted=len(prospects)
            )
        )
    taken = tuple((taker.entity, int(each)) for each in ids)
    pairs = [(one.origin, target) for one, target in zip(prospects, taken, strict=True) if one.origin is not None]
    links.keep(tx, writer, pairs, links.BECAME)
    return taken
