"""The numbers of quotes: one after the other in each year's series, each given once."""

from datetime import date
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite

from crmcore.api import Transaction
from crmcore_sales.tables import number


def draw(tx: Transaction, day: date) -> str:
    """Return the next number of a day's year, such as Q-2026-0007: the workspace's prefix, the year, a running number.

    The prefix is the setting `sales.quote_prefix`. Who draws at the same moment waits; a transaction that is given up
    gives its number back.
    """
    series = f"{tx.setting('sales.quote_prefix')}-{day.year}"
    tx.begin()
    dialect: Any = sqlite if tx.connection.dialect.name == "sqlite" else postgresql
    first = dialect.insert(number).values(series=series, last=1)
    following = first.on_conflict_do_update(index_elements=["series"], set_={"last": number.c.last + 1})
    given = tx.connection.execute(following.returning(number.c.last)).scalar_one()
    return f"{series}-{given:04}"
