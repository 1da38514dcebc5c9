"""A mail server that takes mail and keeps it in a file, as a process: `smtp_sink.py FILE`; it prints its port.

Each message is a line of JSON, written before the server says that it has it. What an address begins with tells what
happens: `nobody` is refused for good, `full` for the time being, `vanish` is taken and the connection ends unanswered.
"""

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP


class Sink:
    """Keeps what comes."""

    def __init__(self, file: Path) -> None:
        self._file = file.open("a", encoding="utf-8")

    async def handle_RCPT(self, _server: SMTP, _session: Any, envelope: Any, address: str, _options: Any) -> str:
        """Take a recipient, or refuse it."""
        if address.startswith("nobody"):
            return "550 5.1.1 no such mailbox"
        if address.startswith("full"):
            return "452 4.2.2 mailbox full"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, _session: Any, envelope: Any) -> str:
        """Keep a message, then say so, or end without a word."""
        said = {"from": envelope.mail_from, "to": envelope.rcpt_tos, "content": envelope.content.decode("ascii")}
        self._file.write(json.dumps(said) + "\n")
        self._file.flush()
        if envelope.rcpt_tos[0].startswith("vanish"):
            server.transport.abort()
        return "250 OK kept"


async def serve(file: Path) -> None:
    """Serve until killed."""
    sink = Sink(file)
    server = await asyncio.get_running_loop().create_server(lambda: SMTP(sink), "127.0.0.1", 0)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(Path(sys.argv[1])))
