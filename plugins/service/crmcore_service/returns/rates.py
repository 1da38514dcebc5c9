"""What an hour costs, whose it is and from which day on."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from attrs import frozen
from sqlalchemy import select

from crmcore.api import NotifyTransaction, PluginReader, Reader, Transaction
from crmcore_service.model.gain import HourRate
from crmcore_service.tables import hour_rate

SETTING = "service.hour_rate"
_CENT, _HOUR = Decimal("0.01"), Decimal(60)
_MOST = 50_000


@frozen(kw_only=True)
class HourRates:
    """The rates of an hour by user (None: everybody), each with the days it holds from; else `otherwise`, if any."""

    days: Mapping[int | None, Sequence[date]]
    amounts: Mapping[int | None, Sequence[Decimal]]
    otherwise: Decimal | None

    def on(self, user_id: int | None, day: date) -> Decimal | None:
        """Return what an hour of a user costs on a day: the user's own rate, else everybody's, else the setting."""
        for whose in dict.fromkeys((user_id, None)):
            place = bisect_right(self.days.get(whose, ()), day)
            if place:
                return self.amounts[whose][place - 1]
        return self.otherwise

    def labour(self, user_id: int | None, day: date, minutes: int) -> Decimal | None:
        """Return what so many minutes of a user cost, to the cent; None where no rate is known."""
        rate = self.on(user_id, day)
        return None if rate is None else (rate * minutes / _HOUR).quantize(_CENT)


def hour_rates(reader: Reader | PluginReader) -> HourRates:
    """Return all rates of hours: two statements."""
    c = hour_rate.c
    days: dict[int | None, list[date]] = defaultdict(list)
    amounts: dict[int | None, list[Decimal]] = defaultdict(list)
    for row in reader.rows(select(c.user_id, c.since, c.amount).order_by(c.since, c.id).limit(_MOST)):
        days[row.user_id].append(row.since)
        amounts[row.user_id].append(row.amount)
    setting = reader.setting(SETTING)
    return HourRates(days=days, amounts=amounts, otherwise=None if setting is None else Decimal(str(setting)))


def set_rate(tx: Transaction | NotifyTransaction, amount: Decimal, since: date, user_id: int | None) -> HourRate:
    """Let an hour of a user, or of everybody who has no own rate, cost so much from a day on; what was spent stays.

    A rate from the same day is changed.
    """
    c = hour_rate.c
    for held in tx.load(HourRate, c.user_id == user_id if user_id else c.user_id.is_(None), c.since == since):
        held.amount = amount
        return held
    return tx.add(HourRate(user_id=user_id, since=since, amount=amount))
