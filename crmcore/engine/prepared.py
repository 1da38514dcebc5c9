"""Asking a statement that was made once: building one anew costs many times what running it does."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, Select

from crmcore.engine.reader import Reader


def ask(reader: Reader, statement: Select[Any], **values: object) -> Sequence[Row[Any]]:
    """Return all rows of a statement that the actor may see; `values` fill the parameters the statement names."""
    return reader.connection.execute(reader.visibility.limit(statement), values).all()
