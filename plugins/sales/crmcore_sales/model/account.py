"""What sales knows of a customer as an account."""

from crmcore.api import entity


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
