"""What customers have of us: installed products, and contracts on them."""

from sqlalchemy import Column, Date, Float, Index, Integer, Table, Text, text

from crmcore.api import Amount, Fixed, Instant, Json
from crmcore_service.tables.base import CASCADE, key, metadata, origin, party, stamps, to, user, words

_NUMBERED = text("serial <> ''")

asset = Table(
    "service_asset",
    metadata,
    *key(),
    Column("product", Text, nullable=False),
    *words("model", "serial", "status"),
    *party(),
    user(),
    Column("installed_on", Date),
    Column("warranty_until", Date),
    Column("retired_on", Date),
    *words("place"),
    Column("latitude", Float),
    Column("longitude", Float),
    *words("note"),
    Column("custom", Json, nullable=False),
    Column("details", Json, nullable=False),
    *origin(),
    *stamps(),
    Index("ix_service_asset_customer", "customer_id"),
    Index("ix_service_asset_serial", "serial"),
    Index(
        "uq_service_asset_serial", "product", "serial", unique=True, sqlite_where=_NUMBERED, postgresql_where=_NUMBERED
    ),
    Index("ix_service_asset_installed", "installed_on"),
    Index("ix_service_asset_warranty", "warranty_until"),
    info={"searched": ("product", "model", "serial", "place", "note"), "owners": ()},
)

contract = Table(
    "service_contract",
    metadata,
    *key(),
    Column("name", Text, nullable=False),
    *words("number", "kind"),
    *party(),
    user(),
    to("level_id", "level"),
    Column("starts_on", Date),
    Column("ends_on", Date),
    Column("amount", Fixed),
    *words("currency"),
    Column("rate", Amount, nullable=False),
    Column("hours", Integer),
    to("renewed_from_id", "contract"),
    Column("closed_at", Instant),
    *words("note"),
    Column("custom", Json, nullable=False),
    Column("details", Json, nullable=False),
    *origin(),
    *stamps(),
    Index("ix_service_contract_customer", "customer_id", "ends_on"),
    Index("ix_service_contract_ends", "ends_on"),
    Index("ix_service_contract_number", "number"),
    Index("ix_service_contract_renewed", "renewed_from_id"),
    info={"searched": ("name", "number", "note"), "owners": ()},
)

cover = Table(
    "service_cover",
    metadata,
    *key(),
    to("contract_id", "contract", CASCADE),
    to("asset_id", "asset", CASCADE),
    Index("ix_service_cover_contract", "contract_id"),
    Index("ix_service_cover_asset", "asset_id"),
    info={"owners": ()},
)
"""Which installed products a contract is about; one without any is about all of the customer's."""
