"""How long it took from what was received to its commit: the last thousand, and the longest of all."""

from collections import deque

from attrs import define, field

_KEPT = 1_000


@define
class Delays:
    """Seconds that events waited."""

    most: float = 0.0
    _last: deque[float] = field(factory=lambda: deque(maxlen=_KEPT))

    def note(self, seconds: float) -> None:
        """Take one in."""
        self._last.append(seconds)
        self.most = max(self.most, seconds)

    def at(self, share: float) -> float:
        """Return the delay that such a share of the last did not exceed; 0 where there was none."""
        ordered = sorted(self._last)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else 0.0
