"""A real IMAP server on this machine: read by the worker, over TLS, where it was left, whoever looked in before."""

import time
from email.message import EmailMessage

import pytest

from crmcore.mail.imap import quoted

FOLDER = "活动/回复"


@pytest.fixture
def postbox(imap_server):
    """A connection of somebody else's to the same mailbox, and a folder with a Chinese name that is empty."""
    imap_server.put(FOLDER, [])
    connection = imap_server.connection()
    yield connection
    connection.logout()
    imap_server.empty(FOLDER)
    imap_server.empty("INBOX")


def written(number):
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = f"p{number}@firm{number}.example", "news@huaxin.example", "询价"
    mail["Message-ID"] = f"<{number}-{time.monotonic_ns()}@firm.example>"
    mail.set_content(f"请报价 {number}")
    return [mail.as_bytes()]


def flags_of(connection, folder):
    connection.select(quoted(folder), readonly=True)
    _answer, data = connection.uid("FETCH", "1:*", "(FLAGS)")
    return [rb"\Seen" in line for line in data if line]


def test_the_worker_reads_what_came_whoever_looked_first_and_marks_it_as_seen(office, imap_server, postbox, tmp_path):
    secret = tmp_path / "password"
    secret.write_text(imap_server.password + "\n")
    address = imap_server.url(FOLDER)
    for name, value in (("mailbox", address), ("mailbox_password", f"file:{secret}"), ("from", "news@huaxin.example")):
        office.crm("setting", "set", f"marketing.{name}", value, user="ann")
    imap_server.put(FOLDER, written(1))
    imap_server.put(FOLDER, written(2), r"(\Seen)")  # a person has read it in another program
    office.crm("worker", "--once", user="ann")
    (box,) = office.json("marketing", "inbox", "status", user="ann")
    assert (box["name"], box["mails"], box["kinds"], box["error"]) == (address, 2, {"other": 2}, "")
    assert flags_of(postbox, FOLDER) == [True, True]
    said = {one["contact_id"]: one["interaction_id"] for one in office.json("marketing", "inbox", "list", user="ann")}
    assert set(said) == {office.contacts[1], office.contacts[2]}
    assert all(said.values()), "a customer wrote: it is in the timeline"

    imap_server.put(FOLDER, written(3))
    told = office.json("marketing", "inbox", "read", user="ann")
    assert (told["read"], told["before"]) == (1, 0), "from where it was left"
    assert office.json("marketing", "inbox", "read", user="ann")["read"] == 0

    imap_server.put("INBOX", [*written(4), *written(5)])
    other = ("marketing", "inbox", "read", "--from", imap_server.url())
    assert "cannot be read" in office.crm(*other, user="ann", code=1).err, "our password goes to no other mailbox"
    told = office.crm(*other, "--json", user="ann", CRM_MAILBOX_PASSWORD=imap_server.password).json
    assert told["read"] == 2
    secret.write_text("wrong")
    refused = office.crm("marketing", "inbox", "read", user="ann", code=1)
    assert "cannot be read" in refused.err
    status = {one["name"]: one for one in office.json("marketing", "inbox", "status", user="ann")}
    assert "cannot be read" in status[address]["error"]
    assert status[address]["mails"] == 3
    secret.write_text(imap_server.password)
    office.json("marketing", "inbox", "read", user="ann")
    assert not any(one["error"] for one in office.json("marketing", "inbox", "status", user="ann"))
