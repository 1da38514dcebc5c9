"""Cutting the new text from what real clients quote below it, in the languages they do it in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmcore.formats.mail.html import html_to_text
from crmcore.formats.mail.reply import cut_reply

NEW = "Thanks, that works.\n\nSee you on Friday: at 10:00."
INTRODUCTIONS = {
    "gmail en": "On Mon, Mar 2, 2026 at 9:15 AM Ann Li <ann@example.com> wrote:",
    "gmail en wrapped": "On Mon, Mar 2, 2026 at 9:15 AM Ann Maria Li-Wang of the example company\n"
    "<ann@example.com>\nwrote:",
    "gmail de": "Am Mo., 2. März 2026 um 09:15 Uhr schrieb Ann Li <ann@example.com>:",
    "gmail fr": "Le lun. 2 mars 2026 à 09:15, Ann Li <ann@example.com> a écrit :",
    "gmail es": "El lun, 2 mar 2026 a las 9:15, Ann Li (<ann@example.com>) escribió:",
    "gmail pt": "Em seg., 2 de mar. de 2026 às 09:15, Ann Li <ann@example.com> escreveu:",
    "gmail it": "Il giorno lun 2 mar 2026 alle ore 09:15 Ann Li <ann@example.com> ha scritto:",
    "gmail nl": "Op ma 2 mrt 2026 om 09:15 schreef Ann Li <ann@example.com>:",
    "gmail sv": "Den mån 2 mars 2026 kl 09:15 skrev Ann Li <ann@example.com>:",
    "gmail pl": "pon., 2 mar 2026 o 09:15 Ann Li <ann@example.com> napisał(a):",
    "gmail ru": "пн, 2 мар. 2026 г. в 09:15, Ann Li <ann@example.com>:",
    "gmail zh-CN": "李安 <ann@example.com> 于2026年3月2日周一 09:15写道：",
    "gmail zh-CN wrapped": "李安 <ann@example.com>\n于2026年3月2日周一 09:15写道：",
    "gmail zh-TW": "李安 <ann@example.com> 於 2026年3月2日 週一 上午9:15寫道：",
    "gmail ja": "2026年3月2日(月) 9:15 Ann Li <ann@example.com>:",
    "gmail ko": "2026년 3월 2일 (월) 오전 9:15, Ann Li <ann@example.com>님이 작성:",
    "apple en": "On Mar 2, 2026, at 9:15 AM, Ann Li <ann@example.com> wrote:",
    "apple de": "Am 02.03.2026 um 09:15 schrieb Ann Li <ann@example.com>:",
    "apple zh": "在 2026年3月2日，09:15，李安 <ann@example.com> 写道：",
    "thunderbird en": "On 02/03/2026 09:15, Ann Li wrote:",
    "thunderbird de": "Am 02.03.26 um 09:15 schrieb Ann Li:",
    "thunderbird fr": "Le 02/03/2026 à 09:15, Ann Li a écrit :",
    "thunderbird zh": "在 2026/3/2 9:15, 李安 写道:",
    "163": '在 2026-03-02 09:15:00，"李安" <ann@example.com> 写道：',
    "163 en": 'At 2026-03-02 09:15:00, "Ann" <ann@example.com> wrote:',
    "qq": '------------------ 原始邮件 ------------------\n发件人: "李安" <ann@example.com>;\n发送时间: 2026年3月2日',
    "qq new": "------------------&nbsp;原始邮件&nbsp;------------------".replace("&nbsp;", "\xa0"),
    "foxmail": "发件人： 李安\n发送时间： 2026-03-02 09:15\n收件人： bob\n主题： 报价",
    "netease app": "---- 回复的原邮件 ----\n| 发件人 | 李安<ann@example.com> |",
    "outlook en": "From: Ann Li <ann@example.com>\nSent: Monday, March 2, 2026 9:15 AM\nTo: Bob\nSubject: Offer",
    "outlook rule": "________________________________\nFrom: Ann Li\nSent: Monday, March 2, 2026\nTo: Bob\nSubject: O",
    "outlook de": "Von: Ann Li <ann@example.com>\nGesendet: Montag, 2. März 2026 09:15\nAn: Bob\nBetreff: Angebot",
    "outlook fr": "De : Ann Li <ann@example.com>\nEnvoyé : lundi 2 mars 2026 09:15\nÀ : Bob\nObjet : Offre",
    "outlook zh": "发件人: 李安 <ann@example.com>\n发送时间: 2026年3月2日 9:15\n收件人: Bob\n主题: 报价",
    "outlook bold": "*From:* Ann Li <ann@example.com>\n*Sent:* Monday, March 2, 2026\n*To:* Bob\n*Subject:* Offer",
    "outlook express": "----- Original Message -----\nFrom: Ann Li\nTo: Bob\nSent: Monday, March 02, 2026",
    "outlook express de": "-----Ursprüngliche Nachricht-----\nVon: Ann Li",
    "outlook fr old": "-----Message d'origine-----\nDe : Ann Li",
    "forward": "---------- Forwarded message ---------\nFrom: Ann Li <ann@example.com>",
    "apple forward": "Begin forwarded message:\n\nFrom: Ann Li <ann@example.com>",
    "helpdesk": "##- Please type your reply above this line -##",
}


@pytest.mark.parametrize("client", INTRODUCTIONS)
@pytest.mark.parametrize("mark", ["> ", ""])
def test_the_introduction_of_every_client_ends_the_new_text(client: str, mark: str) -> None:
    introduction = INTRODUCTIONS[client]
    reply = cut_reply(f"{NEW}\n\n{introduction}\n\n{mark}Can you come?\n{mark}\n{mark}Ann\n")
    assert reply.body == NEW
    assert introduction in reply.quoted
    assert "Can you come?" in reply.quoted


@pytest.mark.parametrize(
    "text",
    [
        "On your host you can run:\n\n    telnet 127.0.0.1 52698",
        "He wrote: I will come.\nOn Monday we meet.",
        "Two options:\n- one at 10:00\n- two at 11:00",
        "From: here to there is a long way.\nTo: be or not.",
        "Subject to approval, the date: 2026-03-02.",
        "Please note: from Monday, mails to ann@example.com:\nare read by Bob.",
        "会议安排如下：\n时间：2026年3月5日\n地点：北京",
        "他写道：我会来的。",
        "Das Treffen ist am 02.03.2026 um 09:15:\nBitte kommen.",
        "收件人：王芳\n地址：北京市朝阳区",
    ],
)
def test_text_that_only_resembles_an_introduction_stays(text: str) -> None:
    reply = cut_reply(text)
    assert (reply.body, reply.quoted) == (text, "")


@pytest.mark.parametrize(
    "signature",
    [
        "-- \nAnn Li\nSales",
        "--\nAnn Li",
        "Sent from my iPhone",
        "发自我的 iPhone",
        "發自我的 iPhone",
        "Von meinem iPhone gesendet",
        "Envoyé de mon iPhone",
        "Get Outlook for iOS<https://example.com>",
        "获取 Outlook for iOS",
        "- Ann Li",
        "_______________________________________________\nusers mailing list\nusers@example.com",
    ],
)
def test_signatures_are_cut(signature: str) -> None:
    reply = cut_reply(f"{NEW}\n\n{signature}\n")
    assert reply.body == NEW
    assert reply.quoted == signature


def test_answers_between_quoted_lines_are_all_new() -> None:
    reply = cut_reply("Ann writes:\n> When?\n\nOn Friday.\n\n> Where?\n\nHere.\n")
    assert reply.body == "On Friday.\n\nHere."
    assert reply.quoted == "Ann writes:\n> When?\n\n> Where?"


def test_a_bare_forward_has_no_new_text() -> None:
    reply = cut_reply("---------- Forwarded message ----------\nFrom: Ann <a@example.com>\n\nHello")
    assert reply.body == ""
    assert "Hello" in reply.quoted


@given(
    st.lists(
        st.sampled_from(
            [*NEW.split("\n"), *INTRODUCTIONS.values(), "> q", ">", "", "-- ", "--", "Sent from my iPad", "_" * 30]
        )
        | st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["Cc"]), max_size=30)
    )
)
def test_every_line_is_kept_once_and_in_order(pieces: list[str]) -> None:
    text = "\n".join(pieces)
    reply = cut_reply(text)
    kept = [*reply.body.split("\n"), *reply.quoted.split("\n")]
    assert sorted(line.strip() for line in kept if line.strip()) == sorted(
        line.strip() for line in text.split("\n") if line.strip()
    )


@given(st.text())
def test_cutting_and_reading_html_take_any_text(text: str) -> None:
    cut_reply(text)
    html_to_text(text)


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>One<br>two</p><p>three &amp; four</p>", "One\ntwo\n\nthree & four"),
        ("<div>a</div><div><br></div><div>b</div>", "a\n\nb"),
        ("<ul><li>x<li>y</ul>", "- x\n- y"),
        ("<style>p{}</style><title>t</title>hi<script>x</script>", "hi"),
        ("a<blockquote>b<blockquote>c</blockquote></blockquote>d", "a\n\n> b\n>\n> > c\n\nd"),
        ('new<div class="gmail_quote">On x wrote: <blockquote>old</blockquote></div>', None),
        ("<table><tr><td>Preis</td><td>12 €</td></tr></table>", "Preis\n12 €"),
        ("<pre>a\n  b</pre>", "a\n  b"),
        ("<p>unclosed <b>bold", "unclosed bold"),
        ("&nbsp;&lt;x&gt;", "<x>"),
    ],
)
def test_html_becomes_plain_lines(html: str, text: str | None) -> None:
    shown = html_to_text(html)
    if text is None:
        assert cut_reply(shown).body == "new"
    else:
        assert shown == text


@pytest.mark.parametrize(
    "quotation",
    [
        '<div class="gmail_quote"><div class="gmail_attr">x</div><blockquote>old</blockquote></div>',
        '<div class="moz-cite-prefix">x</div><blockquote type="cite">old</blockquote>',
        '<div id="divRplyFwdMsg"><b>From:</b> A<br><b>Sent:</b> B<br><b>To:</b> C</div><div>old</div>',
        '<span id="OLK_SRC_BODY_SECTION"><div>old</div></span>',
        '<blockquote id="isReplyContent"><div>old</div></blockquote>',
        '<div class="yahoo_quoted"><div>old</div></div>',
        "<hr><b>From:</b> A<br><b>Sent:</b> B<br><b>To:</b> C<br><b>Subject:</b> D<br><br>old",
        "<div>在 2026-03-02 09:15:00，李安 &lt;a@example.com&gt; 写道：</div><blockquote>old</blockquote>",
    ],
)
def test_quotations_in_html_are_cut(quotation: str) -> None:
    reply = cut_reply(html_to_text(f"<html><body><div>new</div>{quotation}</body></html>"))
    assert reply.body == "new"
    assert "old" in reply.quoted
