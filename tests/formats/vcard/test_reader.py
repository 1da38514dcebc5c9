"""What each property becomes."""

from pathlib import Path

import pytest

from crmcore.formats.vcard.dates import iso_date
from crmcore.formats.vcard.format import VCARD
from crmcore.hooks.formats import Source
from crmcore.model.incoming import Address, Attachment, IncomingContact, IncomingCustomer, Point

DATA = Path(__file__).resolve().parents[2] / "data" / "vcard"
REAL = Path(__file__).resolve().parents[3] / ".." / "shared" / "realworld" / "vcard"
real = pytest.mark.skipif(not REAL.is_dir(), reason="the real files are not here")


def _records(path: Path) -> list[IncomingContact | IncomingCustomer]:
    records = list(VCARD.read(Source(path=path)))
    assert all(isinstance(record, IncomingContact | IncomingCustomer) for record in records)
    return records  # type: ignore[return-value]


def _card(tmp_path: Path, *lines: str) -> IncomingContact | IncomingCustomer:
    path = tmp_path / "card.vcf"
    path.write_text("\n".join(["BEGIN:VCARD", "VERSION:3.0", *lines, "END:VCARD", ""]), "utf-8")
    (record,) = _records(path)
    return record


def test_an_organisation_of_apple_is_a_customer() -> None:
    company, _person = _records(DATA / "company_and_person.vcf")
    assert company == IncomingCustomer(
        line=1,
        name="Acme GmbH",
        points=(
            Point(kind="fax", value="+49 30 1234", label="work", preferred=True),
            Point(kind="url", value="https://acme.example", label="homepage"),
        ),
        categories=("customer", "key account"),
        note="First line\nsecond line",
        external_id="11-22",
        extra={"PRODID": "-//Apple Inc.//macOS 14//EN"},
    )


def test_everything_a_person_has() -> None:
    _company, person = _records(DATA / "company_and_person.vcf")
    home = Address(street="12 St James's Sq", locality="London", postal_code="SW1Y 4JH", country="United Kingdom")
    hash_of_signature = "4c4b6a3be1314ab86138bef4314dde022e600960d8689a2c8f8631802d20dab6"
    assert person == IncomingContact(
        line=16,
        name="Dr. Ada King, Countess of Lovelace",
        family="King",
        given="Ada",
        additional="Augusta",
        prefix="Dr.",
        suffix="Countess of Lovelace",
        organisation="Analytical Engines Ltd",
        department="Research / Notes",
        birthday="--1210",
        language="en",
        points=(
            Point(kind="phone", value="+44-20-7946-0001", label="work", preferred=True),
            Point(kind="messenger", value="xmpp:ada@example.org"),
            Point(kind="messenger", value="skype:ada.k"),
            Point(kind="email", value="ada@example.org", label="home"),
            Point(kind="address", value="12 St James's Sq, London", label="home", address=home),
        ),
        photos=(Attachment(media_type="image/png", size=8, sha256=hash_of_signature),),
        extra={
            "LANG": "fr",
            "GENDER": "F",
            "EMAIL": '"Ada" <ada@example.org>',
            "KEY": "https://example.org/ada.asc",
            "X-ABDATE (anniversary)": "1835-07-08",
        },
    )


def test_a_chinese_phone_that_writes_gbk_and_no_fn() -> None:
    person, company = _records(DATA / "chinese_phone_gbk.vcf")
    assert isinstance(person, IncomingContact)
    assert (person.name, person.family, person.given) == ("欧阳娜娜", "欧阳", "娜娜")
    assert (person.organisation, person.department, person.title) == ("北京字节跳动科技有限公司", "销售部", "经理")
    assert person.note == "联通用户"
    assert person.points[0] == Point(kind="phone", value="13800138000", label="mobile")
    assert person.points[1].value == "中国 上海市 浦东新区 世纪大道100号 200120"
    assert isinstance(company, IncomingCustomer)
    assert (company.name, company.points[0].kind) == ("联通", "fax")


def test_a_card_without_any_name_is_named_by_its_organisation_mail_or_telephone(tmp_path: Path) -> None:
    assert _card(tmp_path, "EMAIL:ann@example.org", "TEL:1").name == "ann@example.org"
    assert _card(tmp_path, "TEL:+49 1", "N:;;;;").name == "+49 1"
    company = _card(tmp_path, "ORG:Acme", "TEL:1")
    assert isinstance(company, IncomingCustomer)
    assert company.name == "Acme"


def test_kind_tells_organisation_and_person_apart(tmp_path: Path) -> None:
    assert isinstance(_card(tmp_path, "FN:Acme", "KIND:org"), IncomingCustomer)
    assert isinstance(_card(tmp_path, "FN:Acme", "ORG:Acme"), IncomingCustomer)
    assert isinstance(_card(tmp_path, "FN:Acme", "ORG:Acme", "KIND:individual"), IncomingContact)
    assert isinstance(_card(tmp_path, "FN:Acme", "ORG:Acme", "N:Acme;Bob;;;"), IncomingContact)


