"""What other currencies were worth, as the last entries of a ledger in them say.

A ledger is a table with the columns id, day, currency and rate: what a unit was worth in the workspace's currency on
that day, which stays as it was written.
"""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from sqlalchemy import Table, func, select

from crmcore.engine.borrowed import PluginReader
from crmcore.engine.reader import Reader
from crmcore.errors import InvalidInput
from crmcore.i18n import _


def latest_rates(
    reader: Reader | PluginReader, ledger: Table, codes: Iterable[str], base: str, until: date | None = None
) -> dict[str, Decimal]:
    """Return what currencies were worth when something was last written in them, until a day: one statement.

    One in which nothing ever was is not among them; the workspace's own (`base`) is.
    """
    c, others = ledger.c, sorted({code for code in codes if code and code != base})
    known = {base: Decimal(1)}
    if others:
        place = func.row_number().over(partition_by=c.currency, order_by=(c.day.desc(), c.id.desc()))
        asked = select(c.currency, c.rate, place.label("place")).where(c.currency.in_(others))
        held = (asked if until is None else asked.where(c.day <= until)).subquery()
        known |= {row.currency: row.rate for row in reader.rows(select(held).where(held.c.place == 1))}
    return known


def rate_on(
    reader: Reader | PluginReader, ledger: Table, code: str, base: str, day: date, said: Decimal | None = None
) -> Decimal:
    """Return what a unit of a currency is worth on a day: what is said, else what it last was in a ledger until then.

    Raises `InvalidInput` where nothing is known, and for a rate of the workspace's own currency.
    """
    if code == base and said not in (None, Decimal(1)):
        raise InvalidInput(_("{currency} is the workspace's own currency; it has no rate.").format(currency=code))
    found = said if said is not None else latest_rates(reader, ledger, {code}, base, day).get(code)
    if found is None:
        raise InvalidInput(
            _("What was a {currency} worth on {day}? Say --rate, in {base}.").format(currency=code, day=day, base=base)
        )
    return found
