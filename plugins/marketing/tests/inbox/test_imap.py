"""A real IMAP server on this machine: read by the worker, over TLS, where it was left, whoever looked in before."""

import imaplib
import socket
import ssl
import subprocess
import sys
import time
from contextlib import suppress
from email.message import EmailMessage
from pathlib import Path

import pytest
from crmcore_marketing.inbox.imap import folder_named, quoted
from crmcore_marketing.inbox.opening import mailbox_at

from crmcore.api import InvalidInput

CERTIFICATE, KEY = (Path(__file__).parent / "data" / name for name in ("localhost.pem", "localhost.key"))
USER, PASSWORD = "demouser", "demopass"  # those of the server's sample data


@pytest.fixture(scope="module")
def port():
    """The port of a server that offers STARTTLS; its mails are in memory, a few of them there from the start."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        free = probe.getsockname()[1]
    given = ("--host", "127.0.0.1", "--port", str(free), "--cert", str(CERTIFICATE), "--key", str(KEY))
    program = "import sys; from pymap.main import main; sys.exit(main())"
    server = subprocess.Popen(
        [sys.executable, "-c", program, *given, "dict", "--demo-data"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    for _each in range(100):
        with suppress(OSError), socket.create_connection(("127.0.0.1", free), timeout=1):
            break
        assert server.poll() is None, server.communicate()[1].decode()
        time.sleep(0.1)
    yield free
    server.kill()
    server.communicate()


@pytest.fixture
def postbox(port):
    """A connection of somebody else's to the same mailbox, and a folder with a Chinese name that is empty."""
    connection = imaplib.IMAP4("127.0.0.1", port)
    connection.starttls(ssl.create_default_context(cafile=str(CERTIFICATE)))
    connection.login(USER, PASSWORD)
    connection.create(quoted("活动/回复"))
    yield connection
    connection.select("INBOX")
    connection.delete(quoted("活动/回复"))
    connection.logout()


def put(connection, folder, number, flags=""):
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = f"p{number}@firm{number}.example", "news@huaxin.example", "询价"
    mail["Message-ID"] = f"<{number}-{time.monotonic_ns()}@firm.example>"
    mail.set_content(f"请报价 {number}")
    connection.append(quoted(folder), flags, None, mail.as_bytes())


def flags_of(connection, folder):
    connection.select(quoted(folder), readonly=True)
    _answer, data = connection.uid("FETCH", "1:*", "(FLAGS)")
    return [rb"\Seen" in line for line in data if line]


def test_the_worker_reads_what_came_whoever_looked_first_and_marks_it_as_seen(
    office, port, postbox, tmp_path, monkeypatch
):
    folder = "活动/回复"
    secret = tmp_path / "password"
    secret.write_text(PASSWORD + "\n")
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    address = f"imap://{USER}@localhost:{port}/{folder}"
    for name, value in (("mailbox", address), ("mailbox_password", f"file:{secret}"), ("from", "news@huaxin.example")):
        office.crm("setting", "set", f"marketing.{name}", value, user="ann")
    put(postbox, folder, 1)
    put(postbox, folder, 2, r"(\Seen)")  # a person has read it in another program
    office.crm("worker", "--once", user="ann")
    (box,) = office.json("marketing", "inbox", "status", user="ann")
    assert (box["name"], box["mails"], box["kinds"], box["error"]) == (address, 2, {"other": 2}, "")
    assert flags_of(postbox, folder) == [True, True]
    said = {one["contact_id"]: one["interaction_id"] for one in office.json("marketing", "inbox", "list", user="ann")}
    assert set(said) == {office.contacts[1], office.contacts[2]}
    assert all(said.values()), "a customer wrote: it is in the timeline"

    put(postbox, folder, 3)
    told = office.json("marketing", "inbox", "read", user="ann")
    assert (told["read"], told["before"]) == (1, 0), "from where it was left"
    assert office.json("marketing", "inbox", "read", user="ann")["read"] == 0

    other = ("marketing", "inbox", "read", "--from", f"imap://{USER}@localhost:{port}/INBOX")
    assert "cannot be read" in office.crm(*other, user="ann", code=1).err, "our password goes to no other mailbox"
    told = office.crm(*other, "--json", user="ann", CRM_MAILBOX_PASSWORD=PASSWORD).json
    assert told["read"] > 1
    secret.write_text("wrong")
    refused = office.crm("marketing", "inbox", "read", user="ann", code=1)
    assert "cannot be read" in refused.err
    status = {one["name"]: one for one in office.json("marketing", "inbox", "status", user="ann")}
    assert "cannot be read" in status[address]["error"]
    assert status[address]["mails"] == 3
    secret.write_text(PASSWORD)
    office.json("marketing", "inbox", "read", user="ann")
    assert not any(one["error"] for one in office.json("marketing", "inbox", "status", user="ann"))


def test_a_mailbox_that_cannot_be_is_refused_in_a_sentence(port, monkeypatch):
    for wrong in ("imaps://host/INBOX", "imap://user:secret@host", "imap://user@host:notaport", "/nowhere/at/all"):
        with pytest.raises(InvalidInput, match=r"no mailbox|There is no"):
            mailbox_at(wrong)
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    untrusted = mailbox_at(f"imap://{USER}@localhost:{port}/")
    with pytest.raises(InvalidInput, match="certificate"), untrusted.opened(PASSWORD):
        pass
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    nowhere = mailbox_at(f"imap://{USER}@localhost:{port}/No%20such%20folder")
    with pytest.raises(InvalidInput, match="cannot be read"), nowhere.opened(PASSWORD):
        pass
    with mailbox_at(f"imap://{USER}@localhost:{port}").opened(PASSWORD) as opened:
        found = list(opened.mails({}))
        assert len(found) > 1, "the sample data of the server"
        assert not list(opened.mails(found[-1].position))
        assert len(list(opened.mails({**found[-1].position, "validity": 1}))) == len(found), "numbers began anew"


def test_names_of_folders_are_written_as_servers_read_them():
    assert quoted("INBOX") == '"INBOX"'
    assert quoted("R&D") == '"R&-D"'
    assert quoted("台北/日本語") == '"&U,BTFw-/&ZeVnLIqe-"'  # RFC 3501, 5.1.3
    assert folder_named("/%E6%B4%BB%E5%8A%A8") == "活动"
