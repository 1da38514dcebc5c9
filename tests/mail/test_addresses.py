"""Addresses as people type them, and the settings that are addresses of servers."""

import pytest

from crmcore.errors import InvalidInput
from crmcore.mail import mailbox_problem, name_of, new_token, parsed_address
from crmcore.mail.tokens import _ID_TOKEN


def test_an_address_has_a_name_or_not_and_anything_else_is_refused():
    assert str(parsed_address(" Li  Lei <li@a.example>")) == "Li Lei <li@a.example>"
    for nothing in (
        "",
        "Li Lei",
        "li@",
        "@a.example",
        "li@localdomain",
        "a@b@c.example",
        "li@a.example\nBcc: x@y.example",
    ):
        with pytest.raises(InvalidInput):
            parsed_address(nothing)


def test_a_message_is_known_again_by_its_name():
    token = new_token()
    found = _ID_TOKEN.search(f"<{name_of(token, 'huaxin.example').upper().replace('CRM-', 'crm-')}>")
    assert found is not None
    assert found.group(1).lower() == token


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        ("imaps://help@mail.example.com/INBOX", ""),
        ("imap://help@mail.example.com:1143", ""),
        ("maildir:/var/mail/help", ""),
        ("mbox:/var/mail/help", ""),
        ("imaps://help:secret@mail.example.com", "password"),
        ("pop3://help@mail.example.com", "cannot be used"),
        ("maildir:help", "cannot be used"),
        ("imap://help@mail .example.com", "cannot be used"),
    ],
)
def test_the_address_of_a_mailbox_is_checked_before_it_is_kept(typed, wrong):
    said = mailbox_problem(typed)
    assert (wrong in said) if wrong else not said


def test_the_server_that_takes_our_mail_is_the_workspaces(crm):
    crm("setting", "set", "mail.smtp", "smtps://mail.example.com")
    assert "cannot be used" in crm("setting", "set", "mail.smtp", "mail.example.com", code=1).stderr
    assert "password" in crm("setting", "set", "mail.smtp", "smtp://a:b@mail.example.com", code=1).stderr
    assert "secret" in crm("setting", "set", "mail.smtp_password", "hunter2", code=1).stderr
