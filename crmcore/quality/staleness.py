"""When a contact counts as stale: nothing passed, and nothing was updated, for some months; 24 unless set otherwise."""

from calendar import monthrange
from datetime import UTC, datetime

from sqlalchemy import Connection, delete, insert

from crmcore.engine.tables import setting
from crmcore.engine.transaction import Transaction
from crmcore.engine.workspace import settings
from crmcore.errors import Denied
from crmcore.i18n import _

SETTING = "quality.stale_months"
DEFAULT_MONTHS = 24


def months(connection: Connection) -> int:
    """Return after how many months without a sign of life a contact is stale in this workspace."""
    value = settings(connection).get(SETTING)
    return value if isinstance(value, int) and value > 0 else DEFAULT_MONTHS


def set_months(tx: Transaction, value: int) -> None:
    """Set the number of months; raises `Denied` for anybody but an administrator."""
    if not tx.scope.manages and tx.actor.user_id:
        raise Denied(
            _("Only an administrator changes settings; {login} is {role}.").format(
                login=tx.actor.login, role=tx.actor.role
            )
        )
    before = months(tx.connection)
    tx.begin()
    tx.connection.execute(delete(setting).where(setting.c.name == SETTING))
    tx.connection.execute(insert(setting).values(name=SETTING, value=value))
    tx.record("setting.changed", "setting", 0, {SETTING: [before, value]})


def cutoff(now: datetime, count: int) -> datetime:
    """Return the instant `count` calendar months before `now`, in UTC; the last day of a shorter month."""
    year, month = divmod(now.year * 12 + now.month - 1 - count, 12)
    day = min(now.day, monthrange(year, month + 1)[1])
    return now.astimezone(UTC).replace(year=year, month=month + 1, day=day)
