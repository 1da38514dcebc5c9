"""Where in a TOML file a table or key stands, so that a mistake can be pointed at; the parser does not tell."""

import re
from collections.abc import Sequence

_HEADER = re.compile(r"^\s*\[(\[)?(.+?)\]\]?\s*(?:#.*)?$")
_PART = re.compile(r"""\s*(?:"((?:\\.|[^"\\])*)"|'([^']*)'|([^.\s"']+))\s*(?:\.|$)""")

Path = Sequence[str | int]


class Places:
    """The lines of a TOML file by what stands there."""

    def __init__(self, text: str) -> None:
        self._lines = text.splitlines()
        self._headers: dict[tuple[str | int, ...], int] = {}
        counted: dict[tuple[str | int, ...], int] = {}
        for number, line in enumerate(self._lines, start=1):
            found = _HEADER.match(line)
            if found is None:
                continue
            path: tuple[str | int, ...] = tuple(one or two or three for one, two, three in _PART.findall(found[2]))
            if found[1]:
                at = counted[path] = counted.get(path, -1) + 1
                path = (*path, at)
            self._headers.setdefault(path, number)

    def line(self, path: Path) -> int:
        """Return the line of a table or key, or of the nearest thing around it; 0 when there is none."""
        for length in range(len(path), 0, -1):
            start = self._headers.get(tuple(path[:length]))
            if start is not None:
                return self._key(start, path[length:])
        return self._first_below(path) or self._key(0, path)

    def _first_below(self, path: Path) -> int:
        """Return the line of the first table whose name begins with the path; 0 when there is none."""
        start = tuple(path)
        return next((line for one, line in self._headers.items() if one[: len(start)] == start), 0)

    def _key(self, start: int, rest: Path) -> int:
        """Return the line below a header on which the first of the keys is said, or the header's own."""
        wanted = next((one for one in rest if isinstance(one, str)), None)
        if wanted is None:
            return start
        said = re.compile(rf"""^\s*["']?{re.escape(wanted)}["']?\s*[=.]|[{{,]\s*["']?{re.escape(wanted)}["']?\s*=""")
        for number in range(start, len(self._lines)):
            line = self._lines[number]
            if _HEADER.match(line) and not said.search(line):
                break
            if said.search(line):
                return number + 1
        return start
