"""One message to an interaction: who, when, what, in reply to what, and what came with it."""

from datetime import UTC, datetime
from email.message import EmailMessage
from hashlib import sha256
from pathlib import Path
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmcore.errors import InvalidInput
from crmcore.formats.mail.charsets import decode
from crmcore.formats.mail.format import EML, MBOX
from crmcore.formats.mail.headers import addresses, ids, instant, text_of
from crmcore.formats.mail.message import read_message
from crmcore.hooks.formats import Source
from crmcore.model.incoming import IncomingInteraction, Rejection

ROOT = Path(__file__).resolve().parents[3]
DATA = ROOT / "tests" / "data" / "mail"
REALWORLD = ROOT / ".." / "shared" / "realworld" / "email"


def read(raw: bytes) -> IncomingInteraction:
    record = read_message(raw, 1)
    assert isinstance(record, IncomingInteraction)
    return record


def own(name: str) -> IncomingInteraction:
    (record,) = EML.read(Source(path=DATA / name))
    assert isinstance(record, IncomingInteraction)
    return record


def test_raw_gb18030_headers_and_a_qq_reply() -> None:
    record = own("gb18030_raw.eml")
    assert record.subject == "关于报价单的回复"
    assert [(p.role, p.name, p.address) for p in record.participants] == [
        ("from", "李明", "liming@example.cn"),
        ("to", "王芳", "wangfang@example.com"),
    ]
    assert record.body == "王经理：\n合同已收到，下周一前回传盖章件。\n\n李明"
    assert record.quoted.startswith("------------------ 原始邮件")
    assert (record.at, record.zone) == (datetime(2026, 3, 3, 1, 15, tzinfo=UTC), "+08:00")
    assert record.external_id == "gb.1@example.cn"


def test_big5_that_nothing_declares() -> None:
    record = own("big5_undeclared.eml")
    assert record.subject == "訂單確認通知"
    assert record.participants[0].name == "陳小姐"
    assert record.body == "您好，訂單已經確認，請安排出貨時間。"
    assert "cp950" in record.extra["defects"]


def test_a_foxmail_reply_in_html() -> None:
    record = own("foxmail_html.eml")
    assert record.subject == "回复: 维修进度"
    assert record.participants[0].name == "张伟"
    assert record.body == "收到，谢谢。\n周五前给您答复。\n\n张伟"
    assert "请问进度如何？" in record.quoted
    assert record.thread == ("ask.0@example.com", "ask.1@example.com")
    assert record.extra["X-Mailer"].startswith("Foxmail")


def test_the_facts_of_a_bounce() -> None:
    extra = own("bounce.eml").extra
    assert extra["Final-Recipient"] == "rfc822; gone@example.org\nrfc822; full@example.org"
    assert extra["Action"] == "failed\ndelayed"
    assert extra["Status"] == "5.1.1\n4.2.2"
    assert extra["Diagnostic-Code"] == "smtp; 550 no such user\n"
    assert extra["Reporting-MTA"] == "dns; mx.example.com"
    assert extra["Original-Message-ID"] == "offer.17@example.com"
    assert extra["Auto-Submitted"] == "auto-replied"
    assert extra["X-Failed-Recipients"] == "gone@example.org, full@example.org"
    assert extra["Return-Path"] == "<>"


def test_participants_roles_and_list_headers() -> None:
    record = own("newsletter.eml")
    assert [(p.role, p.name, p.address) for p in record.participants] == [
        ("from", "Li, Ann", "ann@example.com"),
        ("to", "Bob", "bob@example.com"),
        ("to", "", "carl@example.com"),
        ("bcc", "", "dora@example.com"),
        ("reply-to", "", "desk@example.com"),
        ("sender", "", "mailer@lists.example.com"),
    ]
    assert record.zone == "-05:00"
    assert {"List-Id", "List-Unsubscribe", "Precedence"} <= record.extra.keys()
    assert not {"Received", "DKIM-Signature", "Subject"} & record.extra.keys()


def test_attachments_and_a_forwarded_message() -> None:
    inner = EmailMessage()
    inner["From"], inner["Subject"] = "eve@example.com", "内部"
    inner.set_content("inner text")
    inner.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="内.pdf")
    outer = EmailMessage()
    outer["From"], outer["Subject"] = "ann@example.com", "Fwd"
    outer.set_content("see below")
    outer.add_alternative("<p>see below</p>", subtype="html")
    outer.add_attachment("name;amount\n", filename="报价.csv", subtype="csv")
    outer.add_attachment(inner)
    record = read(outer.as_bytes())
    assert record.body == "see below"
    assert [(a.name, a.media_type) for a in record.attachments] == [
        ("报价.csv", "text/csv"),
        ("", "message/rfc822"),
        ("内.pdf", "application/pdf"),
    ]
    assert record.attachments[0].sha256 == sha256(b"name;amount\n").hexdigest()
    assert record.attachments[2].size == 4
    assert "Subject: 内部" in record.quoted
    assert "inner text" in record.quoted


