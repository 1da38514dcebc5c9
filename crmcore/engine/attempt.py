"""Writing that may be refused, within a transaction that goes on."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy.exc import DataError, IntegrityError

from crmcore.engine.transaction import Transaction
from crmcore.errors import InvalidInput
from crmcore.i18n import _


@contextmanager
def attempt(tx: Transaction) -> Iterator[None]:
    """Write what the block collects, or nothing of it where something is refused: what was before it stays.

    At its end nothing is committed, and all records are let go of. What the database itself refuses, such as a value
    that is there already, is raised as `InvalidInput`.
    """
    tx.release()
    dbapi: Any = tx.connection.dialect.loaded_dbapi
    point = tx.connection.begin_nested()
    try:
        yield
        tx.release()
    except BaseException as error:
        point.rollback()
        tx.forget()
        if isinstance(error, IntegrityError | DataError | dbapi.IntegrityError | dbapi.DataError):
            why = str(getattr(error, "orig", None) or error).strip().partition("\n")[0]
            raise InvalidInput(_("the database does not take it: {why}").format(why=why)) from error
        raise
    point.commit()