def test_nothing_of_an_organisation_is_lost(tmp_path: Path) -> None:
    lines = (
        "FN:Acme",
        "KIND:org",
        "ORG:Acme;Sales",
        "N:Boss;The;;;",
        "TITLE:CEO",
        "BDAY:1999-01-02",
        "PHOTO:http://a/b",
    )
    extra = _card(tmp_path, *lines).extra
    assert extra == {
        "TITLE": "CEO",
        "BDAY": "1999-01-02",
        "ORG": "Acme; Sales",
        "N": "Boss;The;;;",
        "PHOTO": "http://a/b",
    }


def test_values_that_occur_again_are_kept(tmp_path: Path) -> None:
    record = _card(tmp_path, "FN:A", "FN:B", "TITLE:x", "TITLE:y", "TITLE:z", "NOTE:1", "NOTE:2", "NICKNAME:c,d\\,e")
    assert isinstance(record, IncomingContact)
    assert (record.name, record.title, record.note, record.nickname) == ("A", "x", "1\n2", "c, d,e")
    assert record.extra == {"FN": "B", "TITLE": "y\nz"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("19800321", "1980-03-21"),
        ("1985-01-28T00:00:00Z", "1985-01-28"),
        ("1985/1/28", "1985-01-28"),
        ("--0412", "--0412"),
        ("--04-12", "--0412"),
        ("--0229", "--0229"),
        ("---12", "---12"),
        ("--04", "--04"),
        ("1985-04", "1985-04"),
        ("1985", "1985"),
        ("19723101", ""),
        ("--1332", ""),
        ("0000-00-00", ""),
        ("soon", ""),
    ],
)
def test_birthdays(text: str, expected: str) -> None:
    assert iso_date(text) == expected


def test_a_birthday_that_is_no_date_or_has_no_year(tmp_path: Path) -> None:
    record = _card(tmp_path, "FN:A", "BDAY:19723101")
    assert isinstance(record, IncomingContact)
    assert (record.birthday, record.extra["BDAY"]) == ("", "19723101")
    apple = _card(tmp_path, "FN:A", "BDAY;X-APPLE-OMIT-YEAR=1604:1604-02-29")
    assert isinstance(apple, IncomingContact)
    assert apple.birthday == "--0229"


def test_labels_of_addresses_join_them(tmp_path: Path) -> None:
    lines = ("ADR;TYPE=WORK:;;Main St 1;Town;;123;", "LABEL;TYPE=WORK:Acme\\nMain St 1", "LABEL;TYPE=HOME:Elsewhere")
    points = _card(tmp_path, "FN:A", *lines).points
    assert [(point.value, point.label, point.address is None) for point in points] == [
        ("Acme, Main St 1", "work", False),
        ("Elsewhere", "home", True),
    ]


@real
def test_apple_labels_of_gmail() -> None:
    (record,) = _records(REAL / "mangstadt_ez-vcard" / "gmail-single2.vcf")
    labelled = {point.value: (point.kind, point.label) for point in record.points}
    assert labelled["customcategory@example.com"] == ("email", "customemailcategory")
    assert labelled["5555551118"] == ("fax", "work")
    assert labelled["5555551115"] == ("phone", "mobile")
    assert labelled["qq:IM6"] == ("messenger", "")
    assert labelled["http://www.example4.com"] == ("url", "homepage")
    assert record.extra["X-ABDATE (anniversary)"] == "1930-03-20"
    assert record.extra["X-ABRELATEDNAMES (spouse)"] == "Name2"


@real
def test_the_address_in_a_badly_folded_email_is_recovered() -> None:
    folder = REAL / "LineageOS_android_frameworks_opt_vcard"
    (record,) = _records(folder / "v21_invalid_multiple_line.vcf")
    assert [(point.kind, point.value) for point in record.points] == [("email", "omega@example.com")]
    (record,) = _records(folder / "v21_sip.vcf")
    assert [point.value for point in record.points] == ["sip:888", "sip:90-180-360"]


@pytest.mark.parametrize(
    ("head", "name", "least", "most"),
    [
        (b"BEGIN:VCARD\r\nVERSION:3.0", "x", 100, 100),
        (b"\xef\xbb\xbf\r\nbegin:vcard\n", "a.vcf", 100, 100),
        (b"From: a@b\n\nBEGIN:VCARD\n", "mail.eml", 1, 50),
        (b"garbage\nBEGIN:VCARD\n", "a.vcf", 80, 99),
        (b"\x89PNG\0\0", "a.VCF", 1, 50),
        (b"BEGIN:VCALENDAR\n", "a.ics", 0, 0),
        (b"name,phone\n", "a.csv", 0, 0),
    ],
)
def test_sniff(head: bytes, name: str, least: int, most: int) -> None:
    assert least <= VCARD.sniff(head, name) <= most
