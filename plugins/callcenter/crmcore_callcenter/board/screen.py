"""A screen that is drawn over and over in one place: a terminal of the VT100 family (ECMA-48)."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TextIO

from crmcore_callcenter.board.layout import Line, filled

_OPEN, _CLOSE = "\x1b[?1049h\x1b[?25l", "\x1b[?25h\x1b[?1049l"
"""To a screen of its own without a cursor, and back to what was there before."""
_HOME, _REST = "\x1b[H", "\x1b[J"
_STYLES = {"": "", "bold": "\x1b[1m", "alert": "\x1b[31m"}
_PLAIN = "\x1b[0m"


@contextmanager
def opened(out: TextIO) -> Iterator[None]:
    """Take the terminal's other screen for a while; what was on it before is there again at the end."""
    out.write(_OPEN)
    out.flush()
    try:
        yield
    finally:
        out.write(_CLOSE)
        out.flush()


def draw(out: TextIO, lines: Sequence[Line], width: int) -> None:
    """Draw all lines at once over what is there: nothing is cleared first, so nothing flickers."""
    drawn = [f"{_STYLES[one.style]}{filled(one.text, width)}{_PLAIN if one.style else ''}" for one in lines]
    out.write(_HOME + "\r\n".join(drawn) + _REST)
    out.flush()
