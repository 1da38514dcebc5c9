"""What mails are by themselves: every real one, hand-checked; automatic answers; refusals; whatever bytes come."""

from email.message import EmailMessage

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmcore.formats.mail.mailbox import split_mbox
from crmcore.mail import KINDS, understood
from crmcore.mail.automatic import is_automatic
from crmcore.mail.refusing import refuses

HARD, SOFT, LATE = "hard", "soft", "late"

# Every mail in the folder that a machine sent, as a person reads it: its kind, the first address, and for how long.
REPORTS = {
    "apache_james-mime4j/badbound.msg": ("bounce", "", SOFT),  # a program behind the address failed; broken boundary
    "cpython/msg_05.txt": ("bounce", "", SOFT),  # declared as a report, and says nothing
    "cpython/msg_16.txt": ("bounce", "jangel1@cougar.noc.ucla.edu", SOFT),  # 5.0.0, disk quota
    "cpython/msg_25.txt": ("bounce", "", SOFT),  # too many hops; its boundary is cut off
    "cpython/msg_43.txt": ("bounce", "xxxxxxx@dot.ca.gov", SOFT),  # 5.7.1: the content was banned, not the address
    "jstedfast_MimeKit/content-length.mbox.txt": (
        "bounce",
        "newsletter-request@imusic.com",
        HARD,
    ),  # the 4th of the box
    "jstedfast_MimeKit/delivery-status.txt": ("bounce", "newsletter-request@imusic.com", HARD),  # err.nosuchuser
    "mailgun_flanker/broken-mime.eml": ("bounce", "", SOFT),  # plain text: ten attempts failed
    "mailgun_flanker/disposition-notification.eml": ("auto_reply", "", ""),  # it was displayed
    "mailgun_flanker/gmail-no-dns.eml": ("bounce", "user@example.comm", HARD),  # plain text: no such domain
    "mailgun_flanker/mailbox-full.eml": ("bounce", "user@aol.com", SOFT),  # 5.2.2
    "mailgun_flanker/no-mx.eml": ("delay", "user@example.com", LATE),  # still being tried
    "mailgun_flanker/yahoo.eml": ("complaint", "user@yahoo.com", SOFT),  # abuse, RFC 5965
    "mikel_mail/multi_address_bounce1.eml": ("bounce", "bbbbvhvbbvkjbhfbvbvjhb@gmail.com", HARD),  # five, all 5.1.1
    "mikel_mail/multipart_report_multiple_status.eml": ("bounce", "u@ci.com", SOFT),  # takes no mail by SMS
    "mikel_mail/report_530.eml": ("bounce", "edwin@zzzzzzz.com", HARD),  # 5.3.0, unknown address
}


def mails(folder):
    """Yield each real mail with the name of its file; a mailbox has several."""
    for path in sorted(folder.rglob("*")):
        if not path.is_file() or path.suffix in {".md", ".json", ".html"} or path.name == "LICENSE":
            continue
        name = str(path.relative_to(folder))
        if "mbox" in path.name:
            with path.open("rb") as file:
                yield from ((name, raw) for _line, raw in split_mbox(file))
        else:
            yield name, path.read_bytes()


def test_every_real_mail_is_one_of_the_kinds_and_those_of_machines_are_what_a_person_says(realworld):
    found, written, unreadable = {}, 0, []
    for name, raw in mails(realworld / "email"):
        letter = understood(raw)
        if letter.kind == "reply":
            written += 1
        elif letter.kind == "other":
            unreadable.append(name)
            assert letter.reason.startswith("line 1: no message"), name
        else:
            first = letter.failures[0] if letter.failures else None
            state = "" if first is None else LATE if first.late else HARD if first.hard else SOFT
            found[name] = (letter.kind, first.address if first else "", state)
    assert found == REPORTS
    assert (written, len(unreadable)) == (226, 39)
    assert len([name for name in unreadable if name.endswith(".msg")]) >= 7, "Outlook's own files are no mail"
    states = {name: understood(raw).failures for name, raw in mails(realworld / "email") if name in REPORTS}
    assert [one.status for one in states["mikel_mail/multi_address_bounce1.eml"]] == ["5.1.1"] * 5
    assert len(states["cpython/msg_43.txt"]) == 25
    assert states["mailgun_flanker/gmail-no-dns.eml"][0].why == "DNS Error: Domain name not found"


