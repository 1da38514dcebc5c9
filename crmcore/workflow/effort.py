"""What a workspace says about data entry: how many fields a stage may ask for, and how long typing one takes."""

from collections.abc import Mapping

from sqlalchemy import delete, insert

from crmcore.engine.tables import setting
from crmcore.engine.transaction import Transaction
from crmcore.engine.workspace import settings
from crmcore.errors import Denied
from crmcore.i18n import _
from crmcore.model import budget

SECONDS = "entry.seconds"
"""The setting that says how many seconds it takes to type a field, where it was not measured."""

DEFAULT_SECONDS = 12.0
"""A guess that a workspace replaces by its own: to find the field, think, and type a few words or digits."""


def seconds_per_field(known: Mapping[str, object]) -> float:
    """Return how long typing a field takes, as a workspace's settings say."""
    said = known.get(SECONDS)
    return float(said) if isinstance(said, int | float) and not isinstance(said, bool) else DEFAULT_SECONDS


def set_budget(tx: Transaction, *, fields: int | None = None, seconds: float | None = None) -> None:
    """Set how many manual fields a stage may ask for, and how long typing one takes.

    Raises `Denied` for anybody but an administrator.
    """
    if not tx.scope.manages and tx.actor.user_id:
        raise Denied(
            _("Only an administrator changes settings; {login} is {role}.").format(
                login=tx.actor.login, role=tx.actor.role
            )
        )
    known = settings(tx.connection)
    wanted = {budget.SETTING: fields, SECONDS: seconds}
    before = {budget.SETTING: budget.allowed_by(known), SECONDS: seconds_per_field(known)}
    for name, value in wanted.items():
        if value is None:
            continue
        tx.begin()
        tx.connection.execute(delete(setting).where(setting.c.name == name))
        tx.connection.execute(insert(setting).values(name=name, value=value))
        tx.record("setting.changed", "setting", 0, {name: [before[name], value]})
