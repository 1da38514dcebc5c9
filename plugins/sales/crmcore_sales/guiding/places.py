"""Where things lie, and how far that is as the crow flies."""

from collections.abc import Iterable
from math import asin, cos, radians, sin, sqrt

from attrs import frozen

_RADIUS = 6371.0


@frozen(kw_only=True)
class Place:
    """A place in degrees (WGS 84), and what it is called."""

    latitude: float
    longitude: float
    name: str = ""


def km(one: Place, other: Place) -> float:
    """Return the distance of two places in kilometres: the great circle on a sphere, 0.5 % at most beside the truth."""
    north = sin(radians(other.latitude - one.latitude) / 2)
    east = sin(radians(other.longitude - one.longitude) / 2)
    angle = north**2 + cos(radians(one.latitude)) * cos(radians(other.latitude)) * east**2
    return 2 * _RADIUS * asin(sqrt(angle))


def nearest(here: Place, others: Iterable[Place]) -> tuple[float, Place] | None:
    """Return the nearest of several places and how far it is in kilometres; None where there are none."""
    return min(((km(here, one), one) for one in others), key=lambda pair: pair[0], default=None)


def place(name: str, latitude: float | None, longitude: float | None) -> Place | None:
    """Return a place; None where nobody knows where it is."""
    if latitude is None or longitude is None:
        return None
    return Place(latitude=latitude, longitude=longitude, name=name)