def letter(subject="Hello", body="Thank you, please call me.", sender="p1@firm1.example", **headers):
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"], mail["Message-ID"] = sender, "news@huaxin.example", subject, "<1@a>"
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(body)
    return mail.as_bytes()


@pytest.mark.parametrize(
    ("subject", "headers"),
    [
        ("Away until May 5", {"Auto_Submitted": "auto-replied"}),
        ("Automatic reply: Lecture", {"X_Auto_Response_Suppress": "All", "Return_Path": "<>"}),  # Exchange
        ("Re: Lecture", {"X_Autoreply": "yes", "Precedence": "bulk"}),
        ("Lecture", {"X_Apple_Action": "VACATION"}),
        ("Vielen Dank", {"Precedence": "auto_reply"}),
        ("Re: Lecture", {"Return_Path": "<>", "Precedence": "junk"}),  # BSD's vacation
        ("自动回复: 展会邀请", {}),  # QQ and Foxmail say it in the subject alone
        ("自动答复: 展会邀请", {}),
        ("回复：自动回复：展会邀请", {}),
        ("Abwesenheitsnotiz: Einladung", {}),
        ("Automatische Antwort: Einladung", {}),
        ("Réponse automatique : Invitation", {}),
        ("Respuesta automática: Invitación", {}),
        ("不在のお知らせ", {}),
        ("Out of Office: Lecture", {}),
        ("Lecture", {"sender": "No-Reply <no-reply@firm1.example>"}),
    ],
)
def test_a_machines_answer_is_none_of_a_person(subject, headers):
    assert understood(letter(subject, **headers)).kind == "auto_reply"


@pytest.mark.parametrize(
    ("subject", "headers"),
    [
        ("Re: Lecture", {"X_Auto_Response_Suppress": "DR, RN, NRN, OOF, AutoReply"}),  # Outlook, in people's letters
        ("Re: running server as root", {"Precedence": "bulk", "References": "<2@b>"}),  # an old list passed it on
        ("Re: Automatic lubrication of pumps", {}),
        ("Re: Lecture", {"Auto_Submitted": "no"}),
        ("Your delivery failed to arrive: order 12", {"References": "<2@b>"}),  # a customer about goods
        ("Re: Undelivered Mail Returned to Sender", {"In_Reply_To": "<2@b>"}),  # a person about such a mail
        ("自动化设备询价", {}),
    ],
)
def test_a_person_is_taken_for_a_person(subject, headers):
    assert understood(letter(subject, **headers)).kind == "reply"


@pytest.mark.parametrize(
    ("subject", "body"),
    [
        ("Re: Lecture", "STOP"),
        ("Re: Lecture", "Unsubscribe please"),
        ("unsubscribe", ""),
        ("Re: Lecture", "Hello,\n\nplease remove me from your mailing list.\n\nThank you\nAnna"),
        ("Re: Lecture", "Please take my address off this list. Regards"),
        ("Re: Lecture", "Do not send me any more emails."),
        ("Re: Lecture", "stop emailing me"),
        ("回复：展会", "退订"),
        ("回复：展会", "TD"),
        ("回复：展会", "你好：\n请不要再给我发邮件了。谢谢"),
        ("回复：展会", "请退订，谢谢！"),
        ("回复：展会", "别再发了"),
        ("回复：展会", "请停止发送此类广告邮件"),
        ("Re: Lecture", "I want to be removed from your newsletter, thanks"),
        ("Re: Lecture", "Please stop sending me these messages"),
        ("AW: Einladung", "Bitte abmelden"),
        ("RE: Invitation", "Me désinscrire"),
    ],
)
def test_who_wants_no_more_mail_is_heard(subject, body):
    assert refuses(subject, body)
    assert understood(letter(subject, body)).refuses


@pytest.mark.parametrize(
    ("subject", "body"),
    [
        ("Re: Lecture", "Thank you, I shall come. Please do not send a car, I take the train."),
        ("Re: Lecture", "How can we unsubscribe from the service contract of our present supplier?"),
        ("Re: Lecture", "We could not stop the pump yesterday. Please call."),
        ("Re: unsubscribe", "Thank you for your help with this; we are in again."),
        ("回复：展会", "请发一份样本给我，不要再用旧地址了，公司已搬到苏州工业园区。"),
        ("回复：展会", "可以，周五前给我报价。"),
        ("回复：展会", "不要发货到旧地址。"),
        ("回复：展会", "别发顺丰，谢谢"),
        ("Re: Lecture", "Please do not send me the contract by post."),
        ("Re: Lecture", "Please stop sending invoices to the old address."),
        ("Re: Lecture", "Please delete my name from the order and put Anna there."),
        ("Re: Lecture", "I will be there.\n\n> To unsubscribe write to unsubscribe@huaxin.example"),
    ],
)
def test_who_says_something_else_is_not_silenced(subject, body):
    assert not understood(letter(subject, body)).refuses


