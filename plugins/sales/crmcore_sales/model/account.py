"""A customer as an account, and the tier it is in."""

from typing import Any

from attrs import field

from crmcore.api import InvalidInput, entity, required
from crmcore_sales.i18n import _


def _at_least_one(_instance: object, attribute: Any, value: int | None) -> None:
    if value is not None and value < 1:
        raise InvalidInput(_("A tier's {field} is at least 1, not {value}.").format(field=attribute.name, value=value))


@entity
class Tier:
    """A class of accounts with its contact plan: we talk to each `times` times within any `days` days.

    `executive_days`: and with somebody at executive level within that many. Tiers are listed by `rank`. What is
    `automatic` is written to by the plugin, with `subject` and `text`, not by a person. `everybody_else`: customers
    that nobody put in a tier belong to this one.
    """

    name: str = field(validator=required)
    rank: int = 0
    times: int = field(default=1, validator=_at_least_one)
    days: int = field(default=30, validator=_at_least_one)
    executive_days: int | None = field(default=None, validator=_at_least_one)
    automatic: bool = False
    everybody_else: bool = False
    subject: str = ""
    text: str = ""
    id: int = 0
    version: int = 0


@entity
class Account:
    """A customer as an account: its tier (key, major, mass, or A, B, C), where it lies, and who of ours backs it.

    `latitude` and `longitude` are in degrees (WGS 84, as schema.org's GeoCoordinates).
    """

    customer_id: int
    tier: str = ""
    region: str = ""
    latitude: float | None = None
    longitude: float | None = None
    sponsor_id: int | None = None
    note: str = ""
    id: int = 0
    version: int = 0
