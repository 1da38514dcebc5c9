"""What groups of deals are called: products by code, reps by login, weeks by number."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import select

from crmcore.api import Reader, logins
from crmcore_sales.forecasting.cells import MOST
from crmcore_sales.tables import product


def called(reader: Reader, by: str, keys: Iterable[Any]) -> Mapping[Any, str]:
    """Return the names of keys by one of `cells.BY`; an empty one where nothing is known. One statement at most."""
    wanted = set(keys)
    match by:
        case "owner":
            return {None: "", **logins(reader, wanted)}
        case "product":
            codes = select(product.c.id, product.c.code).where(product.c.id.in_(wanted - {None})).limit(MOST)
            return {None: "", **{row.id: row.code for row in reader.rows(codes)}}
        case "week":
            return {key: f"W{key}" if isinstance(key, int) else "" if key is None else str(key) for key in wanted}
    return {key: "" if key is None else str(key) for key in wanted}
