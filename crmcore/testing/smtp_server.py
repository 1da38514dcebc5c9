"""A mail server on this machine that takes mail, for tests that send."""

import json
import subprocess
import sys
from email import message_from_string, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

_SINK = Path(__file__).parent / "smtp_sink.py"


class MailServer:
    """A process of its own (`smtp_sink`) that keeps what it takes; `url` is for the setting mail.smtp.

    It needs aiosmtpd. Which addresses it refuses, and how, `smtp_sink` says.
    """

    def __init__(self, folder: Path) -> None:
        self._file = folder / "mail"
        self._file.touch()
        self._process = subprocess.Popen(  # noqa: S603 # our own program
            [sys.executable, str(_SINK), str(self._file)], stdout=subprocess.PIPE, text=True
        )
        said = self._process.stdout.readline() if self._process.stdout is not None else ""
        self.port = int(said)
        self.url = f"smtp://127.0.0.1:{self.port}"
        self._seen = self._read = self._counted = 0

    def forget(self) -> None:
        """Leave aside what came before."""
        self._seen = self._file.stat().st_size
        self._read = self._counted = 0

    def received(self) -> list[EmailMessage]:
        """Return what came since, each with `envelope_from` and `envelope_to` as headers."""
        with self._file.open(encoding="utf-8") as file:
            file.seek(self._seen)
            return [_mail(json.loads(line)) for line in file]

    def recipients(self) -> list[str]:
        """Return to whom what came since is, one for each message."""
        with self._file.open(encoding="utf-8") as file:
            file.seek(self._seen)
            return [json.loads(line)["to"][0] for line in file]

    def count(self) -> int:
        """Return how many came since; only what is new is read."""
        with self._file.open("rb") as file:
            file.seek(max(self._seen, self._read))
            self._counted += file.read().count(b"\n")
            self._read = file.tell()
        return self._counted

    def end(self) -> None:
        """Stop it."""
        self._process.kill()
        self._process.communicate()


def _mail(said: dict[str, Any]) -> EmailMessage:
    mail: EmailMessage = message_from_string(said["content"], policy=policy.SMTP)
    mail["envelope_from"], mail["envelope_to"] = said["from"], said["to"][0]
    return mail
