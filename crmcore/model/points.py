"""Ways to reach somebody: the normal form by which two of them are compared, and what is wrong with one."""

import re
import unicodedata
from functools import lru_cache
from urllib.parse import unquote

from crmcore.i18n import _
from crmcore.model.phones import e164, prepared

# Addresses that email-validator accepts and only folds; labels with -- may be IDNA and are left to it.
_PLAIN_EMAIL = re.compile(
    r"(?=[^@]{1,64}@)(?=.{3,254}\Z)[a-z0-9_+\-]+(?:\.[a-z0-9_+\-]+)*"
    r"@(?:(?![a-z0-9-]*--)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,24}"
)
_SCHEME = re.compile(r"[a-z][a-z0-9+.\-]*://", re.IGNORECASE)
_WORDS = re.compile(r"[^\W_]+")


@lru_cache(maxsize=16384)
def normalise(kind: str, value: str, region: str = "") -> str:
    """Return the form in which two values of the same `kind` are equal if they reach the same place.

    - email: folded to lower case, domain in IDNA (RFC 5891), ``mailto:`` removed; '' if it is no address (RFC 5321).
    - phone, fax: E.164 with ``;ext=`` for an extension; `region` (ISO 3166 alpha-2) is the country of a number without
      country code. Without either, the bare digits. '' if there are fewer than three digits.
    - url: without scheme, ``www.`` and closing slash, host in lower case.
    - address: its words, case-folded, without punctuation.
    - messenger and all others: case-folded, without surrounding space.
    """
    if kind == "email":
        return _email(value)
    if kind in {"phone", "fax"}:
        return e164(value, region.upper())
    if kind == "url":
        return _url(value)
    folded = unicodedata.normalize("NFKC", value).casefold()
    return " ".join(_WORDS.findall(folded)) if kind == "address" else folded.strip()


def problem(kind: str, value: str, region: str = "") -> str:
    """Return one sentence on why `value` cannot be a valid way of this `kind`, '' if nothing is wrong.

    Looks at the form only: an e-mail address is not looked up, a phone number need not be in service.
    """
    if kind == "email":
        return _email_problem(value)
    if kind in {"phone", "fax"}:
        return _phone_problem(value, region.upper())
    if kind == "url":
        host = re.split(r"[/?#]", _url(value), maxsplit=1)[0]
        if "." not in host.strip(".") or any(character.isspace() for character in value.strip()):
            return _("{value} is not a web address.").format(value=repr(value))
    elif not _WORDS.search(value):
        return _("The value holds neither letters nor digits.")
    return ""


def _address_of(value: str) -> str:
    address = value.strip()
    if address[:7].lower() == "mailto:":
        return unquote(address[7:].partition("?")[0])
    return address


def _email(value: str) -> str:
    address = value.strip().lower()
    if _PLAIN_EMAIL.fullmatch(address):
        return address
    if "@" not in address:
        return ""
    from email_validator import EmailNotValidError, validate_email  # only for the unusual

    try:
        found = validate_email(
            _address_of(value), check_deliverability=False, globally_deliverable=False, allow_quoted_local=True
        )
    except EmailNotValidError:
        return ""
    local = unicodedata.normalize("NFC", found.local_part.casefold())
    return f"{local}@{found.ascii_domain or found.domain}"


def _email_problem(value: str) -> str:
    from email_validator import EmailNotValidError, validate_email

    try:
        validate_email(_address_of(value), check_deliverability=False)
    except EmailNotValidError as error:
        return _("{value} is not an e-mail address: {reason}").format(value=repr(value), reason=error)
    return ""


def _phone_problem(value: str, region: str) -> str:
    import phonenumbers

    normal = e164(value, region)
    if not normal:
        return _("{value} is not a phone number.").format(value=repr(value))
    if not normal.startswith("+"):
        if prepared(value, region).startswith("+"):
            return _("{value} begins with a country code that does not exist.").format(value=repr(value))
        return "" if len(normal.partition(";")[0]) <= 15 else _too_long(value)
    number = phonenumbers.parse(normal)
    result = phonenumbers.is_possible_number_with_reason(number)
    if result == phonenumbers.ValidationResult.TOO_LONG:
        return _too_long(value)
    if result in {phonenumbers.ValidationResult.TOO_SHORT, phonenumbers.ValidationResult.IS_POSSIBLE_LOCAL_ONLY}:
        return _("{value} has too few digits for a phone number of its country.").format(value=repr(value))
    if result != phonenumbers.ValidationResult.IS_POSSIBLE:
        return _("{value} does not have the length of a phone number of its country.").format(value=repr(value))
    return ""


def _too_long(value: str) -> str:
    return _("{value} has too many digits for a phone number.").format(value=repr(value))


def _url(value: str) -> str:
    rest = _SCHEME.sub("", value.strip(), count=1)
    cut = re.search(r"[/?#]", rest)
    host, path = (rest[: cut.start()], rest[cut.start() :]) if cut else (rest, "")
    return host.lower().removeprefix("www.") + path.rstrip("/")
