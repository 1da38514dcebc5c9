"""Ways to reach somebody: TEL, EMAIL, ADR, LABEL, URL, IMPP and the messengers' own properties."""

import re
from collections.abc import Iterable

from crmcore.formats.vcard.properties import Property, split
from crmcore.model.incoming import Address, Point

_ADDRESS_PARTS = ("po_box", "extended", "street", "locality", "region", "postal_code", "country")
_APPLE_LABEL = re.compile(r"_?\$!<(.*)>!\$_?", re.DOTALL)
_MAILBOX = re.compile(r"<\s*([^<>\s@]++@[^<>\s@]++)\s*>")
_KADDRESSBOOK = re.compile(r"X-MESSAGING/(.+)-ALL")
_CJK = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]")
# Words of TYPE that say nothing about which of several ways this is.
_SILENT = {"pref", "voice", "internet", "postal", "parcel", "intl", "dom"}
_FAX = ("fax", "传真", "傳真")

MESSENGERS = {
    "IMPP": "",
    "X-AIM": "aim",
    "X-GADUGADU": "gg",
    "X-GOOGLE-TALK": "gtalk",
    "X-GROUPWISE": "groupwise",
    "X-GTALK": "gtalk",
    "X-ICQ": "icq",
    "X-JABBER": "xmpp",
    "X-KADDRESSBOOK-X-IMADDRESS": "",
    "X-MS-IMADDRESS": "",
    "X-MSN": "msnim",
    "X-QQ": "qq",
    "X-SIP": "sip",
    "X-SKYPE": "skype",
    "X-SKYPE-USERNAME": "skype",
    "X-TELEGRAM": "telegram",
    "X-WECHAT": "wechat",
    "X-WEIXIN": "wechat",
    "X-WHATSAPP": "whatsapp",
    "X-YAHOO": "ymsgr",
}
"""Properties of messengers, and the scheme that their value gets if it has none."""


def is_cjk(text: str) -> bool:
    """Tell whether the text has Chinese, Japanese or Korean letters."""
    return _CJK.search(text) is not None


def one_line(text: str) -> str:
    """Return the lines of a text as one line, with commas where a line ended."""
    if "\n" not in text:
        return text
    lines = [line.strip(" \t\r,") for line in text.split("\n")]
    return ", ".join(line for line in lines if line)


def readable(address: Address) -> str:
    """Return an address as one line: from the street to the country, or the other way round in East Asia."""
    west = [address.street, address.extended, address.po_box]
    town = f"{address.postal_code} {address.locality}".strip()
    if is_cjk(address.locality + address.region + address.street):
        parts = [address.country, address.region, address.locality, *west, address.postal_code]
        return " ".join(part for part in map(one_line, parts) if part.strip())
    return ", ".join(part for part in map(one_line, [*west, town, address.region, address.country]) if part.strip())


def label_words(found: Property, apple_label: str) -> list[str]:
    """Return the words that tell this one of several ways: the types (cell is mobile), and Apple's X-ABLabel."""
    words: list[str] = []
    # Some put all types between one pair of quotes: TYPE="work,voice".
    for kind in ",".join(found.head.parameters.get("TYPE", ())).split(","):
        words += ["mobile" if word == "cell" else word for word in kind.lower().split() if word not in _SILENT]
    label = _APPLE_LABEL.fullmatch(apple_label.strip())
    words += (label[1] if label else apple_label).lower().split()
    return list(dict.fromkeys(words))


def is_preferred(found: Property) -> bool:
    """Tell whether the exporter marked it: PREF=1 of vCard 4, or the type of older versions."""
    types = found.head.parameters.get("TYPE", ())
    return found.head.first("PREF") == "1" or any(word.lower() == "pref" for word in types)


def telephone(found: Property, apple_label: str) -> Point:
    """Return a TEL, of kind fax if a type or the label says so. The scheme of a tel: URI is left out."""
    words = label_words(found, apple_label)
    fax = any(word.endswith(_FAX) for word in words)
    if fax:
        words = [rest for word in words if (rest := _without_fax(word))]
    value = found.text
    value = value[4:] if value[:4].lower() == "tel:" else value
    return _point("fax" if fax else "phone", value, words, found)


def email(found: Property, apple_label: str) -> Point:
    """Return an EMAIL; of ``"Name" <address>`` only the address."""
    value = found.text
    value = value[7:] if value[:7].lower() == "mailto:" else value
    mailbox = _MAILBOX.search(value)
    return _point("email", mailbox[1] if mailbox else value, label_words(found, apple_label), found)


def url(found: Property, apple_label: str) -> Point:
    """Return a URL or a profile in a social network."""
    return _point("url", found.text, label_words(found, apple_label), found)


def messenger_scheme(name: str) -> str | None:
    """Return the scheme of a messenger's property ("" for none of its own), or None for any other property."""
    other = _KADDRESSBOOK.fullmatch(name)
    return other[1].lower() if other else MESSENGERS.get(name)


def messenger(found: Property, scheme: str, apple_label: str) -> Point:
    """Return an IMPP or a messenger's own property, with a scheme before it (``skype:name``)."""
    value = found.text
    words = label_words(found, apple_label)
    service = found.head.first("X-SERVICE-TYPE").lower()
    if service and not value.lower().startswith(f"{service}:"):
        words += [word for word in service.split() if word not in words]
    if scheme and not value.lower().startswith(f"{scheme}:"):
        value = f"{scheme}:{value}"
    return _point("messenger", value, words, found)


def postal_address(found: Property, apple_label: str) -> Point | None:
    """Return an ADR, or None if it is empty. Its LABEL parameter (vCard 4), if any, is its value."""
    parts = split(found.value, ";")
    # More than seven parts: a semicolon that was not escaped, or the finer parts of RFC 9554.
    parts = [*parts[:6], "; ".join([*parts[6:7], *filter(None, parts[7:])])]
    address = Address(**dict(zip(_ADDRESS_PARTS, parts, strict=False)))
    formatted = one_line(found.head.first("LABEL"))
    value = formatted or readable(address)
    if not value.strip():
        return None
    filled = any(part.strip() for part in parts)
    return _point("address", value, label_words(found, apple_label), found, address if filled else None)


def with_labels(points: list[Point], labels: Iterable[Point]) -> list[Point]:
    """Give each LABEL of vCard 2.1 and 3.0 to the address of the same kind as its value; the others stand alone."""
    result = list(points)
    taken: set[int] = set()
    for label in labels:
        for place, point in enumerate(result):
            if point.address and point.label == label.label and place not in taken:
                result[place] = _formatted(point, label.value)
                taken.add(place)
                break
        else:
            result.append(label)
    return result


def delivery_label(found: Property, apple_label: str) -> Point:
    """Return a LABEL: an address as one text."""
    return _point("address", one_line(found.text), label_words(found, apple_label), found)


def _formatted(point: Point, value: str) -> Point:
    return Point(kind=point.kind, value=value, label=point.label, preferred=point.preferred, address=point.address)


def _without_fax(word: str) -> str:
    for ending in _FAX:
        word = word.removesuffix(ending)
    return word


def _point(kind: str, value: str, words: list[str], found: Property, address: Address | None = None) -> Point:
    return Point(kind=kind, value=value, label=" ".join(words), preferred=is_preferred(found), address=address)
