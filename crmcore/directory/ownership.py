"""Nobody who left owns anything new: a rule of the core, kept for every writer."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import select

from crmcore.engine.tables import user_account
from crmcore.hooks.kinds import impl
from crmcore.i18n import _
from crmcore.model.change import Change

_OWNED = frozenset({"customer", "contact", "task"})


@impl
def crm_before_save(changes: Sequence[Change], tx: Any) -> Iterable[str]:
    """Refuse a deactivated user as the owner of a customer, a contact or an open task."""
    owners = {
        change.after["owner_id"]
        for change in changes
        if change.entity in _OWNED and change.after.get("owner_id") and _open(change, tx)
    } - {tx.actor.user_id}
    if not owners:
        return
    gone = select(user_account.c.login).where(user_account.c.id.in_(owners), user_account.c.active.is_(False))
    for row in tx.rows(gone.order_by(user_account.c.login).limit(20)):
        yield _("{login} is deactivated and owns nothing new").format(login=row.login)


def _open(change: Change, tx: Any) -> bool:
    if change.entity != "task":
        return True
    return bool({**(tx.as_read("task", change.id) or {}), **change.after}["status"] == "open")
