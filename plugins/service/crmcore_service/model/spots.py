"""Where things lie, in degrees, and how far apart that is as the crow flies."""

from math import asin, cos, radians, sin, sqrt

from attrs import frozen

_RADIUS = 6371.0


@frozen(kw_only=True)
class Spot:
    """A point in degrees (WGS 84), and what it is called."""

    latitude: float
    longitude: float
    name: str = ""


def km(one: Spot, other: Spot) -> float:
    """Return the distance of two points in kilometres: the great circle on a sphere, 0.5 % at most beside the truth."""
    north = sin(radians(other.latitude - one.latitude) / 2)
    east = sin(radians(other.longitude - one.longitude) / 2)
    angle = north**2 + cos(radians(one.latitude)) * cos(radians(other.latitude)) * east**2
    return 2 * _RADIUS * asin(min(1.0, sqrt(angle)))


def spot(name: str, latitude: float | None, longitude: float | None) -> Spot | None:
    """Return a point; None where nobody knows where it is."""
    if latitude is None or longitude is None:
        return None
    return Spot(latitude=latitude, longitude=longitude, name=name)
