"""May the actor write this? Denied by default; asked once for a whole change set."""

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import select

from crmcore.engine.transaction import Transaction
from crmcore.engine.visibility import ALL, NONE, TEAM
from crmcore.errors import Denied
from crmcore.i18n import _
from crmcore.model.change import Change

_OWNER = {
    "customer": "owner_id", "contact": "owner_id", "task": "owner_id", "interaction": "user_id",
    "process_item": "owner_id",
}  # fmt: skip
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
    for entity, ids in _touched(tx, changes).items():
        table = tx.entities.named(entity).table
        owner = table.c[_OWNER[entity]]
        foreign = tx.connection.execute(
            select(table.c.id).where(table.c.id.in_(ids), owner.is_not(None), owner.not_in(own)).limit(1)
        ).scalar()
        if foreign is not None:
            raise Denied(
                _("{entity} {id} belongs to somebody else; {login} may change only own records (role {role}).").format(
                    entity=entity, id=foreign, login=actor.login, role=actor.role
                )
            )


def _team(tx: Transaction) -> set[int]:
    users = tx.entities.named("user_account").table
    return set(tx.connection.execute(select(users.c.id).where(users.c.team == tx.actor.team)).scalars())


def _touched(tx: Transaction, changes: Sequence[Change]) -> dict[str, set[int]]:
    """Return the stored records that own what is changed, by entity."""
    touched: dict[str, set[int]] = defaultdict(set)
    for change in changes:
        if change.entity in _OWNER:
            if change.action != "created":
                touched[change.entity].add(change.id)
            continue
        row = {**(tx.as_read(change.entity, change.id) or {}), **change.after}
        for name in tx.entities.named(change.entity).parents:
            if row.get(name):
                touched[name.removesuffix("_id") if name != "record_id" else str(row["kind"])].add(int(row[name]))
    return {entity: ids for entity, ids in touched.items() if entity in _OWNER}
