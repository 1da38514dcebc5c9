"""Messages that come a second time, as when two recordings overlap or a stream is read again."""

from collections.abc import Mapping

from attrs import define, field

KEPT = 20_000
"""So many of the last messages are remembered (by a hash)."""

_ONCE = ("newchannel", "hangup", "bridgecreate", "bridgedestroy", "localbridge")
"""Events whose message never comes twice in the same words: the same again means that older ones come again."""


@define
class Overlap:
    """Knows which messages were there before.

    With a timestamp in microseconds (`timestampevents=yes`) every message is its own. Without, the same words may be a
    new event, such as a second hold: then a message is old if it is one that comes only once, or goes on with a run of
    old ones.
    """

    _places: dict[int, int] = field(factory=dict)
    _hashes: dict[int, int] = field(factory=dict)
    _next: int = 0
    _follows: int = -1

    def old(self, event: str, message: Mapping[str, str]) -> bool:
        """Return whether a message was there before, and remember it if not."""
        said = hash(frozenset(message.items()))
        place = self._places.get(said, -1)
        if self._follows >= 0 and self._hashes.get(self._follows) == said:
            self._follows += 1
        elif place >= 0 and (event in _ONCE or "." in message.get("timestamp", "")):
            self._follows = place + 1
        else:
            self._follows = -1
            self._places[said] = self._next
            self._hashes[self._next] = said
            self._forget(self._next - KEPT)
            self._next += 1
            return False
        if self._follows == self._next:
            self._follows = -1
        return True

    def _forget(self, place: int) -> None:
        said = self._hashes.pop(place, None)
        if said is not None and self._places.get(said) == place:
            del self._places[said]
