"""Every real mail of the shared folder against what two independent parsers agree on."""

import json
import re
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from crmcore.errors import InvalidInput
from crmcore.formats.mail.format import EML, MBOX
from crmcore.formats.mail.html import html_to_text
from crmcore.formats.mail.reply import cut_reply
from crmcore.hooks.formats import Source
from crmcore.model.incoming import IncomingInteraction, Rejection

REALWORLD = Path(__file__).resolve().parents[3] / ".." / "shared" / "realworld" / "email"

pytestmark = pytest.mark.skipif(not REALWORLD.is_dir(), reason="the real files are not here")


def expectations(*kinds: str) -> dict[str, dict[str, Any]]:
    listed = json.loads((REALWORLD / "expect.json").read_text(encoding="utf-8"))
    return {name: entry["expect"] for name, entry in listed.items() if entry["expect"]["type"] in kinds}


def squeezed(text: str | None) -> str:
    return " ".join((text or "").split())


def unbracketed(value: str | None) -> str:
    found = re.findall(r"<\s*([^<>]+?)\s*>", value or "")
    return found[0] if found else (value or "").strip()


def people(record: IncomingInteraction | None, role: str) -> list[str]:
    return [p.address.lower() for p in (record.participants if record else ()) if p.role == role and p.address]


def same_attachment(ours: Any, theirs: dict[str, Any]) -> bool:
    return (
        (ours.name or None) == theirs["filename"]
        and ours.media_type == theirs["type"]
        and (theirs["size"] is None or ours.size == theirs["size"])
        and (theirs["sha256"] is None or ours.sha256 == theirs["sha256"])
    )


def field_matches(field: str, want: Any, record: IncomingInteraction | None) -> tuple[bool, Any]:
    """Whether a record (None: rejected for having no header of a message) has the agreed value, and its own."""
    files = record.attachments if record else ()
    first = next((p for p in (record.participants if record else ()) if p.role == "from"), None)
    got: Any
    if field == "subject":
        got = record.subject if record else ""
        return squeezed(got) == squeezed(want), got
    if field in {"from", "to", "cc"}:
        got = people(record, field)
        return got == list(dict.fromkeys(address.lower() for address in want)), got
    if field == "from_name":
        got = first.name if first else None
        return squeezed(got) == squeezed(want), got
    if field in {"date_epoch", "date_unparsable_or_absent"}:
        got = int(record.at.timestamp()) if record and record.at else None
        return got == (want if field == "date_epoch" else None), got
    if field == "message_id":
        got = record.external_id if record else None
        return (got or "sha256:").startswith("sha256:") if want is None else got == unbracketed(want), got
    if field in {"in_reply_to", "references"}:
        got = record.thread if record else ()
        wanted = [want] if isinstance(want, str) else want or []
        return all(unbracketed(each) in got for each in wanted), got
    if field == "attachment_names":
        got = [f.name for f in files if f.name]
        return got == [name for name in want if name], got
    if field == "attachments":
        got = [(f.name, f.media_type, f.size) for f in files]
        alike = all(same_attachment(o, t) for o, t in zip(files, want, strict=False))
        return len(files) == len(want) and alike, got
    raise AssertionError(field)


def test_fields_of_real_messages_match_what_two_parsers_agree_on() -> None:
    asked: Counter[str] = Counter()
    missed: list[str] = []
    matched: Counter[str] = Counter()
    for name, expect in expectations("rfc822").items():
        (record,) = EML.read(Source(path=REALWORLD / name))
        assert isinstance(record, IncomingInteraction | Rejection)
        for field, want in expect["agreed"].items():
            asked[field] += 1
            ok, got = field_matches(field, want, record if isinstance(record, IncomingInteraction) else None)
            matched[field] += ok
            if not ok:
                missed.append(f"{name} {field}: want {want!r}, got {got!r}")
    rows = [f"{field:28}{count:8}{matched[field]:8}" for field, count in sorted(asked.items())]
    rows.append(f"{'all':28}{asked.total():8}{matched.total():8}")
    sys.stdout.write("\n".join(["", f"{'field':28}{'agreed':>8}{'match':>8}", *rows, *missed, ""]))
    assert matched.total() / asked.total() >= 0.99


def test_raw_headers_that_say_no_charset_are_read_or_flagged() -> None:
    for name, expect in expectations("rfc822").items():
        wanted = expect.get("subject_raw_8bit")
        if wanted is None:
            continue
        (record,) = EML.read(Source(path=REALWORLD / name))
        assert isinstance(record, IncomingInteraction)
        if "subject" in wanted:
            assert record.subject.rstrip("\x85…") == wanted["subject"].rstrip("\x85…"), name
        else:
            assert "Mega Campanha Final" in record.subject
            assert "Subject" in record.extra["defects"]


@pytest.mark.parametrize("name", expectations("mbox") if REALWORLD.is_dir() else [])
def test_mboxes_are_parted_as_expected(name: str) -> None:
    expect = expectations("mbox")[name]
    count = expect.get("hand_read", expect)["messages"]
    records = list(MBOX.read(Source(path=REALWORLD / name)))
    assert len(records) == count
    lines = (REALWORLD / name).read_bytes().splitlines()
    assert all(b"From " in lines[record.line - 1] for record in records)
    if "hand_read" in expect:
        return
    for record, subject, message_id in zip(records, expect["subjects"], expect["message_ids"], strict=False):
        if isinstance(record, Rejection):
            assert (subject, message_id) == (None, None)
        else:
            assert squeezed(record.subject) == squeezed(subject)
            assert message_id is None or record.external_id == unbracketed(message_id)


@pytest.mark.parametrize("name", expectations("outlook-msg") if REALWORLD.is_dir() else [])
def test_outlook_files_are_refused_with_what_to_do(name: str) -> None:
    with pytest.raises(InvalidInput, match=r"Outlook.*save it as \.eml"):
        list(EML.read(Source(path=REALWORLD / name)))


def test_reply_text_matches_the_reply_parsers() -> None:
    asked, missed = 0, []
    for name, expect in expectations("reply-text", "reply-html", "rfc822").items():
        want = expect.get("reply", expect.get("reply_text"))
        if want is None:
            continue
        if expect["type"] == "rfc822":
            (record,) = EML.read(Source(path=REALWORLD / name))
            assert isinstance(record, IncomingInteraction)
            got = record.body
        else:
            raw = (REALWORLD / name).read_text(encoding="utf-8")
            got = cut_reply(html_to_text(raw) if expect["type"] == "reply-html" else raw).body
        asked += 1
        if "".join(got.split()) != "".join(want.split()):
            missed.append(f"{name}: want {want!r}, got {got!r}")
    sys.stdout.write("\n".join(["", f"replies: {asked - len(missed)} of {asked} match", *missed, ""]))
    assert asked >= 20
    assert len(missed) <= asked * 0.01


def test_html_quotations_without_an_upstream_answer_are_cut() -> None:
    for name, want in (("OLK_SRC_BODY_SECTION.html", "Reply"), ("reply-separated-by-hr.html", "Hi there Bob")):
        raw = (REALWORLD / "mailgun_talon" / name).read_text(encoding="utf-8")
        assert squeezed(cut_reply(html_to_text(raw)).body) == want
