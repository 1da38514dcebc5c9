"""Fixed is exact on both databases, and the databases themselves compare, sort and sum it."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Column, Integer, MetaData, Table, create_engine, func, insert, select
from sqlalchemy.exc import StatementError

from crmcore.api import Fixed
from crmcore.errors import InvalidInput
from crmcore.exporting.tables import portable

TABLE = Table("purse", MetaData(), Column("id", Integer, primary_key=True), Column("amount", Fixed))


def _filled(url, amounts):
    engine = create_engine(url)
    TABLE.create(engine)
    with engine.begin() as connection:
        connection.execute(insert(TABLE), [{"amount": each} for each in amounts])
    return engine


def test_it_is_summed_compared_and_weighed_exactly(url):
    amounts = [Decimal(1600000), Decimal("0.01"), Decimal("-12.3456"), Decimal("99999999999999.99"), None]
    engine = _filled(url, amounts)
    c = TABLE.c.amount
    with engine.connect() as connection:
        assert connection.scalar(select(func.sum(c))) == sum(each for each in amounts if each is not None)
        assert connection.scalars(select(c).where(c > Decimal("0.005")).order_by(c)).all() == [
            Decimal("0.01"), Decimal(1600000), Decimal("99999999999999.99")
        ]  # fmt: skip
        assert connection.scalar(select(func.sum(c * 45 // 100)).where(c == 1_600_000)) == Decimal(720000)
    engine.dispose()


def test_it_is_found_again_by_the_description_of_the_database(url):
    engine = _filled(url, [Decimal("12.30")])
    found = Table("purse", MetaData(), autoload_with=engine)
    assert isinstance(portable(found.c.amount.type), Fixed)
    engine.dispose()


@pytest.mark.parametrize("wrong", ["0.00001", "100000000000000"])
def test_what_does_not_fit_is_refused(url, wrong):
    engine = _filled(url, [Decimal(1)])
    with pytest.raises((InvalidInput, StatementError), match="does not fit"), engine.begin() as connection:
        connection.execute(insert(TABLE).values(amount=Decimal(wrong)))
    engine.dispose()


@given(st.decimals(min_value=-(10**13), max_value=10**13, places=4))
def test_what_is_written_is_read(amount):
    from sqlalchemy.dialects import sqlite

    kind = Fixed()
    assert kind.process_result_value(kind.process_bind_param(amount, sqlite.dialect()), sqlite.dialect()) == amount
