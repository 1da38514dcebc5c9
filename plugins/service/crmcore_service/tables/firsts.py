"""First visits: what the first-fix record of technicians is reckoned from, as a statement others build upon."""

from typing import Any

from sqlalchemy import Select, func, select, tuple_

from crmcore_service.tables.assets import asset
from crmcore_service.tables.orders import visit, work_order


def first_visits() -> Select[Any]:
    """Return the statement for the first visit of each order of which it is known whether it helped.

    Its columns: work_order_id, technician_id, at, fixed, and the model in lower case, which is what the order takes
    (`skill`), else the installed product's. Conditions are the caller's: a technician, a period.
    """
    v, o, earlier = visit.c, work_order.c, visit.alias("earlier").c
    before = select(earlier.id).where(
        earlier.work_order_id == v.work_order_id,
        tuple_(earlier.starts_at, earlier.id) < tuple_(v.starts_at, v.id),
    )
    return (
        select(
            v.work_order_id,
            v.technician_id,
            v.starts_at.label("at"),
            v.fixed,
            func.lower(func.coalesce(func.nullif(o.skill, ""), asset.c.model, "")).label("model"),
        )
        .join(work_order, o.id == v.work_order_id)
        .outerjoin(asset, asset.c.id == o.asset_id)
        .where(v.fixed.is_not(None), ~before.exists())
    )
