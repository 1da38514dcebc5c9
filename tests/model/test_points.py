"""Normal forms of e-mail addresses, phone numbers and all others."""

import phonenumbers
import pytest
from email_validator import EmailNotValidError, validate_email
from hypothesis import given, settings
from hypothesis import strategies as st

from crmcore.model.phones import clear_number
from crmcore.model.points import normalise, problem


@pytest.mark.parametrize(
    ("kind", "value", "region", "expected"),
    [
        ("email", " Max.M@Example.COM ", "", "max.m@example.com"),
        ("email", "mailto:a@b.de?subject=x", "", "a@b.de"),
        ("email", "用户@例子.中国", "", "用户@xn--fsqu00a.xn--fiqs8s"),
        ("email", "X@München.de", "", "x@xn--mnchen-3ya.de"),
        ("email", "foo", "", ""),
        ("email", "a..b@c.de", "", ""),
        ("phone", "+49 (0)30 1234567", "", "+49301234567"),
        ("phone", "030/1234567", "de", "+49301234567"),
        ("phone", "0049 30 1234567", "", "+49301234567"),
        ("phone", "030 1234567", "", "0301234567"),
        ("phone", "13812345678", "CN", "+8613812345678"),
        ("phone", "１３８１２３４５６７８", "CN", "+8613812345678"),
        ("phone", "010-62345678转123", "CN", "+861062345678;ext=123"),
        ("phone", "(212) 555-1234 ext. 12", "US", "+12125551234;ext=12"),
        ("phone", "555-1234 x12", "", "5551234;ext=12"),
        ("phone", "tel:+49-30-1234567;ext=5", "", "+49301234567;ext=5"),
        ("phone", "086-13800000007", "CN", "+8613800000007"),
        ("phone", "086 21 5550 1000", "CN", "+862155501000"),
        ("phone", "0861 2345678", "CN", "+868612345678"),
        ("phone", "086x0)/", "CN", "+86086;ext=0"),
        ("phone", "sip:+8613800000007@10.0.0.1:5060;user=phone", "CN", "+8613800000007"),
        ("phone", '"Li 2" <sip:13800000007@10.0.0.1>', "CN", "+8613800000007"),
        ("phone", "SIPS:%2B85223456789@example.com", "CN", "+85223456789"),
        ("phone", "sip:bob@10.0.0.1:5060", "CN", ""),
        ("fax", "12", "", ""),
        ("phone", "+999123456", "", "999123456"),
        ("url", "HTTPS://www.Example.com/A/", "", "example.com/A"),
        ("messenger", " WeiXin_Li ", "", "weixin_li"),
        ("address", "Hauptstr. 5,\n10115 Berlin", "", "hauptstr 5 10115 berlin"),
        ("address", "北京市朝阳区，建国路1号", "", "北京市朝阳区 建国路1号"),
    ],
)
def test_normal_form(kind: str, value: str, region: str, expected: str) -> None:
    normal = normalise(kind, value, region)
    assert normal == expected
    assert normalise(kind, normal) == normal


@pytest.mark.parametrize(
    ("kind", "value", "region", "part"),
    [
        ("email", "foo", "", "not an e-mail address"),
        ("email", "root@localhost", "", "not an e-mail address"),
        ("phone", "call me", "", "not a phone number"),
        ("phone", "+999 123456", "", "country code"),
        ("phone", "+49 30", "", "too few digits"),
        ("phone", "+1 212 555 12345", "", "too many digits"),
        ("phone", "1" * 20, "", "too many digits"),
        ("url", "not a url", "", "not a web address"),
        ("messenger", "  ", "", "neither letters nor digits"),
        ("email", "max@example.com", "", ""),
        ("phone", "13812345678", "CN", ""),
        ("phone", "030 1234567", "", ""),
        ("url", "https://例子.中国/a", "", ""),
        ("address", "北京", "", ""),
    ],
)
def test_problem(kind: str, value: str, region: str, part: str) -> None:
    found = problem(kind, value, region)
    assert (part in found) if part else found == ""


REGIONS = ["AT", "AU", "BE", "CA", "CH", "CN", "DE", "DK", "ES", "FR", "GB", "HK", "IN", "IT", "JP", "KR", "NL", "NO"]
REGIONS += ["PL", "SE", "SG", "TW", "US", "BR", "RU", "AR", "MX"]
COUNTRY_CODES = sorted(phonenumbers.COUNTRY_CODE_TO_REGION_CODE)


@settings(max_examples=3000, deadline=None)
@given(
    region=st.sampled_from(REGIONS),
    code=st.sampled_from(["", "", "0", "1", "00", *(f"+{code}" for code in COUNTRY_CODES)]),
    digits=st.text("0123456789", min_size=3, max_size=13),
    gap=st.sampled_from(["", " ", "-", ".", " (", ") "]),
    at=st.integers(0, 6),
)
def test_clear_numbers_are_those_of_phonenumbers(region: str, code: str, digits: str, gap: str, at: int) -> None:
    text = f"{code}{digits[:at]}{gap}{digits[at:]}"
    clear = clear_number(text, region)
    if clear:
        parsed = phonenumbers.parse(text, region)
        assert clear == phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


@pytest.mark.parametrize("region", REGIONS)
def test_example_numbers_of_all_regions(region: str) -> None:
    for kind in (phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE):
        example = phonenumbers.example_number_for_type(region, kind)
        assert example is not None
        expected = phonenumbers.format_number(example, phonenumbers.PhoneNumberFormat.E164)
        for form in vars(phonenumbers.PhoneNumberFormat).values():
            if isinstance(form, int):
                assert normalise("phone", phonenumbers.format_number(example, form), region) == expected


LABEL = st.text("abcxyz019-", min_size=1, max_size=8)


@settings(max_examples=2000)
@given(local=st.text("abcXYZ0189._+-'@ ", min_size=1, max_size=12), labels=st.lists(LABEL, max_size=3), top=LABEL)
def test_plain_addresses_are_those_of_the_validator(local: str, labels: list[str], top: str) -> None:
    text = f"{local}@{'.'.join([*labels, top])}"
    try:
        found = validate_email(text.strip(), check_deliverability=False, globally_deliverable=False)
        expected = f"{found.local_part.lower()}@{found.ascii_domain}"
    except EmailNotValidError:
        expected = ""
    assert normalise("email", text) == expected


@given(st.sampled_from(["email", "phone", "fax", "url", "messenger", "address", "pager"]), st.text())
def test_no_text_breaks_a_point(kind: str, text: str) -> None:
    assert isinstance(normalise(kind, text), str)
    assert isinstance(problem(kind, text), str)
