"""May the actor write this? Denied by default; asked once for a whole change set."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Table, or_, select

from crmcore.engine.owners import owners, wholes
from crmcore.engine.transaction import Transaction
from crmcore.engine.visibility import ALL, NONE, TEAM
from crmcore.errors import Denied
from crmcore.hooks.entities import EntityType
from crmcore.i18n import _
from crmcore.model.change import Change

_MANAGED = {"user_account"}


def authorise(tx: Transaction, changes: Sequence[Change]) -> None:
    """Raise `Denied` unless the actor's role allows every change."""
    actor, scope = tx.actor, tx.scope
    if actor.user_id == 0:
        return
    if scope.write == NONE:
        raise Denied(_("{login} may read but not write (role {role}).").format(login=actor.login, role=actor.role))
    if not scope.manages and any(change.entity in _MANAGED for change in changes):
        raise Denied(
            _("Only an administrator changes users; {login} is {role}.").format(login=actor.login, role=actor.role)
        )
    if scope.write == ALL:
        return
    own = _team(tx) if scope.write == TEAM else {actor.user_id}
    for table, ids in _touched(tx, changes).items():
        columns = [table.c[name] for name in owners(table)]
        others = (or_(one.is_(None), one.not_in(own)) for one in columns)
        somebodys = or_(*(one.is_not(None) for one in columns))
        foreign = tx.connection.execute(
            select(table.c.id).where(table.c.id.in_(ids), somebodys, *others).limit(1)
        ).scalar()
        if foreign is not None:
            raise Denied(
                _("{entity} {id} belongs to somebody else; {login} may change only own records (role {role}).").format(
                    entity=table.name, id=foreign, login=actor.login, role=actor.role
                )
            )


def _team(tx: Transaction) -> set[int]:
    users = tx.entities.named("user_account").table
    return set(tx.connection.execute(select(users.c.id).where(users.c.team == tx.actor.team)).scalars())


def _touched(tx: Transaction, changes: Sequence[Change]) -> dict[Table, set[int]]:
    """Return the stored records that own what is changed, by their table."""
    touched: dict[Table, set[int]] = defaultdict(set)
    parts: dict[Table, set[int]] = defaultdict(set)
    for change in changes:
        entity = tx.entities.named(change.entity)
        if owners(entity.table):
            if change.action != "created":
                touched[entity.table].add(change.id)
            continue
        before: Mapping[str, Any] = tx.as_read(change.entity, change.id) or {}
        for row in (before, {**before, **change.after}):
            for whole, key in _wholes(tx, entity, row):
                (touched if owners(whole) else parts)[whole].add(key)
    for table, ids in parts.items():
        for name, whole in wholes(table).items():
            found = tx.connection.execute(select(table.c[name]).where(table.c.id.in_(ids), table.c[name].is_not(None)))
            touched[whole].update(found.scalars())
    return touched


def _wholes(tx: Transaction, entity: EntityType, row: Mapping[str, Any]) -> Iterator[tuple[Table, int]]:
    """Yield what a record is a part of, as its entity type or its table says."""
    pointed_at = wholes(entity.table)
    for name in {*entity.parents, *pointed_at}:
        whole = pointed_at[name] if name in pointed_at else tx.entities.tables.get(_entity(entity.table, name, row))
        if row.get(name) and whole is not None:
            yield whole, int(row[name])


def _entity(table: Table, name: str, row: Mapping[str, Any]) -> str:
    """Return the name of the entity that a column points at."""
    if name == "record_id":
        return str(row.get("kind"))
    pointed_at = (key.target_fullname.rpartition(".")[0] for key in table.c[name].foreign_keys)
    return next(pointed_at, name.removesuffix("_id"))
