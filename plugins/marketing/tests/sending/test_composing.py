"""A message on the wire: what mail programs and list servers read in it."""

import re
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.headerregistry import Address

from crmcore_marketing.sending.addressing import Ours
from crmcore_marketing.sending.composing import Attachment, Calendar, Mail, compose
from crmcore_marketing.sending.links import tracked

from crmcore.mail import new_token

TOKEN = new_token()
OURS = Ours(
    sender=Address("华信 News", "news", "huaxin.example"),
    domain="mail.huaxin.example",
    reply_to="",
    bounces=Address("", "bounce", "mail.huaxin.example"),
    url="https://a-rather-long-name.crm.huaxin.example/marketing/public",
)


def mail(**said):
    given = {
        "sender": OURS.sender, "to": Address("李伟", "li.wei", "pumps.example"),
        "subject": "讲座\n邀请", "text": "您好\n.\n",
        "message_id": OURS.message_id(TOKEN), "at": datetime(2026, 11, 24, 2, tzinfo=UTC),
    }  # fmt: skip
    return Mail(**{**given, **said})


def read(content):
    return message_from_bytes(content, policy=policy.default)


def test_a_mailing_says_how_to_end_it_as_machines_read_it():
    content = compose(mail(bulk=True, unsubscribe=OURS.unsubscribing(TOKEN), html="<p>您好</p>", language="zh-CN"))
    assert content.isascii()
    assert max(map(len, content.splitlines())) <= 998
    head = content.partition(b"\r\n\r\n")[0].decode()
    assert (
        f"List-Unsubscribe: <mailto:unsubscribe+{TOKEN}@mail.huaxin.example?subject=unsubscribe>,\r\n"
        f" <{OURS.url}/u/{TOKEN}>\r\n"
    ) in head + "\r\n", "not as encoded words, however long"
    assert "List-Unsubscribe-Post: List-Unsubscribe=One-Click" in head
    said = read(content)
    assert (said["Precedence"], said["List-Id"], said["Auto-Submitted"]) == (
        "bulk",
        "<marketing.huaxin.example>",
        None,
    )
    assert said["Message-ID"] == f"<crm-{TOKEN}@mail.huaxin.example>"
    assert (str(said["From"]), str(said["To"])) == (
        "华信 News <news@huaxin.example>",
        "李伟 <li.wei@pumps.example>",
    )
    assert (said["Subject"], said["Date"].datetime.hour, said["Content-Language"]) == ("讲座 邀请", 2, "zh-CN")
    assert [part.get_content_type() for part in said.walk()] == ["multipart/alternative", "text/plain", "text/html"]
    assert said.get_body(("plain",)).get_content().split() == ["您好", "."]


def test_without_an_address_of_ours_on_the_web_it_is_ended_by_mail_alone():
    by_mail = OURS.unsubscribing(TOKEN)[0]
    said = read(compose(mail(bulk=True, unsubscribe=(by_mail, ""))))
    assert str(said["List-Unsubscribe"]) == f"<{by_mail}>"
    assert said["List-Unsubscribe-Post"] is None


def test_an_invitation_is_one_that_programs_act_on_and_a_file():
    calendar = Calendar(text="BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nEND:VCALENDAR\r\n")
    flyer = Attachment(name="传单.pdf", type="application/pdf", content=b"%PDF")
    said = read(compose(mail(calendar=calendar, attachments=[flyer])))
    assert (said["Auto-Submitted"], said["Precedence"]) == ("auto-generated", None)
    parts = [part for part in said.walk() if not part.is_multipart()]
    assert [part.get_content_type() for part in parts] == [
        "text/plain", "text/calendar", "application/ics", "application/pdf",
    ]  # fmt: skip
    assert parts[1].get_param("method") == "REQUEST"
    assert [part.get_filename() for part in parts[2:]] == ["invite.ics", "传单.pdf"]


def test_addresses_and_tokens():
    assert OURS.envelope(TOKEN) == f"bounce+{TOKEN}@mail.huaxin.example"
    assert len({new_token() for _n in range(1000)}) == 1000
    assert re.fullmatch("[a-z2-7]{26}", TOKEN)


def test_links_lead_by_way_of_us_each_with_its_number():
    text = "See https://huaxin.example/a. Or (https://huaxin.example/b?x=1&y=2), https://huaxin.example/a"
    html = '<a class="x" href="https://huaxin.example/b?x=1&amp;y=2">b</a> <img src="https://huaxin.example/i.png">'
    found = tracked(text + f" {OURS.url}/u/{TOKEN}", html, OURS.url, TOKEN)
    assert found.links == ("https://huaxin.example/a", "https://huaxin.example/b?x=1&y=2")
    one, two = f"{OURS.url}/c/{TOKEN}/0", f"{OURS.url}/c/{TOKEN}/1"
    assert found.text == f"See {one}. Or ({two}), {one} {OURS.url}/u/{TOKEN}"
    assert found.html == f'<a class="x" href="{two}">b</a> <img src="https://huaxin.example/i.png">'
