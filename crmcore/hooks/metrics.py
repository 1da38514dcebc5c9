"""Figures: declared once as SQL, computed in the database."""

from collections.abc import Mapping
from typing import Any

from attrs import field, frozen
from attrs.validators import matches_re


@frozen(kw_only=True, eq=False)
class Metric:
    """A figure (KPI): an aggregate `value` over the rows of `source` that meet all `conditions`.

    All are SQLAlchemy expressions. `at` is the column that places a row in time (an instant or a date); `dimensions`
    are columns to group by, under the shared names customer, contact, user, team, channel, campaign, product, state.
    """

    name: str = field(validator=matches_re(r"[a-z][a-z0-9_.]*"))
    title: str
    value: Any
    source: Any
    at: Any
    unit: str = ""
    conditions: tuple[Any, ...] = ()
    dimensions: Mapping[str, Any] = field(factory=dict)
