"""Raw bytes of many charsets, declared rightly, wrongly, and not at all."""

import codecs
from pathlib import Path

import pytest

from crmcore.errors import InvalidInput
from crmcore.formats.vcard.charset import decode, guess
from crmcore.formats.vcard.format import VCARD
from crmcore.hooks.formats import Source
from crmcore.model.incoming import IncomingContact

NAMES = {
    "cp1252": ["Sören Täve Nüßlebaum", "José Muñoz", "KMS Außenstelle", "François Lefèvre"],
    "cp1251": ["Віталій Володимирович Кличко", "Иванов Иван", "Пётр Ильич Чайковский"],
    "cp1253": ["Βαγγέλης Παπαθανασίου", "Ευάγγελος"],
    "cp932": ["伊能 圭一 伊予", "株式会社グーグル", "山田太郎 東京都千代田区", "スズキ", "表計算ソフト"],
    "gb18030": [
        "张伟",
        "李娜",
        "王小明 上海市浦东新区世纪大道100号",
        "北京字节跳动科技有限公司",
        "陈刚 深圳市腾讯公司",
    ],
    "cp950": ["陳大文", "林志玲", "台北市信義區", "王小明 台灣積體電路製造股份有限公司", "許功蓋"],
}
CASES = [(charset, name) for charset, names in NAMES.items() for name in names]
LABELS = {"cp1252": "ISO-8859-1", "cp1251": "Windows-1251", "cp1253": "Windows-1253", "cp932": "SHIFT_JIS"} | {
    "gb18030": "GB2312",
    "cp950": "Big5",
}


def _read(path: Path, content: bytes, **options: str) -> IncomingContact:
    path.write_bytes(content)
    (record,) = VCARD.read(Source(path=path, options=options))
    assert isinstance(record, IncomingContact)
    return record


def _card(name: bytes, parameters: bytes = b"", version: bytes = b"2.1") -> bytes:
    return b"BEGIN:VCARD\r\nVERSION:" + version + b"\r\nFN" + parameters + b":" + name + b"\r\nEND:VCARD\r\n"


@pytest.mark.parametrize(("charset", "name"), CASES)
def test_declared(tmp_path: Path, charset: str, name: str) -> None:
    parameter = f";CHARSET={LABELS[charset]}".encode()
    assert _read(tmp_path / "a.vcf", _card(name.encode(charset), parameter)).name == name


@pytest.mark.parametrize(("charset", "name"), CASES)
@pytest.mark.parametrize("label", [b"", b";CHARSET=UTF-8", b";CHARSET=blabla"])
def test_not_declared_or_wrongly(tmp_path: Path, charset: str, name: str, label: bytes) -> None:
    assert _read(tmp_path / "a.vcf", _card(name.encode(charset), label)).name == name


@pytest.mark.parametrize(("charset", "name"), CASES)
def test_declared_otherwise_but_utf8(tmp_path: Path, charset: str, name: str) -> None:
    parameter = f";CHARSET={LABELS[charset]}".encode()
    assert _read(tmp_path / "a.vcf", _card(name.encode(), parameter)).name == name


@pytest.mark.parametrize(("charset", "name"), CASES)
def test_quoted_printable(tmp_path: Path, charset: str, name: str) -> None:
    quoted = "".join(f"={octet:02X}" for octet in name.encode(charset)).encode()
    for parameter in (f";CHARSET={LABELS[charset]};ENCODING=QUOTED-PRINTABLE".encode(), b";QUOTED-PRINTABLE"):
        # A soft break in the middle of a letter.
        assert _read(tmp_path / "a.vcf", _card(quoted[:9] + b"=\r\n" + quoted[9:], parameter)).name == name


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-8-sig"])
def test_unicode_with_and_without_mark(tmp_path: Path, encoding: str) -> None:
    text = "BEGIN:VCARD\r\nVERSION:3.0\r\nN:张;伟;;;\r\nFN:张伟\r\nEND:VCARD\r\n"
    content = text.encode(encoding)
    assert VCARD.sniff(content, "a.vcf") == 100
    record = _read(tmp_path / "a.vcf", content)
    assert (record.family, record.given, record.name) == ("张", "伟", "张伟")


@pytest.mark.parametrize("mark", [codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_BE])
def test_a_mark_that_lies(tmp_path: Path, mark: bytes) -> None:
    assert _read(tmp_path / "a.vcf", mark + _card("张伟".encode())).name == "张伟"


def test_the_user_may_name_the_encoding(tmp_path: Path) -> None:
    assert _read(tmp_path / "a.vcf", _card("Łukasz Żak".encode("cp1250")), encoding="cp1250").name == "Łukasz Żak"
    assert _read(tmp_path / "a.vcf", _card("张伟".encode()), encoding="UTF-16").name == "张伟"
    with pytest.raises(InvalidInput, match="klingon"):
        _read(tmp_path / "a.vcf", _card(b"A"), encoding="klingon")


def test_a_neighbour_that_declares_its_charset_helps(tmp_path: Path) -> None:
    content = "BEGIN:VCARD\nVERSION:2.1\nFN:Żak\nNOTE;CHARSET=ISO-8859-2:Łódź\nEND:VCARD\n".encode("iso8859-2")
    record = _read(tmp_path / "a.vcf", content)
    assert (record.name, record.note) == ("Żak", "Łódź")


def test_text_cut_within_a_letter_stays_readable() -> None:
    assert decode("张伟明".encode()[:-1], "", "utf-8") == "张伟\ufffd"


def test_a_damaged_letter_does_not_change_the_charset() -> None:
    assert decode("ÑÑÑÑ".encode() + b"\xc3A" + "ÑÑ".encode(), "utf-8", "utf-8") == "ÑÑÑÑ\ufffdAÑÑ"


def test_no_byte_is_refused() -> None:
    raw = bytes(range(1, 256))
    assert len(decode(raw, "cp1252", "utf-8")) == 255
    assert guess(raw)
