"""Single keys of a terminal (POSIX termios), and lines where a sentence is asked for."""

import os
import select
import termios
import tty
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from attrs import define, field

_ESCAPE, _SEQUENCE, _AT_ONCE = b"\x1b", 64, 0.05
"""What keys that send several characters begin with, how many at most, and within how many seconds they follow."""


@define
class Keys:
    """The keyboard of a terminal that gives each key as it is pressed, and shows none."""

    _fd: int
    _before: list[Any] = field(factory=list)

    def pressed(self, seconds: float) -> str | None:
        """Return the key that is pressed within so many seconds; None for none, '' where the keyboard is gone.

        A key that sends several characters, such as an arrow, is returned as all of them. Of keys that were pressed
        while nobody looked each is returned by itself; what was typed ahead of a line is left for the line.
        """
        if not self._is_ready(seconds):
            return None
        try:
            read = os.read(self._fd, 1)
            if read == _ESCAPE and self._is_ready(_AT_ONCE):
                read += os.read(self._fd, _SEQUENCE)
            return (read + self._rest(read)).decode("utf-8", "replace")
        except OSError:  # the terminal was closed
            return ""

    def _is_ready(self, seconds: float) -> bool:
        ready, _writing, _failed = select.select([self._fd], [], [], seconds)
        return bool(ready)

    def _rest(self, read: bytes) -> bytes:
        """Return the other bytes of a character (RFC 3629) that does not fit in one."""
        first = read[0] if read else 0
        more = 0 if first < 0xC0 else 1 if first < 0xE0 else 2 if first < 0xF0 else 3
        return b"".join(os.read(self._fd, 1) for _each in range(more))

    @contextmanager
    def line(self) -> Iterator[None]:
        """Let the terminal take whole lines, shown as they are typed, within a block."""
        termios.tcsetattr(self._fd, termios.TCSADRAIN, self._before)
        try:
            yield
        finally:
            tty.setcbreak(self._fd, termios.TCSADRAIN)


@contextmanager
def keys(fd: int) -> Iterator[Keys]:
    """Take the keyboard of a terminal for a while; it is as before at the end."""
    before = termios.tcgetattr(fd)
    tty.setcbreak(fd, termios.TCSADRAIN)
    try:
        yield Keys(fd, before)
    finally:
        termios.tcsetattr(fd, termios.TCSADRAIN, before)
