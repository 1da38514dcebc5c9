"""Single keys of a terminal (POSIX termios), and lines where a sentence is asked for."""

import os
import select
import termios
import tty
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from attrs import define, field

_SEQUENCE = 64


@define
class Keys:
    """The keyboard of a terminal that gives each key as it is pressed, and shows none."""

    _fd: int
    _before: list[Any] = field(factory=list)

    def pressed(self, seconds: float) -> str | None:
        """Return the key that is pressed within so many seconds; None for none, '' where the keyboard is gone.

        A key that sends several characters, such as an arrow, is returned as all of them.
        """
        ready, _writing, _failed = select.select([self._fd], [], [], seconds)
        if not ready:
            return None
        try:
            return os.read(self._fd, _SEQUENCE if os.isatty(self._fd) else 1).decode("utf-8", "replace")
        except OSError:  # the terminal was closed
            return ""

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
