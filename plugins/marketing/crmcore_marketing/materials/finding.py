"""Materials as they are listed and named."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from attrs import frozen
from sqlalchemy import Select, func, or_, select

from crmcore.api import InvalidInput, NotFound, PluginReader, Reader
from crmcore_marketing.i18n import _
from crmcore_marketing.tables import handout, material

_SHOWN = 5


@frozen(kw_only=True)
class MaterialView:
    """A material as it is listed: to how many people it was given, how often, and when last."""

    id: int
    code: str
    name: str
    kind: str
    product: str
    edition: str
    file: str
    days: int | None
    unit_cost: Decimal | None
    active: bool
    note: str
    people: int
    given: int
    last_at: datetime | None


def materials(
    reader: Reader, *, limit: int, after: int | None = None, active: bool | None = None, key: int | None = None
) -> list[MaterialView]:
    """Return materials in the order of their ids, each with how often it was given: one statement."""
    c, h = material.c, handout.c
    given = (
        select(
            h.material_id,
            func.count(h.contact_id.distinct()).label("people"),
            func.count().label("given"),
            func.max(h.at).label("last_at"),
        )
        .group_by(h.material_id)
        .subquery()
    )
    shown = [c[name] for name in MaterialView.__annotations__ if name in c]
    counted = (func.coalesce(given.c.people, 0).label("people"), func.coalesce(given.c.given, 0).label("given"))
    wanted: Select[Any] = (
        select(*shown, *counted, given.c.last_at)
        .join(given, given.c.material_id == c.id, isouter=True)
        .order_by(c.id)
        .limit(limit)
    )
    if after is not None:
        wanted = wanted.where(c.id > after)
    if active is not None:
        wanted = wanted.where(c.active.is_(active))
    if key is not None:
        wanted = wanted.where(c.id == key)
    return [MaterialView(**row._mapping) for row in reader.rows(wanted)]


def material_named(reader: Reader | PluginReader, text: str) -> Any:
    """Return the row (id, code, name, days) of the material that `text` names: its id, code or name.

    Raises `NotFound` for none, and `InvalidInput` with the candidates for several of a name.
    """
    c = material.c
    said = text.strip()
    columns = select(c.id, c.code, c.name, c.days)
    by_id = c.id == int(said) if said.isascii() and said.isdigit() and len(said) < 19 else None
    alike = or_(func.lower(c.code) == said.lower(), func.lower(c.name) == said.lower())
    rows = reader.rows(columns.where(alike if by_id is None else or_(alike, by_id)).order_by(c.id).limit(_SHOWN))
    exact = [row for row in rows if row.code.lower() == said.lower()]
    rows = exact or list(rows)
    if not rows:
        raise NotFound(_("There is no material “{text}”; crm marketing material list shows them.").format(text=text))
    if len(rows) > 1:
        listed = ", ".join(f"{row.code} {row.name}" for row in rows)
        raise InvalidInput(
            _("“{text}” may be one of several: {listed}. Give the code.").format(text=text, listed=listed)
        )
    return rows[0]
