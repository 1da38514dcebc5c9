"""Values of rows as JSON has them, and back."""

import base64
import json
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from sqlalchemy import Date, Float, LargeBinary, Numeric, Table, Time

from crmcore.engine.types import Amount, Fixed, Instant


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    raise TypeError(f"{type(value).__name__} has no JSON form")


_encoder = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=_plain)


def line(row: Mapping[str, Any]) -> bytes:
    """Return a row as one line of JSON in UTF-8: instants and dates in ISO 8601, decimals as text, bytes in base64."""
    return _encoder.encode(dict(row)).encode() + b"\n"


def readers(table: Table) -> dict[str, Callable[[str], Any]]:
    """Return by column how its values are read back from JSON, for those that JSON does not have."""
    found: dict[str, Callable[[str], Any]] = {}
    for column in table.columns:
        kind = column.type
        if isinstance(kind, Instant):
            found[column.name] = datetime.fromisoformat
        elif isinstance(kind, Date):
            found[column.name] = date.fromisoformat
        elif isinstance(kind, Time):
            found[column.name] = time.fromisoformat
        elif isinstance(kind, Amount | Fixed) or (isinstance(kind, Numeric) and not isinstance(kind, Float)):
            found[column.name] = Decimal
        elif isinstance(kind, LargeBinary):
            found[column.name] = base64.b64decode
    return found
