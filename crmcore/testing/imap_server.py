"""An IMAP server on this machine, for tests that read mailboxes."""

import imaplib
import os
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryFile

from crmcore.mail.imap import quoted

CERTIFICATE = Path(__file__).parent / "localhost.pem"
"""The certificate of the servers of tests, with its key; clients trust it by the variable SSL_CERT_FILE."""
_PROGRAM = "import sys; from pymap.main import main; sys.exit(main())"
_PATIENCE = 60.0
_PORTS = 20_000
"""From here on are 10,000 ports that systems give to nobody by themselves: none is taken before the server has it."""


class ImapServer:
    """A process of its own (pymap, which must be installed) with an empty INBOX in memory; it offers STARTTLS.

    `user` and `password` log in; `url(folder)` is the address of a folder.
    """

    user, password = "demouser", "demopass"

    def __init__(self) -> None:
        self.port = _free()
        given = ("--host", "127.0.0.1", "--port", str(self.port), "--cert", str(CERTIFICATE), "--key", str(CERTIFICATE))
        self._said = TemporaryFile()  # noqa: SIM115 # a pipe that nobody reads would stop it once it is full
        self._process = subprocess.Popen(  # noqa: S603 # a program of tests
            [sys.executable, "-c", _PROGRAM, *given, "dict"], stdout=subprocess.DEVNULL, stderr=self._said
        )
        self._await()

    def _await(self) -> None:
        until = time.monotonic() + _PATIENCE
        while time.monotonic() < until and self._process.poll() is None:
            with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=1):
                return
            time.sleep(0.05)
        self._process.kill()
        self._process.wait()
        self._said.seek(0)
        raise RuntimeError(self._said.read().decode(errors="replace"))

    def url(self, folder: str = "INBOX", port: int = 0) -> str:
        """Return the address of a folder; by another `port` where something stands before the server."""
        return f"imap://{self.user}@localhost:{port or self.port}/{folder}"

    def connection(self) -> imaplib.IMAP4:
        """Return a connection that is logged in, as another program of the same person has it."""
        opened = imaplib.IMAP4("127.0.0.1", self.port)
        opened.starttls(ssl.create_default_context(cafile=str(CERTIFICATE)))
        opened.login(self.user, self.password)
        return opened

    def put(self, folder: str, mails: Iterable[bytes], flags: str = "") -> None:
        """Let mails come into a folder, which is made if it is not there."""
        opened = self.connection()
        if folder != "INBOX":
            opened.create(quoted(folder))
        for raw in mails:
            opened.append(quoted(folder), flags, "", raw)
        opened.logout()

    def empty(self, folder: str) -> None:
        """Remove a folder, or all that is in the INBOX."""
        opened = self.connection()
        if folder == "INBOX":
            opened.select()
            opened.store("1:*", "+FLAGS.SILENT", r"(\Deleted)")
            opened.expunge()
        else:
            opened.delete(quoted(folder))
        opened.logout()

    def end(self) -> None:
        """Stop it."""
        self._process.kill()
        self._process.wait()
        self._said.close()


def _free() -> int:
    """Return a port that nobody has; which it is depends on the process that asks."""
    for port in range(_PORTS + os.getpid() % 9_000, _PORTS + 10_000):
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise RuntimeError("there is no port for a server of tests")
