"""Making the children of a campaign at once: a tour of twenty cities is one campaign with twenty below it (S4-02)."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from itertools import count
from pathlib import Path

import attrs
from attrs import frozen
from sqlalchemy import select

from crmcore.api import InvalidInput, Rejection, Source, TableRow, Transaction, table_rows
from crmcore_marketing.campaigns.editing import add
from crmcore_marketing.i18n import _
from crmcore_marketing.model.campaign import Campaign
from crmcore_marketing.tables import campaign

_PLACE = ("place", "city", "地点", "城市")
_FROM, _TO = ("from", "StartDate", "start", "开始"), ("to", "EndDate", "end", "结束")
_COST = ("planned cost", "BudgetedCost", "cost", "预算")


@frozen(kw_only=True)
class Place:
    """A child to be made: where it is, and what is said of it alone."""

    place: str
    name: str = ""
    code: str = ""
    starts_on: date | None = None
    ends_on: date | None = None
    planned_cost: Decimal | None = None


def places_in(file: Path) -> list[Place]:
    """Return the places of a table, a row each; raises `InvalidInput` that names file and line."""
    found = []
    for row in table_rows(Source(path=file)):
        try:
            found.append(_place(row))
        except InvalidInput as error:
            raise InvalidInput(
                _("{file}, line {line}: {reason}").format(file=file, line=row.line, reason=error)
            ) from error
    return found


def _place(row: TableRow | Rejection) -> Place:
    if isinstance(row, Rejection):
        raise InvalidInput(row.reason)
    place, cost = row.text(*_PLACE), row.amount(*_COST)
    if not place:
        raise InvalidInput(_("it names no place"))
    return Place(
        place=place,
        name=row.text("name", "名称"),
        code=row.text("code", "编号"),
        starts_on=row.day(*_FROM),
        ends_on=row.day(*_TO),
        planned_cost=cost.value if cost else None,
    )


def split(tx: Transaction, parent_id: int, places: Sequence[Place]) -> tuple[list[Campaign], list[str]]:
    """Make a child of a campaign for each place; return them, and the places that have one already.

    They are called after the parent and the place, and their codes after the parent's code with a number.
    """
    parent = tx.get(Campaign, parent_id)
    tx.lock(Campaign, parent_id)
    c = campaign.c
    held = tx.rows(select(c.place, c.code).where(c.parent_id == parent_id))
    there, codes = {row.place.casefold() for row in held}, {row.code for row in held}
    numbered = (f"{parent.code}-{number:02}" for number in count(1))
    following = (code for code in numbered if code not in codes)
    made: list[Campaign] = []
    left: list[str] = []
    for one in places:
        if one.place.casefold() in there:
            left.append(one.place)
            continue
        there.add(one.place.casefold())
        said = attrs.asdict(one) | {"parent_id": parent_id, "name": one.name or f"{parent.name} {one.place}"}
        said["code"] = one.code or (next(following) if parent.code else "")
        made.append(add(tx, said))
        tx.filled[campaign.name, made[-1].id].update(("name", "code", "parent_id"))
    return made, left
