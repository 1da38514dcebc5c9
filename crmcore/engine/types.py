"""Column types that behave alike on SQLite and PostgreSQL."""

from datetime import UTC, datetime
from decimal import Decimal
from operator import floordiv, mul, truediv
from typing import Any

from sqlalchemy import JSON, BigInteger, DateTime, Dialect, Integer, Numeric, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.dialects.sqlite.base import ischema_names
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.operators import OperatorType
from sqlalchemy.types import TypeDecorator, TypeEngine

from crmcore.errors import InvalidInput
from crmcore.i18n import _


class _IsoText(Text):
    """Text that SQLite declares as DATETIME, so that the database itself says which columns hold instants."""

    __visit_name__ = "DATETIME"


class Instant(TypeDecorator[datetime]):
    """An aware instant, read back in UTC. SQLite keeps it as ISO 8601 text in UTC, which sorts as time does."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Use text on SQLite: its own type would go through a format of SQLAlchemy's, value by value."""
        return dialect.type_descriptor(_IsoText() if dialect.name == "sqlite" else DateTime(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        """Turn an aware instant into UTC; a naive one is a programming error."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"naive datetime {value!r} given where an instant is needed")
        if value.tzinfo is not UTC:
            value = value.astimezone(UTC)
        return value.isoformat(" ", "microseconds")[:26] if dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """Give the instant its zone back."""
        if value is None:
            return None
        if dialect.name == "sqlite":
            return datetime.fromisoformat(value).replace(tzinfo=UTC)
        instant: datetime = value.astimezone(UTC)
        return instant


class Amount(TypeDecorator[Decimal]):
    """A decimal number kept as text: exact on SQLite too, where it is shown and compared but never summed."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> str | None:
        """Write the number in plain notation."""
        return None if value is None else format(value, "f")

    def process_result_value(self, value: str | None, dialect: Dialect) -> Decimal | None:
        """Read it back exactly."""
        return None if value is None else Decimal(value)


class _Units(BigInteger):
    """A whole number that SQLite declares as FIXED_INT, so that the database itself says what it means."""


@compiles(_Units)
def _declared(_type: _Units, _compiler: Any, **_options: Any) -> str:
    return "FIXED_INT"


_UNIT, _CENT = Decimal("0.0001"), Decimal("0.01")
_LARGEST = Decimal(10**14)


class Fixed(TypeDecorator[Decimal]):
    """An amount of money, or a quantity, with up to four decimals (no currency of ISO 4217 has more): exact in SQL.

    SQLite keeps it as a whole number of ten-thousandths, PostgreSQL as a number: both compare, sort and sum it, exactly
    and by themselves. What is finer, or not below 10^14, raises `InvalidInput`.
    """

    impl = Numeric
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Use a whole number where there are no exact decimals."""
        return dialect.type_descriptor(_Units() if dialect.name == "sqlite" else Numeric(18, 4))

    def coerce_compared_value(self, op: OperatorType | None, value: Any) -> TypeEngine[Any]:
        """Take what an amount is multiplied with, or divided by, for a plain number."""
        return Integer() if op in (mul, truediv, floordiv) else self

    def process_bind_param(self, value: Decimal | int | None, dialect: Dialect) -> Decimal | int | None:
        """Write the amount; raises `InvalidInput`."""
        if value is None:
            return None
        amount = Decimal(value)
        if abs(amount) >= _LARGEST or amount != amount.quantize(_UNIT):
            raise InvalidInput(_("{value} does not fit: at most four decimals, below 10^14.").format(value=value))
        return int(amount / _UNIT) if dialect.name == "sqlite" else amount

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        """Read it back exactly, with two decimals where more say nothing."""
        if value is None:
            return None
        amount = Decimal(value) * _UNIT if dialect.name == "sqlite" else Decimal(value)
        cents = amount.quantize(_CENT)
        return cents if cents == amount else amount


ischema_names["FIXED_INT"] = Fixed


class Key(TypeDecorator[str]):
    """Text by which rows are sorted and found: by code points on both databases, whatever the server's language.

    So pages have one order, and the beginning of a key can be looked up in an index.
    """

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Ask PostgreSQL for its plain collation; SQLite has no other."""
        return dialect.type_descriptor(Text(collation="C") if dialect.name == "postgresql" else Text())


# SQLite makes only INTEGER a rowid, which is what keeps look-ups by id to one page.
Id: TypeEngine[int] = BigInteger().with_variant(Integer, "sqlite")
Json: TypeEngine[Any] = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