def test_the_id_of_a_message_without_one_depends_on_its_bytes_only() -> None:
    raw = b"From: a@example.com\nSubject: x\n\nbody\n"
    first = read(raw).external_id
    assert first.startswith("sha256:")
    assert first == read(raw.replace(b"\n", b"\r\n")).external_id
    assert first != read(raw + b"more").external_id


def test_without_essential_headers_nothing_is_a_message() -> None:
    record = read_message(b"Content-Type: text/plain\n\nhello", 12)
    assert isinstance(record, Rejection)
    assert "line 12" in record.reason
    assert "hello" in record.raw


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("=?utf-8?B?5oql5Lu3?=", "报价"),
        ("=?GB2312?B?sai82w==?=", "报价"),
        ("=?utf-8?B?5oql5A==?=\r\n =?utf-8?B?u7c?=", "报价"),  # a character cut in two, padding left off
        ("Re: =?utf-8?q?a=5Fb_c?= end", "Re: a_b c end"),
        ("=?utf-8?q?a?= =?iso-8859-1?q?=E9?=", "aé"),
        ("=?utf-8*de?q?=C3=BC?=", "ü"),
        ("=?x-nonsense?q?=E9?=", "é"),
        ("=?utf-8?b?====?= x", " x".strip()),
        ("plain =?not a word", "plain =?not a word"),
        ("folded\r\n\tline", "folded line"),
        ("\udce6\udc8a\udca5", "报"),
    ],
)
def test_header_text(value: str, text: str) -> None:
    assert text_of(value) == text


@pytest.mark.parametrize(
    ("value", "people"),
    [
        ('"Li, Ann" <ann@example.com>', [("Li, Ann", "ann@example.com")]),
        ("=?utf-8?B?5p2O5piO?= <li@example.cn>", [("李明", "li@example.cn")]),
        ('"=?utf-8?Q?M=C3=BCller=2C_J?=" <m@example.de>', [("Müller, J", "m@example.de")]),
        ("ann@example.com (Ann Li)", [("Ann Li", "ann@example.com")]),
        ("undisclosed-recipients:;", []),
        ("T: a@example.com, b@example.com;", [("", "a@example.com"), ("", "b@example.com")]),
        ("", []),
    ],
)
def test_addresses(value: str, people: list[tuple[str, str]]) -> None:
    assert addresses([value]) == people


def test_an_address_list_of_thousands_is_read_whole() -> None:
    value = ", ".join(f"N{n} <n{n}@example.com>" for n in range(3000))
    assert len(addresses([value])) == 3000


@pytest.mark.parametrize(
    ("value", "at", "zone"),
    [
        ("Tue, 03 Mar 2026 09:15:00 +0800", datetime(2026, 3, 3, 1, 15, tzinfo=UTC), "+08:00"),
        ("3 Mar 2026 09:15 EST", datetime(2026, 3, 3, 14, 15, tzinfo=UTC), "-05:00"),
        ("Tue, 3 Mar 2026 09:15:00 -0000", datetime(2026, 3, 3, 9, 15, tzinfo=UTC), ""),
        ("Tue, 3 Mar 2026 09:15:00 +0530 (IST)", datetime(2026, 3, 3, 3, 45, tzinfo=UTC), "+05:30"),
    ],
)
def test_dates(value: str, at: datetime, zone: str) -> None:
    assert instant(value) == (at, zone)


@pytest.mark.parametrize("value", ["", "tomorrow", "Tue, 99 Mar 2026 09:15:00 +0800", "1 Jan 2026 10:00:00 +9999"])
def test_a_date_that_is_none_stays_in_extra(value: str) -> None:
    record = read(f"From: a@example.com\nDate: {value}\nReceived: from x; 3 Mar 2026\n\n".encode())
    assert (record.at, record.zone) == (None, "")
    assert record.extra["Date"] == value
    assert record.extra["Received"] == "from x; 3 Mar 2026"


def test_header_names_have_one_spelling_and_a_second_subject_is_kept() -> None:
    record = read(b"From: a@example.com\nSubject: one\nSUBJECT: two\nreturn-path: <>\nLIST-ID: <x>\nlist-id: <y>\n\n")
    assert record.subject == "one"
    assert record.extra == {"Subject": "two", "Return-Path": "<>", "List-Id": "<x>\n<y>"}


