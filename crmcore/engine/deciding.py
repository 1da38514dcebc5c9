"""Deciding on acts: every objection gathered, by plugin; one that fails to answer counts as an objection to all."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import attrs
from sqlalchemy import Connection, select

from crmcore.engine.journal import plain
from crmcore.engine.portions import portions
from crmcore.engine.tables import position
from crmcore.hooks.policy import Act, Decision, Objection
from crmcore.i18n import _
from crmcore.model.entity import values
from crmcore.plugins.dispatch import Dispatcher

_NEVER = float("inf")


def decide(dispatcher: Dispatcher, tx: Any, acts: Sequence[Act]) -> tuple[Decision, ...]:
    """Return a decision for each act, in their order; each plugin is asked once for all of them.

    An act towards a contact who stands for one customer is one towards that customer, too: one statement for up to
    5,000 such acts.
    """
    acts = _with_customers(tx.connection, acts)
    asked = tuple(dict.fromkeys(acts))
    found: dict[Act, list[tuple[str, Objection]]] = defaultdict(list)
    for plugin, answer in dispatcher.objections("crm_objections", acts=asked, tx=tx) if asked else ():
        if isinstance(answer, Objection):
            found[answer.act].append((plugin, answer))
        else:  # the sentence that says how the plugin failed
            _object_to_all(found, asked, plugin, answer)
    strange = {plugin: None for act in found.keys() - set(asked) for plugin, _objection in found[act]}
    for plugin in strange:
        _object_to_all(
            found, asked, plugin, _("Plugin {plugin} objected to an act nobody asked about.").format(plugin=plugin)
        )
    decided = {act: _decision(act, found.get(act, ())) for act in asked}
    return tuple(decided[act] for act in acts)


def _with_customers(connection: Connection, acts: Sequence[Act]) -> Sequence[Act]:
    """Return the acts with the customer each contact stands for at the time, where there is one and none is said."""
    alone = [act.contact_id for act in acts if act.customer_id is None]
    held: dict[int, list[Any]] = defaultdict(list)
    p = position.c
    for ids in portions(alone):
        for row in connection.execute(select(p.contact_id, p.customer_id, p.ended).where(p.contact_id.in_(ids))):
            held[row.contact_id].append(row)
    return [_with_customer(act, held.get(act.contact_id or 0, ())) for act in acts] if held else acts


def _with_customer(act: Act, positions: Sequence[Any]) -> Act:
    now = {row.customer_id for row in positions if row.ended is None or row.ended >= act.at.date()}
    return attrs.evolve(act, customer_id=now.pop()) if act.customer_id is None and len(now) == 1 else act


def _object_to_all(
    found: dict[Act, list[tuple[str, Objection]]], acts: Sequence[Act], plugin: str, reason: str
) -> None:
    for act in acts:
        found[act].append((plugin, Objection(act=act, reason=reason)))


def _decision(act: Act, objections: Sequence[tuple[str, Objection]]) -> Decision:
    ordered = tuple(sorted(objections, key=_weight))  # equal weights stay in the order of the plugins
    return Decision(act=act, allowed=not any(one.blocks for _plugin, one in ordered), objections=ordered)


def _weight(said: tuple[str, Objection]) -> tuple[bool, float]:
    objection = said[1]
    return not objection.blocks, -(_NEVER if objection.until is None else objection.until.timestamp())


def told(decision: Decision) -> tuple[str, str, int, dict[str, Any]]:
    """Return a decision as the journal tells it: type, entity, subject and data.

    Each objection is told as [plugin, reason, blocks or warns, until when].
    """
    act = decision.act
    said = {name: plain(value) for name, value in values(act).items() if value not in ("", None, ())}
    objections = [
        [plugin, one.reason, "blocks" if one.blocks else "warns", plain(one.until)]
        for plugin, one in decision.objections
    ]
    return (
        "policy.allowed" if decision.allowed else "policy.refused",
        "contact" if act.contact_id else "customer",
        act.contact_id or act.customer_id or 0,
        {"act": said, "objections": objections},
    )
