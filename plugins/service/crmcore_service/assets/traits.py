"""What selections may ask about what customers have of us: installed products, warranties, contracts."""

from collections.abc import Iterator

from sqlalchemy import func, select

from crmcore.api import TODAY, Trait
from crmcore_service.i18n import _
from crmcore_service.tables import asset, contract

_a, _c = asset.c, contract.c
_ASSETS = (
    select(
        _a.customer_id,
        func.count().label("number"),
        func.min(_a.warranty_until).filter(_a.warranty_until >= TODAY).label("warranty_ends"),
    )
    .where(_a.customer_id.is_not(None), _a.retired_on.is_(None))
    .group_by(_a.customer_id)
    .subquery()
)
_CONTRACTS = (
    select(_c.customer_id, func.max(_c.ends_on).label("ends"))
    .where(_c.customer_id.is_not(None), _c.closed_at.is_(None))
    .group_by(_c.customer_id)
    .subquery()
)


def asset_traits() -> Iterator[Trait]:
    """Declare them, of customers."""
    yield Trait(
        name="assets", title=_("Installed products"), of="customer", kind="number", source=_ASSETS,
        key=_ASSETS.c.customer_id, value=_ASSETS.c.number, empty=0,
    )  # fmt: skip
    yield Trait(
        name="warranty_ends", title=_("When the next warranty of an installed product ends"), of="customer",
        kind="date", source=_ASSETS, key=_ASSETS.c.customer_id, value=_ASSETS.c.warranty_ends,
    )  # fmt: skip
    yield Trait(
        name="contract_ends", title=_("When the last of the service contracts ends"), of="customer", kind="date",
        source=_CONTRACTS, key=_CONTRACTS.c.customer_id, value=_CONTRACTS.c.ends,
    )  # fmt: skip
