import codecs
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmcore.errors import InvalidInput
from crmcore.formats.table.encoding import detect_encoding

CHINESE = "姓名,公司,电话\n张三,北京贸易公司,010\n李四,上海科技公司,021\n"
MARKED = [
    ("utf-8", codecs.BOM_UTF8),
    ("utf-16-le", codecs.BOM_UTF16_LE),
    ("utf-16-be", codecs.BOM_UTF16_BE),
    ("utf-32-le", codecs.BOM_UTF32_LE),
    ("utf-32-be", codecs.BOM_UTF32_BE),
    ("gb18030", "\ufeff".encode("gb18030")),
]
LEGACY = [
    ("gb18030", CHINESE),
    ("gb18030", "name,phone\n张三,138\n"),
    ("gb18030", "姓名,生日\n赵珺,1990\n钱喆,1991\n陈玥彤,1992\n"),
    ("big5", "姓名,公司,電話\n陳大文,台灣積體電路,0912\n"),
    ("big5", "name,phone\n陳大文,0912\n"),
    ("shift_jis", "名前,会社\n山田太郎,トヨタ自動車\n"),
    ("cp949", "이름,회사,전화\n김철수,삼성전자,010\n박영희,현대자동차,02\n"),
    ("cp1252", "name,city\nMüller,Bern\n"),
    ("cp1252", "name\nNúñez\nPeña\nIñigo\n"),
    ("cp1252", "name,city\nSøren Kjær,Århus\nÅse,Tromsø\n"),
    ("cp1252", "name,note\nO’Brien,“quoted” – dash\n"),
    ("cp1252", "nome,cidade\nJoão Conceição,São Paulo\nInês Magalhães,Brasília\n"),
    ("cp1250", "jméno,město\nDvořák,Plzeň\nŠťastný,Liberec\n"),
    ("cp1250", "imię,miasto\nWałęsa,Gdańsk\nŻółć,Łódź\n"),
    ("cp1251", "имя,город\nИван Петров,Москва\n"),
    ("cp1251", "ИМЯ,ГОРОД\nИВАН ПЕТРОВ,МОСКВА\n"),
    ("cp1253", "όνομα,πόλη\nΓιώργος,Αθήνα\n"),
    ("cp1254", "ad,şehir\nİbrahim Şahin,Eskişehir\nGülşen Yağcı,Muğla\n"),
]


def text_of(path: Path) -> str:
    found = detect_encoding(path)
    return path.read_bytes()[found.skip :].decode(found.codec)


@pytest.mark.parametrize(("codec", "mark"), MARKED)
def test_a_true_byte_order_mark_is_believed(tmp_path: Path, codec: str, mark: bytes) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(mark + CHINESE.encode(codec))
    assert text_of(path) == CHINESE
    assert detect_encoding(path).guessed is False


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be", "utf-8"])
def test_unicode_without_a_mark(tmp_path: Path, codec: str) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(CHINESE.encode(codec))
    assert text_of(path) == CHINESE


@pytest.mark.parametrize(
    ("mark", "codec"),
    [
        (codecs.BOM_UTF16_BE, "utf-32-be"),
        (codecs.BOM_UTF16_LE, "utf-16-be"),
        (codecs.BOM_UTF16_LE, "utf-8"),
        (codecs.BOM_UTF16_BE, "gb18030"),
        (codecs.BOM_UTF8, "gb18030"),
        (codecs.BOM_UTF8, "utf-16-le"),
    ],
)
def test_a_lying_byte_order_mark_is_not_believed(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, mark: bytes, codec: str
) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(mark + CHINESE.encode(codec))
    assert text_of(path) == CHINESE
    assert "t.csv" in caplog.text


@pytest.mark.parametrize(("codec", "text"), LEGACY)
def test_legacy_encodings_are_told_from_a_few_names_and_reported(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, codec: str, text: str
) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(text.encode(codec))
    assert text_of(path) == text
    assert detect_encoding(path).guessed
    assert "guessed" in caplog.text


def test_what_comes_after_a_long_plain_head_decides(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    plain = "name,city\n" + "Smith,London\n" * 20_000
    path.write_bytes(plain.encode() + "张三,北京\n李四,上海\n王五,广州市天河区\n".encode("gb18030"))
    assert detect_encoding(path).codec == "gb18030"


def test_one_bad_line_does_not_turn_the_others_into_mojibake(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes("name\nMüller\nGröß\nJürgen\nÄnne\n".encode() + "Fööß\n".encode("cp1252"))
    found = detect_encoding(path)
    assert (found.codec, found.damaged) == ("utf-8", True)


def test_declared_encoding_wins_and_must_fit(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(CHINESE.encode("gb18030"))
    assert detect_encoding(path, "gbk").codec == "gb18030"
    assert detect_encoding(path, "latin-1").codec == "iso8859-1"
    with pytest.raises(InvalidInput, match=r"t\.csv.*utf-8"):
        detect_encoding(path, "utf-8")
    with pytest.raises(InvalidInput, match="klingon"):
        detect_encoding(path, "klingon")


@given(st.binary(max_size=400))
def test_any_bytes_are_decoded_or_refused(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "any.csv"
    path.write_bytes(data)
    try:
        found = detect_encoding(path)
        fine = found.damaged or data[found.skip :].decode(found.codec) is not None
    except InvalidInput as error:
        fine = "any.csv" in str(error)
    assert fine
