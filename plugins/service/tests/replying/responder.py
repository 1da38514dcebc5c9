"""A mail server that answers whatever it takes, as a process: `responder.py MAILDIR KIND`; it prints its port.

Each mail is answered to its From address, whatever its envelope or headers ask for, into the maildir. `honest` says
that a machine answers, `thread` hides it and answers in the thread, `matter` begins a new matter each time.
"""

import asyncio
import sys
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from aiosmtpd.smtp import SMTP

MATTERS = (
    "valve gasket", "motor bearing", "invoice rebate", "display pixel", "sensor drift", "cable sheath", "filter dust",
    "piston ring", "relay coil", "hose clamp", "pedal spring", "nozzle tip", "brake disc", "lamp socket", "door hinge",
)  # fmt: skip


class Responder:
    def __init__(self, maildir, kind):
        self._maildir, self._kind, self._count = maildir, kind, 0

    async def handle_DATA(self, _server, _session, envelope):
        self._count += 1
        mail = message_from_bytes(envelope.content, policy=policy.SMTP)
        made = EmailMessage()
        made["From"], made["To"] = envelope.rcpt_tos[0], str(mail["From"])
        made["Message-ID"] = f"<answer-{self._count}@machine.example>"
        made["Date"] = str(mail["Date"])
        made["Subject"] = f"Re: {mail['Subject']}"
        text = "Thank you for your mail, it is dear to us.\n"
        if self._kind == "matter":
            text = MATTERS[self._count % len(MATTERS)]
            del made["Subject"]
            made["Subject"] = text.title()
        else:
            made["In-Reply-To"] = made["References"] = str(mail["Message-ID"])
        if self._kind == "honest":
            made["Auto-Submitted"] = "auto-replied"
        made.set_content(text)
        part = self._maildir / "tmp" / f"{self._count}.machine"
        part.write_bytes(made.as_bytes())
        part.rename(self._maildir / "new" / part.name)
        return "250 OK"


async def serve(maildir, kind):
    responder = Responder(maildir, kind)
    server = await asyncio.get_running_loop().create_server(lambda: SMTP(responder), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)  # noqa: T201
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(Path(sys.argv[1]), sys.argv[2]))
