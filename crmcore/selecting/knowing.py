"""What is known of everybody, as columns: the values of names and traits, for figures and scores over all at once."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from attrs import frozen
from sqlalchemy import ColumnElement, Select, select

from crmcore.definitions.syntax import parse
from crmcore.directory.currency import currency
from crmcore.engine.borrowed import PluginReader
from crmcore.engine.reader import Reader
from crmcore.engine.visibility import SUMS_UP
from crmcore.hooks.selecting import CONTACT, NUMBER
from crmcore.selecting.compiling import Compiler
from crmcore.selecting.names import TABLES, names


@frozen(kw_only=True, eq=False)
class Known:
    """What is known of contacts or customers: `statement` selects `id`, `value_0`, `value_1`..., NULL where nothing is.

    `kinds` are those of the values, in the order in which they were asked: number, text, date, instant or truth.
    """

    asked: tuple[str, ...]
    kinds: tuple[str, ...]
    statement: Select[Any]


def known(reader: Reader | PluginReader, asked: Sequence[str], of: str = CONTACT, at: datetime | None = None) -> Known:
    """Return what is known of the contacts, or customers: names and traits as a selection has them, also calculated.

    `at` is what `NOW` and `TODAY` are to traits that know them; whatever else they tell is as it is now. Who was merged
    into another is left out. Raises `InvalidInput` for what cannot be asked.
    """
    zone, now = ZoneInfo(str(reader.settings().get("zone") or "UTC")), at or reader.now
    today = now.astimezone(zone).date()
    joined = names(reader, of, today)
    moments = {"today": today, "now": now}
    values = [
        Compiler(source=one, names=joined, today=today, zone=zone, moments=moments).value(parse(one)) for one in asked
    ]
    table = TABLES[of]
    columns: list[ColumnElement[Any]] = [
        (one.number if one.kind == NUMBER else one.known).label(f"value_{place}") for place, one in enumerate(values)
    ]
    statement = select(table.c.id, *columns).select_from(joined.source()).where(table.c.merged_into_id.is_(None))
    return Known(
        asked=tuple(asked),
        kinds=tuple(one.kind for one in values),
        statement=statement.execution_options(**{SUMS_UP: True}).params({**moments, "base": currency(reader)}),
    )
