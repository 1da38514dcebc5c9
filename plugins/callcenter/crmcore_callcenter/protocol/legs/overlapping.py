"""Messages that come a second time, as when two recordings overlap or a stream is read again."""

from collections.abc import Mapping

from attrs import define, field

KEPT = 20_000
"""So many of the last messages are remembered (by a hash)."""


@define
class Overlap:
    """Knows which messages were there before.

    Messages with a timestamp in microseconds or a number are their own: the same again is old. Others may come again in
    the same words and mean something new, such as a second hold: they are old if they go on with a run of old ones.
    After `resume` those that tell a state are old, too, until something new comes: taken for new, what a telephone was
    before would be what it is.
    """

    _places: dict[int, int] = field(factory=dict)
    _hashes: dict[int, int] = field(factory=dict)
    _next: int = 0
    _follows: int = -1
    _resumed: bool = False

    def resume(self) -> None:
        """Expect that what comes next was there before, as where one connects again."""
        self._follows, self._resumed = -1, True

    def old(self, message: Mapping[str, str], *, own: bool, state: bool = False) -> bool:
        """Return whether a message was there before, and remember it if not.

        `own`: it never comes twice anew; `state`: it tells how something is, which a list will tell again.
        """
        said = hash(frozenset(message.items()))
        place = self._places.get(said, -1)
        if self._follows >= 0 and self._hashes.get(self._follows) == said:
            self._follows += 1
        elif place >= 0 and (own or (state and self._resumed)):
            self._follows = place + 1
        else:
            self._follows, self._resumed = -1, False
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
