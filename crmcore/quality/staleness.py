"""When a contact counts as stale: nothing passed, and nothing was updated, for some months; 24 unless set otherwise."""

from calendar import monthrange
from collections.abc import Iterable
from datetime import UTC, datetime

from sqlalchemy import Connection

from crmcore.engine.transaction import Transaction
from crmcore.engine.workspace import settings
from crmcore.hooks.kinds import impl
from crmcore.hooks.settings import Setting
from crmcore.i18n import _
from crmcore.settings.changing import change

SETTING = "quality.stale_months"
DEFAULT_MONTHS = 24


@impl
def crm_settings() -> Iterable[Setting]:
    """Declare after how many months."""
    yield Setting(
        name=SETTING, kind="number", whole=True, minimum=1, maximum=1200, default=DEFAULT_MONTHS,
        title=_("Months without a sign of life after which a contact is stale"),
    )  # fmt: skip


def months(connection: Connection) -> int:
    """Return after how many months without a sign of life a contact is stale in this workspace."""
    value = settings(connection).get(SETTING)
    return value if isinstance(value, int) and value > 0 else DEFAULT_MONTHS


def set_months(tx: Transaction, value: int) -> None:
    """Set the number of months; raises `Denied` for anybody but an administrator."""
    change(tx, SETTING, value)


def cutoff(now: datetime, count: int) -> datetime:
    """Return the instant `count` calendar months before `now`, in UTC; the last day of a shorter month."""
    year, month = divmod(now.year * 12 + now.month - 1 - count, 12)
    day = min(now.day, monthrange(year, month + 1)[1])
    return now.astimezone(UTC).replace(year=year, month=month + 1, day=day)
