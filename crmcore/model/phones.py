"""Phone numbers in E.164 (ITU-T), by phonenumbers; clear cases without its machinery of 50 us a number."""

import re
from typing import TYPE_CHECKING
from urllib.parse import unquote

if TYPE_CHECKING:
    from phonenumbers import PhoneNumber

_PUNCTUATION = str.maketrans("", "", " -.()")

# Numbers with a country code that phonenumbers leaves as they are: the country has no national prefix, or the number
# does not begin with it. Countries with intricate rules (Argentina, ...) are left to phonenumbers.
_INTERNATIONAL = re.compile(
    r"\+(?:(?:20|27|30|31|32|33|34|36|39|4[013]|4[5-9]|5[12367]|58|60|6[2-6]|81|82|84|9[0-24]|98|21[236]|234|254|351|"
    r"353|358|371|372|380|381|385|386|420|421|85[235]|880|886|96[012568]|97[1247])[1-9]"
    r"|1[2-9]|7[1-79]|44(?!1800)[1-9]|55(?!90)[1-9]|61(?!183)[1-9]|86(?!1[12]|179)[1-9])[0-9]{5,11}"
)
# Regions where 00 and nothing else goes before a country code, as without a region.
_ZERO_ZERO = frozenset(["", "AT", "BE", "CH", "CN", "DE", "DK", "ES", "FR", "GB", "IN", "IT", "NL", "NO", "PL", "SE"])

# Region: what a clear number inside the country looks like, its group being what follows the country code.
_NATIONAL = {
    region: (f"+{code}", re.compile(pattern))
    for region, code, pattern in (
        ("AT", 43, r"0([1-9][0-9]{5,11})"),
        ("AU", 61, r"0([2-478][0-9]{8})"),
        ("BE", 32, r"0([1-9][0-9]{7,8})"),
        ("CA", 1, r"1?([2-9][0-9]{9})"),
        ("CH", 41, r"0([1-9][0-9]{8})"),
        ("CN", 86, r"(1(?:[3-689][0-9]|7[0-8])[0-9]{8})"),
        ("DE", 49, r"0([1-9][0-9]{5,10})"),
        ("DK", 45, r"((?!45)[2-9][0-9]{7})"),
        ("ES", 34, r"([6-9][0-9]{8})"),
        ("FR", 33, r"0([1-9][0-9]{8})"),
        ("GB", 44, r"0([1-9][0-9]{9})"),
        ("HK", 852, r"((?!852)[2-9][0-9]{7})"),
        ("IN", 91, r"((?!91)[6-9][0-9]{9})"),
        ("IT", 39, r"(0[1-9][0-9]{5,9}|3[0-8][0-9]{7,8})"),
        ("JP", 81, r"0([2-9][0-9]{8,9})"),
        ("KR", 82, r"0([2-7][0-9]{7,9})"),
        ("NL", 31, r"0([1-9][0-9]{8})"),
        ("NO", 47, r"((?!47)[2-9][0-9]{7})"),
        ("PL", 48, r"((?!48)[1-9][0-9]{8})"),
        ("SE", 46, r"0([1-9][0-9]{6,9})"),
        ("SG", 65, r"((?!65)[3689][0-9]{7})"),
        ("TW", 886, r"0([2-9][0-9]{7,8})"),
        ("US", 1, r"1?([2-9][0-9]{9})"),
    )
}
_CHINESE_LANDLINE = re.compile(r"0((?:10|2[0-9]|[3-9][0-9]{2})[0-9]{8})")
_CHINESE_EXTENSION = re.compile(r"\s*(?:转|轉|分机|分機)\s*(?=[0-9]{1,6}\s*$)")
_EXTENSION = re.compile(r"(?:;ext=|\bext(?:ension)?[.:]?|x|#)\s*([0-9]{1,7})\s*$", re.IGNORECASE)

_SIP = re.compile(r"(?:^|<)\s*sips?:([^@;>?]*)", re.IGNORECASE)
"""A SIP URI (RFC 3261), alone or behind a name: the number is what stands before the host."""


def clear_number(text: str, region: str) -> str:
    """Return the E.164 form of a number in one of the clear cases, '' for all others."""
    digits = text.translate(_PUNCTUATION)
    if digits.startswith("00") and region in _ZERO_ZERO:
        digits = f"+{digits[2:]}"
    if digits.startswith("+"):
        return digits if _INTERNATIONAL.fullmatch(digits) else ""
    national = _NATIONAL.get(region)
    if national is None:
        return ""
    prefix, pattern = national
    found = pattern.fullmatch(digits)
    if found is None and region == "CN":
        found = _CHINESE_LANDLINE.fullmatch(digits)
    return prefix + found[1] if found else ""


def prepared(text: str, region: str) -> str:
    """Return `text` with what phonenumbers does not know in words that it knows: 转 and 分机 for an extension, and
    00 for + where no region is given; of a SIP URI the number alone.
    """
    address = _SIP.search(text)
    text = _CHINESE_EXTENSION.sub(";ext=", unquote(address[1]) if address else text.strip())
    if not region and text.startswith("00"):
        return f"+{text[2:]}"
    return text


def e164(text: str, region: str) -> str:
    """Return the number in E.164, an extension behind ``;ext=``; its bare digits where the country is not known.

    '' where there are fewer than three digits. `region` is an ISO 3166 alpha-2 code in capitals, or ''.
    """
    clear = clear_number(text, region)
    if clear:
        return clear
    import phonenumbers  # 30 ms, and not needed for most files

    dialled = prepared(text, region)
    digits = "".join(str(int(character)) for character in dialled if character.isdecimal())
    if len(digits) < 3:
        return ""
    try:
        number = phonenumbers.parse(dialled, region or None)
    except phonenumbers.NumberParseException:
        extension = _EXTENSION.search(dialled)
        if extension is None or len(digits) < len(extension[1]) + 3:
            return digits
        return f"{digits.removesuffix(extension[1])};ext={extension[1]}"
    number = _with_country_code(number, dialled, region) or number
    formatted = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return f"{formatted};ext={number.extension}" if number.extension else formatted


def _with_country_code(number: "PhoneNumber", dialled: str, region: str) -> "PhoneNumber | None":
    """Return a number written as 086-138-0000-0007, with one 0 before the country code: only that way it is valid."""
    import phonenumbers

    code = phonenumbers.country_code_for_region(region) if region else 0
    if not code or not dialled.startswith(f"0{code}") or phonenumbers.is_valid_number(number):
        return None
    try:
        other = phonenumbers.parse(f"+{dialled[1:]}", None)
    except phonenumbers.NumberParseException:
        return None
    return other if phonenumbers.is_valid_number(other) else None
