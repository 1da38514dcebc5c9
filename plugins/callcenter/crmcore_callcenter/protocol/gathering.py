"""The rows of one call brought together from a file in which rows of other calls lie between them."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Generic, TypeVar

from attrs import define, field, frozen

T = TypeVar("T")
A = TypeVar("A")

WINDOW = 10_000
"""So many rows are held, so that memory does not grow with the file. A row of a call that comes later than that after
the call's first is told of in a `Heard` of its own; by the call's id it is the same call all the same."""


_LAST = 32
"""So many groups with the same thing in common are compared, the last ones: names of channels are used again."""

_LARGE = 200
"""A call of more rows is not compared with others: it would cost the square of its rows."""


@frozen(kw_only=True)
class Piece(Generic[T]):
    """What one row tells. Those that share one of `keys` are of one call; those that share one of `perhaps` may be."""

    line: int
    keys: tuple[str, ...]
    perhaps: tuple[str, ...] = ()
    value: T


@define(eq=False)
class _Group(Generic[T]):
    """Pieces of one call, and what of their `perhaps` other groups have too."""

    pieces: list[Piece[T]] = field(factory=list)
    shared: dict[str, None] = field(factory=dict)


def never(_one: Sequence[T], _other: Sequence[T]) -> bool:
    """Return that two groups that may be one call are not."""
    return False


@define
class Gathering(Generic[T, A]):
    """Brings pieces together; `one_call(these, those)` decides for groups that may be of one call.

    What goes in that is no piece comes out as it is. Everything comes out in the order of its first line, the same
    each time.
    """

    one_call: Callable[[Sequence[T], Sequence[T]], bool] = never
    window: int = WINDOW
    _held: deque[_Group[T] | A] = field(factory=deque, init=False)
    _count: int = field(default=0, init=False)
    _sure: dict[str, _Group[T]] = field(factory=dict, init=False)
    _perhaps: dict[str, list[_Group[T]]] = field(factory=dict, init=False)

    def run(self, stream: Iterable[Piece[T] | A]) -> Iterator[tuple[T, ...] | A]:
        """Yield the pieces' values, call by call, and what else goes in."""
        for one in stream:
            if isinstance(one, Piece):
                self._add(one)
            else:
                self._held.append(one)
            self._count += 1
            while self._count > self.window:
                yield from self._first()
        while self._held:
            yield from self._first()

    def _first(self) -> Iterator[tuple[T, ...] | A]:
        one = self._held.popleft()
        if not isinstance(one, _Group):
            self._count -= 1
            yield one
        elif one.pieces:
            self._count -= len(one.pieces)
            self._forget(one)
            yield tuple(piece.value for piece in one.pieces)

    def _add(self, piece: Piece[T]) -> None:
        group = _Group([piece])
        self._held.append(group)
        for other in [self._sure[key] for key in piece.keys if key in self._sure]:
            group = self._merge(other, group) if other.pieces else group
        for key in piece.keys:
            self._sure[key] = group
        for key in piece.perhaps:
            known = self._perhaps.setdefault(key, [])
            if group not in known:
                known.append(group)
                del known[:-_LAST]
            if len(known) > 1:
                for each in known:
                    each.shared[key] = None
        self._compare(group)

    def _compare(self, group: _Group[T]) -> None:
        """Merge a group with those that turn out to be of the same call, by what it has in common with them."""
        found: _Group[T] | None = group
        while found is not None and len(group.pieces) <= _LARGE:
            found = next((each for each in self._others(group) if self.one_call(_values(group), _values(each))), None)
            group = self._merge(found, group) if found is not None else group

    def _others(self, group: _Group[T]) -> list[_Group[T]]:
        """Return the groups that have something in common with one."""
        others = {id(each): each for key in group.shared for each in self._perhaps.get(key, ()) if each is not group}
        return list(others.values())

    def _merge(self, one: _Group[T], other: _Group[T]) -> _Group[T]:
        """Put the pieces of two groups into the one that begins earlier, and return it."""
        if one is other:
            return one
        stays, goes = (one, other) if one.pieces[0].line <= other.pieces[0].line else (other, one)
        stays.shared.update(goes.shared)
        for piece in goes.pieces:
            for key in piece.keys:
                self._sure[key] = stays
            for key in piece.perhaps:
                known = [each for each in self._perhaps.get(key, ()) if each is not goes]
                self._perhaps[key] = known if stays in known else [*known, stays]
        in_order = stays.pieces[-1].line < goes.pieces[0].line
        stays.pieces += goes.pieces
        if not in_order:
            stays.pieces.sort(key=lambda each: each.line)
        goes.pieces = []
        return stays

    def _forget(self, group: _Group[T]) -> None:
        for piece in group.pieces:
            for key in piece.keys:
                self._sure.pop(key, None)
            for key in piece.perhaps:
                known = [each for each in self._perhaps.get(key, ()) if each is not group]
                if known:
                    self._perhaps[key] = known
                else:
                    self._perhaps.pop(key, None)


def _values(group: _Group[T]) -> list[T]:
    return [piece.value for piece in group.pieces]
