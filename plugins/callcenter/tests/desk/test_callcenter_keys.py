"""The keyboard of the agent's screen: every key counts, also those that were pressed while nobody looked."""

import fcntl
import os
import pty
import select
import struct
import termios

import pytest
from crmcore_callcenter.desk.keys import keys


@pytest.fixture
def terminal():
    """Returns a way to type, and the keyboard on which it arrives."""
    ours, theirs = pty.openpty()

    def typed(text):
        data = text.encode()
        os.write(ours, data)
        while struct.unpack("i", fcntl.ioctl(theirs, termios.FIONREAD, bytes(4)))[0] < len(data):
            select.select([theirs], [], [], 0.01)

    with keys(theirs) as keyboard:
        yield typed, keyboard, theirs
    os.close(theirs)
    os.close(ours)


def test_keys_pressed_one_upon_the_other_are_each_returned(terminal):
    typed, keyboard, _fd = terminal
    typed("pb好\x1b[A")
    assert [keyboard.pressed(60) for _each in range(4)] == ["p", "b", "好", "\x1b[A"]
    assert keyboard.pressed(0) is None


def test_what_was_typed_ahead_of_a_line_is_the_line(terminal):
    typed, keyboard, fd = terminal
    typed("nChen Hao\n")
    assert keyboard.pressed(60) == "n"
    with keyboard.line():
        assert os.read(fd, 100) == b"Chen Hao\n"
    typed("q")
    assert keyboard.pressed(60) == "q"
