"""The connection to the server: encrypted, with a password, answered for each message, and taken up again."""

import asyncio
import ssl
from socket import SHUT_RDWR
from threading import Thread

import pytest
from aiosmtpd.smtp import SMTP, AuthResult

from crmcore.mail import Line, ServerUnreachable, server_at
from crmcore.testing.imap_server import CERTIFICATE

MAIL = b"Subject: x\r\n\r\n.line\r\n"


class Handler:
    """Answers as it is told."""

    def __init__(self):
        self.mail, self.rcpt, self.data, self.got, self.sessions = None, None, None, [], 0

    async def handle_EHLO(self, _server, session, _envelope, hostname, responses):
        self.sessions += 1
        session.host_name = hostname
        return responses

    async def handle_MAIL(self, server, _session, envelope, sender, _options):
        if self.mail:
            return await self._said(server, self.mail)
        envelope.mail_from = sender
        return "250 OK"

    async def handle_RCPT(self, server, _session, envelope, to, _options):
        if self.rcpt:
            return await self._said(server, self.rcpt)
        envelope.rcpt_tos.append(to)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        self.got.append((envelope.mail_from, envelope.rcpt_tos[0], bytes(envelope.content), session.ssl is not None))
        return await self._said(server, self.data) if self.data else "250 kept"

    async def _said(self, server, said):
        if said == "end":
            server.transport.abort()
            return "250 never heard"
        return said


@pytest.fixture
def served():
    """Start servers on this machine, each in a thread."""
    loop, servers = asyncio.new_event_loop(), []
    Thread(target=loop.run_forever, daemon=True).start()

    def start(handler, *, at_once=False, **options):
        async def begin():
            context = options.pop("tls", None)
            made = await loop.create_server(
                lambda: SMTP(handler, tls_context=None if at_once else context, **options),
                "127.0.0.1", 0, ssl=context if at_once else None,
            )  # fmt: skip
            servers.append(made)
            return made.sockets[0].getsockname()[1]

        return asyncio.run_coroutine_threadsafe(begin(), loop).result(10)

    yield start
    for one in servers:
        loop.call_soon_threadsafe(one.close)
    loop.call_soon_threadsafe(loop.stop)


def give(line, to="li@a.example"):
    line.ready()
    return line.give("bounce+x@b.example", to, MAIL)


def test_messages_go_by_one_connection_and_each_is_answered_for_itself(served):
    handler = Handler()
    line = Line(server_at(f"smtp://127.0.0.1:{served(handler)}"))
    assert [give(line).status, give(line).status] == ["sent", "sent"]
    assert handler.got == [("bounce+x@b.example", "li@a.example", MAIL, False)] * 2
    assert handler.sessions == 1
    for where, said, status in (
        ("rcpt", "550 5.1.1 no such mailbox", "failed"),
        ("rcpt", "452 4.2.2 mailbox full", "deferred"),
        ("mail", "451 try later", "deferred"),
        ("data", "554 5.7.1 spam", "failed"),
        ("data", "451 4.3.0 try later", "deferred"),
    ):
        setattr(handler, where, said)
        assert (give(line).status, give(line).said) == (status, said)
        setattr(handler, where, None)
        assert give(line).status == "sent", "the next one is not harmed"
    assert handler.sessions == 1
    line.close()


def test_an_end_of_the_connection_leaves_unknown_only_what_was_on_its_way(served):
    handler = Handler()
    line = Line(server_at(f"smtp://127.0.0.1:{served(handler)}"))
    handler.rcpt = "end"
    assert give(line).status == "deferred", "the server has not seen it"
    handler.rcpt, handler.data = None, "end"
    assert give(line).status == "unknown", "the server may have it"
    handler.data = "421 closing"
    assert give(line).status == "deferred"
    handler.data = None
    assert give(line).status == "sent"
    assert handler.sessions == 4, "a new connection after each end"
    line._smtp.sock.shutdown(
        SHUT_RDWR
    )  # the server has enough of this connection; it is seen when the next message begins
    assert give(line).status == "sent"
    assert handler.sessions == 5
    line.close()


def test_speaks_tls_and_says_the_password_only_then(served, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)

    def known(_server, _session, _envelope, _mechanism, said):
        return AuthResult(success=(said.login, said.password) == (b"crm", b"secret"), handled=False)

    options = {"tls": context, "authenticator": known, "auth_required": True}
    for scheme, more in (("smtp", {"require_starttls": True}), ("smtps", {"at_once": True, "auth_require_tls": False})):
        handler = Handler()
        where = server_at(f"{scheme}://localhost:{served(handler, **options, **more)}", "crm")
        line = Line(where, "secret")
        assert give(line).status == "sent"
        assert handler.got[0][3] or scheme == "smtps"
        line.close()
        with pytest.raises(ServerUnreachable, match="takes nothing: 535"):
            Line(where, "wrong").ready()
    with pytest.raises(ServerUnreachable, match="STARTTLS"):
        Line(server_at(f"smtp://127.0.0.1:{served(Handler())}?starttls")).ready()
    monkeypatch.setenv("SSL_CERT_FILE", "/nonexistent")
    with pytest.raises(ServerUnreachable, match="CERTIFICATE_VERIFY_FAILED"):
        Line(where, "secret").ready()


def test_a_server_that_does_not_listen_is_named():
    with pytest.raises(ServerUnreachable, match=r"The mail server 127\.0\.0\.1:1 takes nothing"):
        Line(server_at("smtp://127.0.0.1:1")).ready()
