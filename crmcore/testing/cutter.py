"""Cutting connections: a door before a server that ends each connection after so many bytes as chance will have it."""

import socket
from contextlib import suppress
from random import Random
from threading import Thread


class Cutter:
    """Stands at `port` before a server on this machine, and counts its `cuts`; `random` makes them the same again."""

    def __init__(self, to: int, random: Random, *, least: int, most: int) -> None:
        self._to, self._random, self._least, self._most = to, random, least, most
        self.cuts = 0
        self._door = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._door.getsockname()[1])
        Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                ours, _address = self._door.accept()
                theirs = socket.create_connection(("127.0.0.1", self._to))
                left = [self._random.randrange(self._least, self._most)]
                for one, other in ((ours, theirs), (theirs, ours)):
                    Thread(target=self._carry, args=(one, other, left), daemon=True).start()

    def _carry(self, one: socket.socket, other: socket.socket, left: list[int]) -> None:
        with suppress(OSError):
            while some := one.recv(4096):
                left[0] -= len(some)
                if left[0] < 0:
                    self.cuts += 1
                    break
                other.sendall(some)
        for each in (one, other):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Take no more connections."""
        self._door.close()
