"""Products as lists and single views, found by what people type."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from attrs import frozen
from sqlalchemy import func, or_, select

from crmcore.api import InvalidInput, NotFound, PluginReader, Reader
from crmcore_sales.i18n import _
from crmcore_sales.tables import product

_SHOWN = 10


@frozen(kw_only=True)
class ProductView:
    """A product as listed; `floor` is the lowest margin it is sold at, in per cent, where it has one of its own."""

    id: int
    code: str
    name: str
    family: str
    unit: str
    cost: Decimal | None
    currency: str
    floor: Decimal | None
    active: bool
    note: str
    custom: dict[str, Any]
    source: str
    version: int
    created_at: datetime
    updated_at: datetime


_COLUMNS = [product.c[each] for each in ProductView.__annotations__]


def page(
    reader: Reader, *, limit: int, after: int | None = None, family: str = "", active: bool | None = None
) -> list[ProductView]:
    """Return products in the order of their codes, from the one that follows the product `after`."""
    statement = select(*_COLUMNS).order_by(product.c.code).limit(limit)
    if family:
        statement = statement.where(product.c.family == family)
    if active is not None:
        statement = statement.where(product.c.active == active)
    if after is not None:
        code = reader.value(select(product.c.code).where(product.c.id == after))
        if code is None:
            raise NotFound(_("There is no product {id}.").format(id=after))
        statement = statement.where(product.c.code > code)
    return [ProductView(**row._mapping) for row in reader.rows(statement)]


def one(reader: Reader, text: str) -> ProductView:
    """Return the product that `text` names; raises as `found` does."""
    key = found(reader, [text])[text]
    return ProductView(**reader.rows(select(*_COLUMNS).where(product.c.id == key))[0]._mapping)


def found(reader: Reader, texts: Sequence[str]) -> Mapping[str, int]:
    """Return the ids of products by what was typed for them: a code, an id or a name. One statement.

    Raises `NotFound` for what names none, and `InvalidInput` with the candidates where it names several.
    """
    wanted = list(dict.fromkeys(text.strip() for text in texts))
    folded = [text.lower() for text in wanted]
    ids = [int(text) for text in wanted if text.isascii() and text.isdigit() and len(text) < 19]
    c = product.c
    rows = reader.rows(
        select(c.id, c.code, c.name)
        .where(or_(c.id.in_(ids), func.lower(c.code).in_(folded), func.lower(c.name).in_(folded)))
        .order_by(c.id)
        .limit(_SHOWN * max(len(wanted), 1))
    )
    return {text: _chosen(text.strip(), rows) for text in texts}


def _chosen(text: str, rows: Iterable[Any]) -> int:
    for alike in (
        [row for row in rows if row.code.lower() == text.lower()],
        [row for row in rows if row.name.lower() == text.lower()],
        [row for row in rows if str(row.id) == text],
    ):
        if len(alike) == 1:
            return int(alike[0].id)
        if alike:
            listed = ", ".join(f"{row.code} {row.name}" for row in alike)
            raise InvalidInput(
                _("“{text}” may be one of several: {listed}. Give the code.").format(text=text, listed=listed)
            )
    raise NotFound(_("There is no product “{text}”.").format(text=text))


def titles(reader: Reader | PluginReader, ids: Iterable[int | None]) -> dict[int, tuple[str, str]]:
    """Return (code, name) of products by id: one statement."""
    wanted = {each for each in ids if each is not None}
    c = product.c
    return {row.id: (row.code, row.name) for row in reader.rows(select(c.id, c.code, c.name).where(c.id.in_(wanted)))}
