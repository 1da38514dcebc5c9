"""The server that takes our mail: one connection, kept while messages are given to it, each answered for itself."""

import smtplib
import ssl
from contextlib import suppress
from ipaddress import ip_address
from time import monotonic
from urllib.parse import urlsplit

from attrs import frozen

from crmcore.engine.borrowed import PluginReader
from crmcore.engine.reader import Reader
from crmcore.errors import CrmError, InvalidInput
from crmcore.i18n import _
from crmcore.settings.secrets import secret

TIMEOUT = 60.0
"""Seconds to wait for an answer of the server."""

SENT, FAILED, DEFERRED, UNKNOWN = "sent", "failed", "deferred", "unknown"

_PORTS = {"smtp": 587, "smtps": 465}
_CLOSING = 421  # by this a server ends the connection, whatever was asked
_FRESH = 2.0  # seconds after an answer for which the server is taken to listen still


class ServerUnreachable(CrmError):
    """No message can be given to the server now."""


@frozen(kw_only=True)
class Where:
    """A server: `smtps` speaks TLS from the beginning, `smtp` begins it when the server offers it, or `must`."""

    scheme: str
    host: str
    port: int
    user: str = ""
    must: bool = False

    @property
    def is_here(self) -> bool:
        """Return whether it is on this machine, where nobody listens in."""
        try:
            return ip_address(self.host).is_loopback
        except ValueError:
            return self.host == "localhost"


def server(reader: Reader | PluginReader) -> tuple[Where, str]:
    """Return the server that takes our mail, and the password for it; raises `InvalidInput` where none is named."""
    said = str(reader.setting("mail.smtp"))
    if not said:
        raise InvalidInput(
            _("No server is named that takes our mail; `crm setting set mail.smtp smtp://HOST:PORT` does.")
        )
    user = str(reader.setting("mail.smtp_user"))
    return server_at(said, user), secret(reader, "mail.smtp_password") if user else ""


def server_at(text: str, user: str = "") -> Where:
    """Return the server that a text names, such as `smtp://mail.example.com:587?starttls`."""
    found = urlsplit(text)
    return Where(
        scheme=found.scheme,
        host=found.hostname or "",
        port=found.port or _PORTS[found.scheme],
        user=user,
        must=found.query == "starttls",
    )


@frozen(kw_only=True)
class Answer:
    """What became of a message: sent, failed for good, deferred, or unknown; and what the server said."""

    status: str
    said: str = ""


class Line:
    """A connection to a server; opened when it is needed, and again when the server ended it."""

    def __init__(self, where: Where, password: str = "") -> None:
        self.where = where
        self._password = password
        self._smtp: smtplib.SMTP | None = None
        self._heard = 0.0  # when the server last took a message, or greeted

    def ready(self) -> None:
        """See to it that the server listens, before anything is said of a message; raises `ServerUnreachable`."""
        if self._smtp is not None:
            if monotonic() - self._heard < _FRESH:
                return
            with suppress(smtplib.SMTPException, OSError):
                if self._smtp.rset()[0] == 250:
                    return
            self.close()
        try:
            self._smtp, self._heard = self._opened(), monotonic()
        except (smtplib.SMTPException, OSError) as error:
            raise ServerUnreachable(
                _("The mail server {host}:{port} takes nothing: {why}").format(
                    host=self.where.host, port=self.where.port, why=_why(error)
                )
            ) from error

    def _opened(self) -> smtplib.SMTP:
        where = self.where
        if where.scheme == "smtps":
            smtp: smtplib.SMTP = smtplib.SMTP_SSL(
                where.host, where.port, timeout=TIMEOUT, context=ssl.create_default_context()
            )
        else:
            smtp = smtplib.SMTP(where.host, where.port, timeout=TIMEOUT)
        try:
            smtp.ehlo()
            if where.scheme == "smtp" and (where.must or smtp.has_extn("starttls")):
                smtp.starttls(context=ssl.create_default_context())
                smtp.ehlo()
            elif where.scheme == "smtp" and where.user and not where.is_here:
                raise smtplib.SMTPNotSupportedError(_("it offers no TLS, and the password is not said in the clear"))
            if where.user:
                smtp.login(where.user, self._password)
        except BaseException:
            smtp.close()
            raise
        return smtp

    def give(self, sender: str, to: str, content: bytes) -> Answer:
        """Give a message to the server, which is `ready`, and return what became of it.

        While the message itself is on its way an end of the connection leaves it unknown: the server may have it.
        """
        try:
            smtp, code, said = self._begun(sender)
            if code == 250:
                code, said = smtp.rcpt(to)
            if code not in (250, 251):
                return self._refused(code, said)
        except (smtplib.SMTPException, OSError, ServerUnreachable) as error:
            self.close()
            return Answer(status=DEFERRED, said=_why(error))
        try:
            code, said = smtp.data(content)
        except smtplib.SMTPDataError as error:
            return self._refused(error.smtp_code, error.smtp_error)
        except (smtplib.SMTPException, OSError) as error:
            self.close()
            return Answer(
                status=UNKNOWN, said=_("the connection ended before the server's answer: {why}").format(why=_why(error))
            )
        if code != 250:
            return self._refused(code, said)
        self._heard = monotonic()
        return Answer(status=SENT, said=_text(said))

    def _begun(self, sender: str) -> tuple[smtplib.SMTP, int, bytes]:
        """Begin a message, by a new connection when the server ended the one there was since the last message."""
        smtp, self._heard = self._smtp, 0.0
        if smtp is not None:
            with suppress(smtplib.SMTPServerDisconnected, OSError):
                code, said = smtp.mail(sender)
                if code != _CLOSING:
                    return smtp, code, said
            self.close()
        smtp = self._smtp = self._opened()
        return smtp, *smtp.mail(sender)

    def _refused(self, code: int, said: bytes | str) -> Answer:
        if code == _CLOSING:
            self.close()
        return Answer(status=FAILED if 500 <= code < 600 else DEFERRED, said=f"{code} {_text(said)}".strip())

    def close(self) -> None:
        """End the connection, politely if the server still listens."""
        smtp, self._smtp = self._smtp, None
        if smtp is not None:
            with suppress(smtplib.SMTPException, OSError):
                smtp.quit()
            smtp.close()


def _text(said: bytes | str) -> str:
    return " ".join((said.decode("utf-8", "replace") if isinstance(said, bytes) else said).split())[:500]


def _why(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{error.smtp_code} {_text(error.smtp_error)}"
    return _text(str(error)) or type(error).__name__
