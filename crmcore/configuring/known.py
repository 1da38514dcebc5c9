"""What definitions may speak of in a workspace: its entities with their fields, its figures, actions and people."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from attrs import frozen
from sqlalchemy import Boolean, Column, Date, Integer, select

from crmcore.engine.tables import user_account
from crmcore.engine.transaction import Transaction
from crmcore.engine.types import Amount, Fixed, Id, Instant, Json
from crmcore.model.definitions import Field, Process
from crmcore.model.user import ROLES

_SAMPLES: Mapping[str, Any] = {
    "number": 1.0, "money": 1.0, "date": date(2026, 1, 1), "boolean": True,
}  # fmt: skip


@frozen(kw_only=True)
class Known:
    """What definitions may speak of.

    `entities` has each entity's own fields with a value of their type, by which formulas are tried; `extensible` are
    those that take fields of the workspace's own; `facts` has a value of each fact of an entity's. `actions` has the
    arguments of each action by its name. `brought` are the processes that enabled plugins bring.
    """

    entities: Mapping[str, Mapping[str, Any]]
    extensible: frozenset[str]
    facts: Mapping[str, Mapping[str, Any]]
    metrics: frozenset[str]
    actions: Mapping[str, frozenset[str]]
    users: frozenset[str]
    teams: frozenset[str]
    brought: Mapping[str, Process]
    roles: frozenset[str] = frozenset(ROLES)


def known(tx: Transaction) -> Known:
    """Return what definitions may speak of in a transaction's workspace; one statement."""
    people = tx.connection.execute(select(user_account.c.login, user_account.c.team)).all()
    return Known(
        entities={
            one.name: {name: _sample(one.table.c[name]) for name in one.fields if name != "custom"}
            for one in tx.entities
        },
        extensible=frozenset(one.name for one in tx.entities if "custom" in one.fields),
        facts={one.name: {name: fact.sample for name, fact in one.facts.items()} for one in tx.entities},
        metrics=frozenset(one.name for one in tx.dispatcher.declared("crm_metrics")),
        actions={one.name: frozenset(one.arguments) for one in tx.dispatcher.declared("crm_actions")},
        users=frozenset(row.login for row in people),
        teams=frozenset(row.team for row in people),
        brought={one.name: one for one in tx.dispatcher.declared("crm_processes")},
    )


def _sample(column: Column[Any]) -> Any:
    kind: Any = column.type
    if isinstance(kind, Boolean):
        return True
    if isinstance(kind, Amount | Fixed | Integer) or kind is Id:
        return 1.0
    if isinstance(kind, Instant):
        return datetime(2026, 1, 1, tzinfo=UTC)
    if isinstance(kind, Date):
        return date(2026, 1, 1)
    return {} if kind is Json else "a"


def sample(field: Field) -> Any:
    """Return a value of a field's type, by which formulas are tried."""
    return _SAMPLES.get(field.type, field.choices[0] if field.choices else "a")
