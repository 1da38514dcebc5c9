"""Nobody who left owns anything new: a rule of the core, kept for every writer."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Table, select

from crmcore.engine.owners import is_under_way, owners
from crmcore.engine.tables import user_account
from crmcore.hooks.kinds import impl
from crmcore.i18n import _
from crmcore.model.change import Change


@impl
def crm_before_save(changes: Sequence[Change], tx: Any) -> Iterable[str]:
    """Refuse a deactivated user as an owner of anything that is not over."""
    owned = {one.name: one.table for one in tx.entities.owned}
    named = {
        change.after[name]
        for change in changes
        if change.entity in owned
        for name in owners(owned[change.entity])
        if change.after.get(name) and _is_under_way(owned[change.entity], change, tx)
    } - {tx.actor.user_id}
    if not named:
        return
    gone = select(user_account.c.login).where(user_account.c.id.in_(named), user_account.c.active.is_(False))
    for row in tx.rows(gone.order_by(user_account.c.login).limit(20)):
        yield _("{login} is deactivated and owns nothing new").format(login=row.login)


def _is_under_way(table: Table, change: Change, tx: Any) -> bool:
    return is_under_way(table, {**(tx.as_read(change.entity, change.id) or {}), **change.after})
