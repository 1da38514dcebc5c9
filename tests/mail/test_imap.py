"""A real IMAP server on this machine: over TLS, by number from where it was left; and what cannot be opened."""

from email.message import EmailMessage

import pytest

from crmcore.errors import InvalidInput
from crmcore.mail import mailbox_at, portions
from crmcore.mail.imap import folder_named, quoted


def mail(number):
    made = EmailMessage()
    made["From"], made["Subject"], made["Message-ID"] = f"p{number}@firm.example", "询价", f"<{number}@firm.example>"
    made.set_content(f"请报价 {number}")
    return made.as_bytes()


def test_a_mailbox_that_cannot_be_is_refused_in_a_sentence(imap_server, monkeypatch):
    for wrong in ("imaps://host/INBOX", "imap://user:secret@host", "imap://user@host:notaport", "/nowhere/at/all"):
        with pytest.raises(InvalidInput, match=r"no mailbox|There is no"):
            mailbox_at(wrong)
    nowhere = mailbox_at(imap_server.url("No%20such%20folder"))
    with pytest.raises(InvalidInput, match="cannot be read"), nowhere.opened(imap_server.password):
        pass
    with pytest.raises(InvalidInput, match="cannot be read"), mailbox_at(imap_server.url()).opened("wrong"):
        pass
    monkeypatch.delenv("SSL_CERT_FILE")
    with pytest.raises(InvalidInput, match="certificate"), mailbox_at(imap_server.url()).opened(imap_server.password):
        pass


def test_a_folder_is_read_on_from_a_position_and_anew_when_the_server_numbers_anew(imap_server):
    imap_server.put("收件", [mail(number) for number in range(60)])
    try:
        with mailbox_at(imap_server.url("收件")).opened(imap_server.password) as opened:
            found = list(opened.mails({}))
            assert [b"<7@firm.example>" in one.content for one in found].index(True) == 7
            assert not list(opened.mails(found[-1].position))
            assert len(list(opened.mails({**found[-1].position, "validity": 1}))) == 60, "numbers began anew"
            assert [len(one) for one in portions(opened, {})] == [50, 10]
            assert [len(one) for one in portions(opened, found[56].position, lambda: True)] == [1, 1, 1]
    finally:
        imap_server.empty("收件")


def test_what_was_read_before_the_connection_ended_is_not_read_for_nothing(imap_server):
    imap_server.put("断线", [mail(number) for number in range(5)])
    read = []
    try:
        with (
            pytest.raises(InvalidInput, match="cannot be read"),
            mailbox_at(imap_server.url("断线")).opened(imap_server.password) as opened,
        ):
            mails = opened.mails({})
            for portion in portions(Ending(mails, opened.connection, 3), {}):
                read += portion
    finally:
        imap_server.empty("断线")
    assert [one.position["uid"] for one in read] == sorted(one.position["uid"] for one in read)
    assert len(read) == 3


class Ending:
    """A mailbox whose connection ends after so many mails."""

    def __init__(self, mails, connection, after):
        self._mails, self._connection, self._after = mails, connection, after

    def mails(self, _position):
        for number, one in enumerate(self._mails, 1):
            yield one
            if number == self._after:
                self._connection.shutdown()


def test_names_of_folders_are_written_as_servers_read_them():
    assert quoted("INBOX") == '"INBOX"'
    assert quoted("R&D") == '"R&-D"'
    assert quoted("台北/日本語") == '"&U,BTFw-/&ZeVnLIqe-"'  # RFC 3501, 5.1.3
    assert folder_named("/%E6%B4%BB%E5%8A%A8") == "活动"
