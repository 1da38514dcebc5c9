"""Touches in bulk: a workspace with marketing and sales enabled, its people met by campaigns five times each.

Two hundred campaigns are twenty trees of ten, of five types. Four touches of ten are engaging; one of 33 is of somebody
whose customer was not known then. Opportunities are those of the benchmark of sales, with costs of their products.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from attrs import frozen

from bench import data
from bench.deals import TODAY, amount, few, fill_rows, lines, opportunities
from bench.load import HIDDEN, Shape, day, fill, ids_are_taken, in_bulk, instant
from bench.place import Place, workspace
from bench.raw import Raw
from crmcore.app import App
from crmcore.engine.tables import contact, contact_point, customer, interaction, position
from crmcore.lifecycle import enabling

TYPES = ("exhibition", "lecture", "email", "web", "telemarketing")
CAMPAIGNS, TREE = 200, 10
_KINDS = ("sent", "click", "sent", "visit", "sent", "attended", "material", "reply", "sent", "material")
_ENGAGING = frozenset({"click", "visit", "attended", "reply"})
_FIRST_CAMPAIGN, _BASE, _PER_CONTACT = 10_000_000, 100_000_000, 5
_BEGIN = datetime(2022, 11, 22, 4, tzinfo=UTC)
_NOW = datetime.combine(TODAY, _BEGIN.timetz())
_MATERIAL = 9_000_000
_KEYS = ("sort_key", "name_key", "search")
_TABLES = (
    "customer",
    "contact",
    "contact_point",
    "position",
    "sales_opportunity",
    "sales_line",
    "marketing_touch",
    "marketing_member",
    "marketing_spend",
    "marketing_handout",
    "interaction",
)


@frozen(kw_only=True)
class Touched:
    """A workspace with touches: its address, how many there are, and the ids of its campaigns."""

    url: str
    touches: int
    campaign_ids: range
    now: datetime
    material_id: int


def touched(place: Place, contacts: int, deals: int) -> Touched:
    """Return a new workspace with so many contacts and opportunities, and five touches of each contact."""
    shape = Shape(customers=max(contacts // 5, 10), contacts=contacts)
    url = workspace(place)
    app = App(url)
    for name in ("sales", "marketing"):
        enabling.enable(app.engine, name)
    app.close()
    from crmcore_marketing.tables import (
        campaign,
        handout,
        material,
        member,
        spend,
    )  # the benchmark runs without them, too
    from crmcore_sales.tables import line, opportunity

    raw = Raw(url)
    few(raw)
    cost, own = amount(raw, 30_000), "CNY"
    raw.execute(raw.sql("UPDATE sales_product SET cost = ?, currency = ?"), (cost, own))
    fill_rows(raw, campaign, _campaigns(raw))
    with in_bulk(raw, _TABLES):
        _people(raw, shape)
        fill_rows(raw, opportunity, opportunities(raw, shape, deals))
        fill_rows(raw, line, lines(raw, deals))
        fill_rows(raw, spend, _spending(raw))
        fill_rows(raw, member, _members(raw, shape))
        _touches(raw, shape)
        fill_rows(raw, interaction, _talks(raw, shape))
        fill_rows(raw, material, [{"id": _MATERIAL, "version": 1, "code": "B", "active": True, **_stamps(raw)}])
        fill_rows(raw, handout, _handouts(raw, shape))
        ids_are_taken(raw, 20 * _BASE)
    raw.execute("VACUUM (ANALYZE)" if raw.dialect == "postgresql" else "ANALYZE")
    raw.close()
    return Touched(
        url=url, touches=_PER_CONTACT * contacts, campaign_ids=_campaign_ids(), now=_NOW, material_id=_MATERIAL
    )


def _people(raw: Raw, shape: Shape) -> None:
    """Add people with what figures read of them; one is private to somebody else, so every query leaves some out."""
    now = instant(raw, _BEGIN)
    stamps = {"version": 1, "created_at": now, "updated_at": now}
    fill_rows(raw, customer, (
        {"id": key, "name": f"Customer {key}", "kind": "organisation", **dict.fromkeys(_KEYS, f"{key}"), **stamps}
        for key in shape.customer_ids
    ))  # fmt: skip
    fill_rows(raw, contact, (
        {"id": key, "name": name, "private": key == HIDDEN, **dict.fromkeys(_KEYS, name.lower()), **stamps}
        for key, name in zip((HIDDEN, *shape.contact_ids), data.people(shape.contacts + 1), strict=True)
    ))  # fmt: skip
    fill_rows(raw, contact_point, (
        {"id": _BASE + n, "version": 1, "contact_id": key, "kind": "email", "value": data.address(n),
         "normal": data.address(n).lower()} for n, key in enumerate(shape.contact_ids)
    ))  # fmt: skip
    fill_rows(raw, position, (
        {"id": _BASE + n, "version": 1, "contact_id": key, "customer_id": shape.customer_ids[n % shape.customers]}
        for n, key in enumerate(shape.contact_ids)
    ))  # fmt: skip


def _campaign_ids() -> range:
    return range(_FIRST_CAMPAIGN, _FIRST_CAMPAIGN + CAMPAIGNS)


def _campaigns(raw: Raw) -> Iterator[Mapping[str, Any]]:
    now = instant(raw, _BEGIN)
    for n, key in enumerate(_campaign_ids()):
        top = key - n % TREE
        yield {
            "id": key, "version": 1, "name": f"Campaign {n}", "code": f"C{n}", "parent_id": None if top == key else top,
            "type": TYPES[n // TREE % len(TYPES)] if top == key else "", "status": "active", "currency": "CNY",
            "planned_cost": amount(raw, 1_000_000_00), "products": "[]", "outcome": "{}", "created_at": now,
            "updated_at": now,
        }  # fmt: skip


def _spending(raw: Raw) -> Iterator[Mapping[str, Any]]:
    for n in range(5 * CAMPAIGNS):
        yield {
            "id": _FIRST_CAMPAIGN + 10_000 + n, "version": 1, "campaign_id": _FIRST_CAMPAIGN + n % CAMPAIGNS,
            "amount": amount(raw, 10_000_00 + n * 1_000), "day": day(raw, date(2023, 1, 1) + timedelta(days=n)),
            "currency": "CNY", "rate": "1",
        }  # fmt: skip


def _members(raw: Raw, shape: Shape) -> Iterator[Mapping[str, Any]]:
    now = instant(raw, _BEGIN)
    for n in range(0, shape.contacts, 2):
        yield {
            "id": _BASE // 2 + n, "version": 1, "campaign_id": _FIRST_CAMPAIGN + n // 2 % CAMPAIGNS,
            "contact_id": shape.contact_ids[n], "customer_id": shape.customer_ids[n % shape.customers],
            "status": "sent", "responded_at": now if n % 10 == 0 else None, "created_at": now, "updated_at": now,
        }  # fmt: skip


def _stamps(raw: Raw) -> Mapping[str, Any]:
    return {"created_at": instant(raw, _BEGIN), "updated_at": instant(raw, _BEGIN)}


def _talks(raw: Raw, shape: Shape) -> Iterator[Mapping[str, Any]]:
    """Yield a talk or letter of each contact, of the last 30 days; one in seven got six in the last week."""
    for n in range(shape.contacts):
        often = n % 7 == 0
        at = instant(raw, _NOW - timedelta(hours=n * 7919 % (7 * 24 if often else 30 * 24), minutes=n % 60))
        for nth in range(6 if often else 1):
            yield {
                "id": 5 * _BASE + 6 * n + nth, "version": 1, "channel": "email", "direction": "out", "at": at,
                "moment": at, "contact_id": shape.contact_ids[n], "private": False, "details": "{}", **_stamps(raw),
            }  # fmt: skip


def _handouts(raw: Raw, shape: Shape) -> Iterator[Mapping[str, Any]]:
    """Yield the brochure given to every third contact within 120 days."""
    for n in range(0, shape.contacts, 3):
        yield {
            "id": 12 * _BASE + n, "version": 1, "material_id": _MATERIAL, "contact_id": shape.contact_ids[n],
            "at": instant(raw, _NOW - timedelta(hours=n * 7919 % (120 * 24))),
        }  # fmt: skip


def _touches(raw: Raw, shape: Shape) -> None:
    columns = ("id", "contact_id", "customer_id", "campaign_id", "at", "kind", "channel", "product", "engaging",
               "entity", "record_id")  # fmt: skip
    fill(raw, "marketing_touch", columns, _touch_rows(raw, shape))


def _touch_rows(raw: Raw, shape: Shape) -> Iterator[tuple[Any, ...]]:
    seconds = int((datetime.combine(TODAY, _BEGIN.timetz()) - _BEGIN).total_seconds())
    for n in range(_PER_CONTACT * shape.contacts):
        h = n * 2_654_435_761 % 4_294_967_296  # Knuth's multiplicative hash: spread, and the same in every run
        person, kind = n * 7919 % shape.contacts, _KINDS[h // 7 % len(_KINDS)]
        customer = None if h // 11 % 33 == 0 else shape.customer_ids[person % shape.customers]
        yield (
            _BASE + n, shape.contact_ids[person], customer, _FIRST_CAMPAIGN + h // 13 % CAMPAIGNS,
            instant(raw, _BEGIN + timedelta(seconds=h * 31 % seconds)), kind, "email", "", kind in _ENGAGING, "", None,
        )  # fmt: skip
