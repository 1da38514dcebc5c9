"""Parting mbox files and maildir folders into messages, and refusing what is no mail."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmcore.errors import InvalidInput
from crmcore.formats.mail.format import EML, MAILDIR, MBOX
from crmcore.formats.mail.mailbox import split_mbox
from crmcore.hooks.formats import Source
from crmcore.model.incoming import IncomingInteraction, Rejection

POSTMARK = b"From ann@example.com Mon Mar  2 09:15:00 2026"
HEAD = b"From: ann@example.com\nSubject: one\n\n"

lines = st.sampled_from(
    [b"", b"text", b"From here on", b"From - ", POSTMARK, b">From x", b">>From y", b"A: b"]
) | st.binary(max_size=12).map(lambda raw: raw.replace(b"\r", b"").replace(b"\n", b""))


@given(
    st.lists(st.lists(lines, max_size=8).map(lambda body: HEAD + b"".join(line + b"\n" for line in body)), min_size=1)
)
@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_an_mbox_gives_back_what_was_written(end: bytes, messages: list[bytes]) -> None:
    # mboxrd: every line that looks like a "From " line, however often escaped, is escaped once more.
    written = [re.sub(rb"^(>*From )", rb">\1", message, flags=re.MULTILINE) for message in messages]
    file = b"".join(POSTMARK + b"\n" + message + b"\n" for message in written).replace(b"\n", end)
    parted = list(split_mbox(_lines(file)))
    assert [raw for _, raw in parted] == [message.replace(b"\n", end) for message in messages]
    numbered = _lines(file)
    assert all(numbered[number - 1].startswith(POSTMARK) for number, _ in parted)


def _lines(file: bytes) -> list[bytes]:
    return re.findall(rb"[^\n]*\n|[^\n]+", file)


@given(st.binary(max_size=400))
def test_no_byte_of_any_file_is_lost(raw: bytes) -> None:
    parted = b"".join(message for _, message in split_mbox(_lines(raw)))
    stripped = re.sub(rb"(?m)^>(?=>*From )", b"", raw.removeprefix(b"\xef\xbb\xbf"))
    if not stripped.startswith(b"From ") and b"\nFrom " not in stripped:
        assert parted.strip() == stripped.strip()


@pytest.mark.parametrize(
    ("file", "count"),
    [
        (POSTMARK + b"\n" + HEAD + b"From Russia with love\n\nFrom Russia with love\nYear: 1963\n", 1),
        (b"\xef\xbb\xbf" + POSTMARK + b"\n" + HEAD + b"\n" + POSTMARK + b"\n" + HEAD, 2),
        (POSTMARK + b"\n" + HEAD + b"text\n" + POSTMARK + b"\n" + HEAD, 2),  # no blank line between
        (POSTMARK + b"\n" + HEAD + b"text\n" + POSTMARK + b"\nmore text\n", 1),
        (b"", 0),
        (b"\n\n", 0),
    ],
)
def test_only_real_from_lines_part_messages(file: bytes, count: int) -> None:
    assert len(list(split_mbox(_lines(file)))) == count


def test_an_mbox_names_the_line_of_a_record_that_is_no_message(tmp_path: Path) -> None:
    path = tmp_path / "in.mbox"
    path.write_bytes(POSTMARK + b"\n" + HEAD + b"x\n\n" + POSTMARK + b"\n\njust text\n")
    good, bad = MBOX.read(Source(path=path))
    assert isinstance(good, IncomingInteraction)
    assert good.line == 1
    assert isinstance(bad, Rejection)
    assert bad.line == 7
    assert "line 7" in bad.reason
    assert "just text" in bad.raw


def test_a_maildir_is_read_in_order_of_delivery(tmp_path: Path) -> None:
    for kind in ("cur", "new", "tmp", ".Sent/cur"):
        (tmp_path / kind).mkdir(parents=True)
    (tmp_path / "cur" / "1000.a.host").write_bytes(HEAD + b"first")
    (tmp_path / "cur" / "1001.b.host").write_bytes(b"no header at all\n")
    (tmp_path / "cur" / "1002.c.host").write_bytes(bytes(range(256)) * 9)
    (tmp_path / "new" / "1003.d.host").write_bytes(HEAD + b"last")
    (tmp_path / "tmp" / "1004.e.host").write_bytes(HEAD + b"half")
    (tmp_path / ".Sent" / "cur" / "1005.f.host").write_bytes(HEAD + b"other folder")
    assert MAILDIR.sniff(b"", f"{tmp_path}/") == 100
    assert MAILDIR.sniff(b"", f"{tmp_path / 'cur'}/") == 0
    first, bad, binary, last = MAILDIR.read(Source(path=tmp_path))
    assert isinstance(first, IncomingInteraction)
    assert (first.body, first.line, first.extra["file"]) == ("first", 1, "cur/1000.a.host")
    assert isinstance(bad, Rejection)
    assert "cur/1001.b.host" in bad.reason
    assert isinstance(binary, Rejection)
    assert "1002.c.host" in binary.reason
    assert isinstance(last, IncomingInteraction)
    assert (last.body, last.line) == ("last", 4)


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, r"Outlook.*\.eml"),
        (b"PK\x03\x04" + b"\x00" * 100, "archive"),
        (b"!BDN" + b"\x00" * 100, r"\.pst"),
        ("From: a@example.com\n\nx".encode("utf-16"), "UTF-16"),
        (bytes(range(256)) * 4, "binary"),
        (b"", "empty"),
        (b"\r\n \n", "empty"),
    ],
)
def test_files_that_are_no_mail_are_refused_in_one_sentence(tmp_path: Path, raw: bytes, says: str) -> None:
    path = tmp_path / "file.eml"
    path.write_bytes(raw)
    with pytest.raises(InvalidInput, match=says) as refusal:
        list(EML.read(Source(path=path)))
    assert "file.eml" in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_a_missing_file_and_a_file_as_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="cannot be read"):
        list(EML.read(Source(path=tmp_path / "none.eml")))
    with pytest.raises(InvalidInput, match="cannot be read"):
        list(MBOX.read(Source(path=tmp_path)))
    with pytest.raises(InvalidInput, match="maildir"):
        list(MAILDIR.read(Source(path=tmp_path / "none")))


@pytest.mark.parametrize(
    ("head", "name", "eml", "mbox"),
    [
        (HEAD, "a.eml", True, False),
        (HEAD, "a.txt", True, False),
        (b"\xef\xbb\xbf" + HEAD, "a", True, False),
        (POSTMARK + b"\n" + HEAD, "Inbox", False, True),
        (b"\xef\xbb\xbf" + POSTMARK + b"\n" + HEAD, "a.mbox", False, True),
        (POSTMARK + b"\n" + HEAD, "a.eml", True, False),
        (b"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:A\r\n", "a.vcf", False, False),
        (b"name,email\nAnn,ann@example.com\n", "a.csv", False, False),
        (b"\xd0\xcf\x11\xe0", "a.msg", True, False),
        (b"\xd0\xcf\x11\xe0", "a.xls", False, False),
    ],
)
def test_formats_are_told_apart(head: bytes, name: str, eml: bool, mbox: bool) -> None:
    as_eml, as_mbox = EML.sniff(head, name), MBOX.sniff(head, name)
    assert (as_eml > as_mbox, as_mbox > as_eml) == (eml, mbox)
