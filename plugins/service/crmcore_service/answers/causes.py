"""What was behind tickets: how many of each cause, and which share was user error, by product or category."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from attrs import frozen
from sqlalchemy import ColumnElement, Select, case, func, literal, select

from crmcore.api import PluginReader, Reader, here, tables
from crmcore_service.answers.periods import period
from crmcore_service.tables import asset, category, ticket

BY = ("product", "category", "cause")
_USER_ERRORS = """
user_error user-error usererror user handling misuse operation
使用错误 用户错误 操作错误 用户操作 人为 误操作 使用不当
"""
USER_ERROR = (*_USER_ERRORS.split(), "user error", "operating error", "operation error", "handling error")
"""The words for a cause that say the user did it; others are faults of something else."""
_ROWS = 500


@frozen(kw_only=True)
class Cause:
    """Tickets of a product, category or cause: how many were solved, of how many it is known why, how many by users."""

    name: str
    solved: int
    known: int
    user_errors: int

    @property
    def share(self) -> float | None:
        """Return which share of those whose cause is known was user error, 0 to 1; None where none is known."""
        return self.user_errors / self.known if self.known else None


@frozen(kw_only=True)
class Fault:
    """A ticket and its cause: a case of the report."""

    id: int
    number: str
    resolved_at: datetime
    subject: str
    cause: str
    user_error: bool
    category: str
    product: str
    customer: str


def is_user_error() -> ColumnElement[bool]:
    """Return the condition that a ticket was for what its user did."""
    return func.lower(ticket.c.cause).in_(USER_ERROR)


def causes(
    reader: Reader | PluginReader, *, since: date | None = None, until: date | None = None, by: str = "category"
) -> tuple[Cause, Sequence[Cause]]:
    """Return the causes of the tickets solved in a period, as a whole and by product, category or cause.

    Three statements.
    """
    keys: dict[str, ColumnElement[Any]] = {
        "product": func.coalesce(asset.c.product, ""), "category": func.coalesce(category.c.name, ""),
        "cause": func.lower(ticket.c.cause),
    }  # fmt: skip
    within = _within(reader, since, until)
    (whole,) = reader.rows(_counts(literal(""), within))
    key = keys[by]
    grouped = _counts(key, within).group_by(key).order_by(func.count().desc(), key).limit(_ROWS)
    return Cause(**whole._mapping), [Cause(**row._mapping) for row in reader.rows(grouped)]


def faults(
    reader: Reader | PluginReader,
    *,
    limit: int,
    after: int | None = None,
    since: date | None = None,
    until: date | None = None,
    product: str = "",
    category_id: int | None = None,
    cause: str = "",
    user_errors: bool = False,
) -> list[Fault]:
    """Return the tickets solved in a period whose cause is known, the latest first: two statements."""
    t, f = ticket.c, tables.customer.c
    wanted: Select[Any] = (
        select(
            t.id, t.resolved_at, t.subject, t.cause, case((is_user_error(), 1), else_=0).label("user_error"),
            func.coalesce(category.c.name, "").label("category"), func.coalesce(asset.c.product, "").label("product"),
            func.coalesce(f.name, "").label("customer"),
        )
        .select_from(ticket)
        .join(category, category.c.id == t.category_id, isouter=True)
        .join(asset, asset.c.id == t.asset_id, isouter=True)
        .join(tables.customer, f.id == t.customer_id, isouter=True)
        .where(*_within(reader, since, until), t.cause != "")
        .order_by(t.id.desc())
        .limit(limit)
    )  # fmt: skip
    conditions = (
        (after is not None, t.id < (after or 0)),
        (bool(product), func.lower(asset.c.product) == product.lower()),
        (category_id is not None, t.category_id == category_id),
        (bool(cause), func.lower(t.cause) == cause.lower()),
        (user_errors, is_user_error()),
    )
    rows = reader.rows(wanted.where(*(condition for said, condition in conditions if said)))
    return [
        Fault(
            id=row.id, number=f"T{row.id}", resolved_at=row.resolved_at, subject=row.subject, cause=row.cause,
            user_error=bool(row.user_error), category=row.category, product=row.product, customer=row.customer,
        )
        for row in rows
    ]  # fmt: skip


def _within(reader: Reader | PluginReader, since: date | None, until: date | None) -> list[ColumnElement[bool]]:
    days = period(ticket.c.resolved_at, here(reader).zone, since, until)
    return [ticket.c.resolved_at.is_not(None), ticket.c.merged_into_id.is_(None), *days]


def _counts(name: ColumnElement[Any], within: Sequence[ColumnElement[bool]]) -> Select[Any]:
    return (
        select(
            name.label("name"),
            func.count().label("solved"),
            func.count().filter(ticket.c.cause != "").label("known"),
            func.count().filter(is_user_error()).label("user_errors"),
        )
        .select_from(ticket)
        .join(category, category.c.id == ticket.c.category_id, isouter=True)
        .join(asset, asset.c.id == ticket.c.asset_id, isouter=True)
        .where(*within)
    )
