"""What counts as having talked to somebody, as conditions on interactions."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_

from crmcore.api import tables

_NO_TALK = ("note",)
_NOT_HELD = ("planned", "tentative", "cancelled", "missed", "declined")


def talked(c: Any, now: datetime) -> ColumnElement[bool]:
    """Return the condition that an interaction is one that took place: no note to oneself, nothing still to come.

    `c` are the columns of the interaction table, or of an alias of it.
    """
    return and_(c.channel.not_in(_NO_TALK), c.status.not_in(_NOT_HELD), c.moment <= now)


def last_talk(customer_id: ColumnElement[Any], now: datetime, times: int = 1) -> ColumnElement[Any]:
    """Return when we talked to a customer, the `times`-th time counted from now: found through the index of its page.

    As a scalar subquery; NULL where we talked less often.
    """
    from sqlalchemy import select

    i = tables.interaction.alias().c
    return (
        select(i.moment)
        .where(i.customer_id == customer_id, talked(i, now))
        .order_by(i.moment.desc())
        .offset(times - 1)
        .limit(1)
        .scalar_subquery()
    )