@pytest.mark.parametrize(
    ("sender", "subject", "body", "kind", "lasting"),
    [
        ("PostMaster@qq.com", "来自postmaster@qq.com的退信",
         "很抱歉，您的邮件被退回\n原邮件信息：收件人 p1@firm1.example\n退信原因：550 收件人邮箱不存在", "bounce", True),
        ("Postmaster@163.com", "系统退信/Systems bounce", "退信原因：对方邮箱已满，空间不足 552", "bounce", False),
        ("mailer-daemon@firm1.example", "Unzustellbar: Einladung", "Der Empfänger unbekannt: p1", "bounce", True),
        ("postmaster@firm1.example", "Warnung: Nachricht verzögert, delivery delayed",
         "4.4.1 wird weiter versucht", "delay", False),
    ],
)  # fmt: skip
def test_a_report_in_no_standard_form_is_one_too(sender, subject, body, kind, lasting):
    found = understood(letter(subject, body, sender=sender))
    assert (found.kind, found.failures[0].hard) == (kind, lasting)


def test_an_answer_to_an_invitation_tells_who_answers_what():
    calendar = (
        "BEGIN:VCALENDAR\r\nMETHOD:REPLY\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:event-7@huaxin.example\r\n"
        "DTSTAMP:20261124T010000Z\r\nATTENDEE;PARTSTAT=DECLINED;CN=Anna:mailto:P1@firm1.example\r\nEND:VEVENT\r\n"
        "END:VCALENDAR\r\n"
    )
    mail = EmailMessage()
    mail["From"], mail["Subject"], mail["Message-ID"] = "p1@firm1.example", "Declined: Lecture", "<3@a>"
    mail.set_content("Sorry.")
    mail.add_attachment(calendar.encode(), maintype="text", subtype="calendar", filename="invite.ics")
    found = understood(mail.as_bytes())
    assert found.kind == "calendar"
    assert [(one.uid, one.address, one.partstat) for one in found.answers] == [
        ("event-7@huaxin.example", "p1@firm1.example", "DECLINED")
    ]
    broken = understood(mail.as_bytes().replace(b"QkVHSU4", b"XXXXXXX"))
    assert broken.kind == "reply"


@settings(max_examples=150, deadline=None)
@given(
    st.binary(max_size=400),
    st.sampled_from([b"", b"From: a@b\r\nSubject: ", b"From: MAILER-DAEMON@x\r\nContent-Type: multipart/report;\r\n"]),
)
def test_whatever_comes_is_a_letter_of_one_kind(raw, head):
    found = understood(head + raw)
    assert found.kind in KINDS
    assert found == understood(head + raw)


@given(
    st.dictionaries(st.sampled_from(["Auto-Submitted", "Precedence", "Return-Path"]), st.text()), st.text(), st.text()
)
def test_headers_of_any_kind_decide_without_failing(headers, subject, sender):
    assert is_automatic(headers, subject, sender) in (True, False)


@pytest.mark.parametrize(
    ("headers", "listed", "spam"),
    [
        ({"List_Id": "Pumps <pumps.lists.example>"}, True, False),
        ({"Precedence": "list"}, True, False),
        ({"List_Unsubscribe": "<mailto:x@firm1.example>"}, False, False),  # any newsletter, and many a firm's letters
        ({"X_Spam_Flag": "YES"}, False, True),
        ({"X_Spam_Status": "Yes, score=12.1 required=5.0"}, False, True),
        ({"X_Spam_Status": "No, score=0.1 required=5.0"}, False, False),
        ({"X_MS_Exchange_Organization_SCL": "6"}, False, True),
        ({"X_MS_Exchange_Organization_SCL": "-1"}, False, False),
        ({}, False, False),
    ],
)
def test_what_lists_passed_on_and_what_servers_took_for_spam_is_known(headers, listed, spam):
    found = understood(letter(**headers))
    assert (found.is_list, found.is_spam) == (listed, spam)
