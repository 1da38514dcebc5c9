"""Who decides about a rep's quotes."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import or_, select

from crmcore.api import PluginReader, Reader, tables

MANAGER, ADMINISTRATOR = "manager", "admin"
_MOST = 1_000


def managers(reader: Reader | PluginReader, user_ids: Iterable[int | None]) -> dict[int, int]:
    """Return the manager of each user, by id: their own, else one of their team, else any, else an administrator.

    One who has none is left out. Two statements.
    """
    user = tables.user_account.c
    wanted = {each for each in user_ids if each is not None}
    columns = select(user.id, user.team, user.manager_id, user.role)
    reps = reader.rows(columns.where(user.id.in_(wanted)))
    deciding = reader.rows(
        columns.where(
            user.active.is_(True),
            or_(user.role.in_((MANAGER, ADMINISTRATOR)), user.id.in_({row.manager_id for row in reps} - {None})),
        )
        .order_by(user.id)
        .limit(_MOST)
    )
    found = {rep.id: _manager(rep, deciding) for rep in reps}
    return {rep: manager for rep, manager in found.items() if manager is not None}


def _manager(rep: Any, deciding: Sequence[Any]) -> int | None:
    others = [row for row in deciding if row.id != rep.id]
    for fits in (
        [row for row in others if row.id == rep.manager_id],
        [row for row in others if row.role == MANAGER and row.team == rep.team],
        [row for row in others if row.role == MANAGER],
        [row for row in others if row.role == ADMINISTRATOR],
    ):
        if fits:
            return int(fits[0].id)
    return None
