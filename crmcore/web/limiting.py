"""How often an address on the net may ask: so many times in an hour, counted in the memory of the server."""

from collections import OrderedDict, deque
from ipaddress import IPv6Address, ip_address, ip_network
from threading import Lock

HOUR = 3600.0
_REMEMBERED = 20_000
"""Addresses that are remembered; the one that was silent longest is forgotten first."""


class Limiter:
    """Counts requests by page and address. A host has a whole network of IPv6 (/64) to itself: it counts as one."""

    def __init__(self) -> None:
        self._asked: OrderedDict[tuple[str, str], deque[float]] = OrderedDict()
        self._lock = Lock()

    def wait(self, page: str, address: str, most: int, now: float) -> float:
        """Count a request at a moment, in seconds; return 0, or the seconds to wait where there were `most` already."""
        key = page, _network(address)
        with self._lock:
            times = self._asked.pop(key, None) or deque(maxlen=most)
            self._asked[key] = times
            if len(self._asked) > _REMEMBERED:
                self._asked.popitem(last=False)
            if len(times) == most and now - times[0] < HOUR:
                return HOUR - (now - times[0])
            times.append(now)
        return 0.0


def _network(address: str) -> str:
    try:
        found = ip_address(address)
    except ValueError:
        return address
    if isinstance(found, IPv6Address) and found.ipv4_mapped is None:
        return str(ip_network((found, 64), strict=False))
    return str(found)
