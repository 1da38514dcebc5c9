"""Figures: declared once as SQL, computed in the database."""

import re
from collections.abc import Mapping
from typing import Any

from attrs import field, frozen
from attrs.validators import matches_re

TIMES = ("day", "week", "month", "quarter", "year")
"""The stretches of time by which every figure with a place in time can be grouped."""

_WORD = re.compile(r"[a-z][a-z0-9_]*")


@frozen(kw_only=True, eq=False)
class Metric:
    """A figure (KPI): an aggregate `value` over the rows of `source` that meet all `conditions`.

    All are SQLAlchemy expressions; `crmcore.api` has `total` for exact sums of amounts, `share` for a part of all rows
    in per cent, and `TODAY` and `NOW` for conditions that depend on when it is asked. `at` is the column that places a
    row in time: an instant, or a date; `day` one that holds a date where no instant is known; without `at` the figure
    is of the present. `dimensions` are columns to group by, under the shared names customer, contact, user (ids), team,
    channel, campaign, product, state, or the plugin's own words; with `user` come team and department by themselves.

    `record` is the column with the id of what is counted, `entity` its kind and `text` what is shown of it, for who
    asks which records a figure is made of; of a source that is one table with an `id` they need not be said.
    """

    name: str = field(validator=matches_re(r"[a-z][a-z0-9_.]*"))
    title: str
    value: Any
    source: Any
    at: Any = None
    day: Any = None
    unit: str = ""
    conditions: tuple[Any, ...] = ()
    dimensions: Mapping[str, Any] = field(factory=dict)
    record: Any = None
    entity: str = ""
    text: Any = None

    @dimensions.validator
    def _check_dimensions(self, _attribute: object, value: Mapping[str, Any]) -> None:
        for name in value:
            if name in TIMES or not _WORD.fullmatch(name):
                raise ValueError(f"figure {self.name}: a dimension cannot be called “{name}”")