def test_message_ids() -> None:
    assert ids(["<a@x>\r\n <b@x>", "<b@x> <c@x>"]) == ("a@x", "b@x", "c@x")
    assert ids(["a@x b@y"]) == ("a@x", "b@y")
    assert ids(["Your message of Monday"]) == ()
    assert read(b"From: a@x\nIn-Reply-To: Your message of Monday\n\n").extra["In-Reply-To"] == "Your message of Monday"


def test_flowed_text_is_joined() -> None:
    head = b"From: a@example.com\nContent-Type: text/plain; format=flowed\n\n"
    assert read(head + b"one \ntwo\n\nthree\n-- \nAnn\n").body == "one two\n\nthree"


@pytest.mark.parametrize("depth", [20, 60, 300, 3000])
@pytest.mark.parametrize("kind", ["multipart/mixed", "message/rfc822"])
def test_parts_nested_without_end_lose_no_text(depth: int, kind: str) -> None:
    parts = (
        f'Content-Type: multipart/mixed; boundary="b{n}"\n\n--b{n}\n'
        if kind == "multipart/mixed"
        else f"Content-Type: {kind}\n\n"
        for n in range(depth)
    )
    record = read(f"From: a@example.com\n{''.join(parts)}\nthe innermost text\n".encode())
    assert "the innermost text" in record.body + record.quoted
    assert ("NestedTooDeep" in record.extra.get("defects", "")) == (depth > 50)


@given(st.text(max_size=60), st.sampled_from(["utf-8", "gb18030", "utf-16", "utf-7"]))
def test_declared_charsets_are_obeyed(text: str, charset: str) -> None:
    raw = text.encode(charset, "ignore")
    assert decode(raw, charset)[0] == raw.decode(charset)


@given(st.binary(max_size=200), st.text(max_size=12) | st.sampled_from(["base64", "idna", "big5", "rot13", "punycode"]))
def test_any_bytes_become_text_under_any_charset(raw: bytes, charset: str) -> None:
    text, defect = decode(raw, charset)
    assert "\ufffd" not in text or "\ufffd".encode() in raw or charset
    assert isinstance(defect, str)


SEEDS = sorted(
    path.read_bytes()[:20000]
    for folder in (DATA, REALWORLD)
    for path in folder.rglob("*")
    if path.suffix in {".eml", ".txt", ".mbox"} and path.stat().st_size < 20000
)
JUNK = st.sampled_from(
    [b"\n", b"\r", b"\n\n", b"--", b"=?", b"?=", b"\x00", b"\xff\xfe", b"charset=", b";", b'"', b"<", b":"]
)


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    raw = draw(st.sampled_from(SEEDS))
    for _ in range(draw(st.integers(0, 6))):
        place = draw(st.integers(0, len(raw)))
        gone = draw(st.integers(0, 40))
        raw = raw[:place] + draw(JUNK | st.binary(max_size=8)) + raw[place + gone :]
    return raw


@given(mutated() | st.binary(max_size=300))
@settings(max_examples=400, deadline=None)
def test_no_bytes_raise_anything_but_a_refusal(tmp_path: Path, raw: bytes) -> None:
    path = tmp_path / "any.eml"
    path.write_bytes(raw)
    for kind in (EML, MBOX):
        assert 0 <= kind.sniff(raw[:65536], path.name) <= 100
        try:
            records = list(kind.read(Source(path=path)))
        except InvalidInput:
            continue
        assert records == list(kind.read(Source(path=path)))
        assert all(record.line >= 1 for record in records)


HOSTILE = {
    "open tags": (b"Content-Type: text/html\n", b"<a " * 50_000),
    "open comments": (b"Content-Type: text/html\n", b"<!--" * 50_000),
    "encoded words": (b"Subject: " + b"=?utf-8?q?a" * 30_000 + b"\n", b""),
    "references": (b"References: <" + b" " * 50_000 + b"\n", b""),
    "recipients": (b"To: " + b"a@b," * 30_000 + b"\n", b""),
    "rule": (b"", b"*" * 50_000 + b"x\nFrom: a\nSent: b\nTo: c\n"),
    "introductions": (b"", b"a wrote:\n" * 20_000),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_mail_made_to_be_slow_is_not(kind: str) -> None:
    # Each of these took from twenty seconds to hours where time grows with the square of the length.
    head, body = HOSTILE[kind]
    began = process_time()
    read(b"From: a@example.com\n" + head + b"\n" + body)
    assert process_time() - began < 5
