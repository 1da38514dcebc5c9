"""What is written reads back as the same records."""

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from attrs import evolve, fields_dict
from hypothesis import given, settings
from hypothesis import strategies as st

from crmcore.formats.vcard.format import VCARD
from crmcore.formats.vcard.points import one_line, readable
from crmcore.formats.vcard.writer import write_vcard
from crmcore.hooks.formats import Source
from crmcore.model.incoming import Address, Attachment, IncomingContact, IncomingCustomer, Point, Rejection

REAL = Path(__file__).resolve().parents[3] / ".." / "shared" / "realworld" / "vcard"

# Everything but CR (line ends come back as LF) and lone surrogates (no text).
ANY = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r"), max_size=60)
NASTY = st.sampled_from(
    ["", "a;b,c\\n", "\\", "\\\\;", "张伟", "^n^^'\"", "BEGIN:VCARD", "é" * 80, " x ", "a\nb\n\nc", "END:VCARD"]
)
TEXT = ANY | NASTY
SOME = TEXT.filter(lambda text: bool(text.strip()))
LINE = SOME.map(lambda text: " ".join(text.split()))
WORD = st.sampled_from(["home", "work", "mobile", "pager", "手机", "assistant", "自定义", "voice", "cell"])
LABEL = st.lists(WORD, max_size=3, unique=True).map(" ".join)
DAY = st.dates().map(lambda day: day.isoformat()) | st.sampled_from(["", "1985", "1985-04", "--0412", "--04", "---12"])
OPTIONAL = st.just("") | SOME


def _fits(point: Point) -> bool:
    return one_line(point.value) == point.value and (point.address is None or bool(point.value.strip()))


ADDRESS = st.builds(Address, **dict.fromkeys(fields_dict(Address), TEXT)).filter(lambda a: bool(readable(a).strip()))
POINT = st.builds(
    Point,
    kind=st.sampled_from(["phone", "fax", "messenger", "url"]),
    value=SOME.filter(lambda text: not text.lower().startswith("tel:")),
    label=LABEL,
    preferred=st.booleans(),
)
EMAIL = st.builds(Point, kind=st.just("email"), value=st.emails(), label=LABEL, preferred=st.booleans())
PLACE = st.builds(
    Point, kind=st.just("address"), value=LINE, label=LABEL, preferred=st.booleans(), address=st.none() | ADDRESS
)
DERIVED = st.builds(lambda address: Point(kind="address", value=readable(address), address=address), ADDRESS)
POINTS = st.lists(POINT | EMAIL | PLACE | DERIVED, max_size=4).map(tuple)
HASHES = st.text("0123456789abcdef", min_size=64, max_size=64)
PHOTO = st.builds(
    Attachment, name=TEXT, media_type=st.sampled_from(["", "image/png"]), size=st.integers(0, 10**9), sha256=HASHES
)
LINK = st.builds(
    Attachment, media_type=st.sampled_from(["", "image/png"]), url=st.just("https://example.com/a,b;c?d=1")
)
CATEGORIES = st.lists(SOME.map(str.strip), max_size=3).map(tuple)
TEXTS = st.dictionaries(
    TEXT | st.sampled_from(["GENDER", "X-Foo", "VERSION", "TEL", "X-ABDATE (anniversary)"]), TEXT, max_size=3
)
COMMON = {
    "line": st.just(0),
    "name": SOME,
    "note": OPTIONAL,
    "categories": CATEGORIES,
    "points": POINTS,
    "external_id": OPTIONAL,
    "identifiers": TEXTS,
    "owner": OPTIONAL,
    "extra": TEXTS,
}
CONTACT = st.builds(
    IncomingContact,
    **COMMON,
    **dict.fromkeys(["nickname", "organisation", "organisation_key", "title", "role", "language"], OPTIONAL),
    department=OPTIONAL.map(str.strip),
    **dict.fromkeys(["given", "family", "additional", "prefix", "suffix"], OPTIONAL),
    birthday=DAY,
    photos=st.lists(PHOTO | LINK, max_size=2).map(tuple),
)
CUSTOMER = st.builds(
    IncomingCustomer,
    **COMMON,
    kind=st.sampled_from(["organisation", "individual"]),
    parent=OPTIONAL,
    roles=st.lists(SOME, max_size=2).map(tuple),
)

Record = IncomingContact | IncomingCustomer


def _read(text: str) -> list[Record | Rejection]:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "cards.vcf"
        path.write_bytes(text.encode())
        return [evolve(record, line=0) for record in VCARD.read(Source(path=path))]  # type: ignore[misc]


@settings(max_examples=300, deadline=None)
@given(st.lists(CONTACT | CUSTOMER, min_size=1, max_size=3))
def test_records_come_back(records: list[Record]) -> None:
    text = "".join(write_vcard(records))
    assert _read(text) == records


@settings(max_examples=100, deadline=None)
@given(CONTACT | CUSTOMER)
def test_lines_keep_to_the_limit_of_rfc_6350(record: Record) -> None:
    (text,) = write_vcard([record])
    assert text.endswith("END:VCARD\r\n")
    lines = text.split("\r\n")
    assert all(len(line.encode()) <= 75 for line in lines)
    assert not any("\n" in line for line in lines)


def test_chinese_names_keep_their_parts() -> None:
    contact = IncomingContact(
        line=0, name="欧阳娜娜", family="欧阳", given="娜娜", organisation="北京字节跳动科技有限公司"
    )
    (text,) = write_vcard([contact])
    assert "FN:欧阳娜娜\r\nN:欧阳;娜娜;;;\r\n" in text
    assert _read(text) == [contact]


def _real_records() -> list[Record]:
    records: list[Record] = []
    for path in sorted(REAL.glob("*/*.vcf")):
        records += [record for record in VCARD.read(Source(path=path)) if not isinstance(record, Rejection)]  # type: ignore[misc]
    return records


@pytest.mark.skipif(not REAL.is_dir(), reason="the real files are not here")
def test_real_records_come_back() -> None:
    records = _real_records()
    assert len(records) >= 60
    for record in records:
        once = _read("".join(write_vcard([record])))
        # A carriage return cannot be written; all else is the same, and stays so.
        expected = repr(evolve(record, line=0)).replace("\\r\\n", "\\n")
        assert [repr(found) for found in once] == [expected]
