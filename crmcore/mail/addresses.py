"""Addresses of mail as people write them, with a name or without."""

import re
from email.errors import MessageError, NonASCIILocalPartDefect
from email.headerregistry import Address, HeaderRegistry
from typing import Any

from crmcore.errors import InvalidInput
from crmcore.i18n import _

_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_PLAIN = re.compile(rf"({_ATOM}(?:\.{_ATOM})*)@([A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)")
"""What nearly all addresses are; others are read as RFC 5322 has them."""


def parsed_address(text: str) -> Address:
    """Return an address with its name, as `Huaxin <news@example.com>`; raises `InvalidInput` for none (RFC 5322)."""
    plain = _PLAIN.fullmatch(text)
    if plain:
        return Address(username=plain[1], domain=plain[2])
    try:
        header: Any = HeaderRegistry()("to", " ".join(text.split()))
        (found,) = header.addresses
    except (ValueError, IndexError, MessageError):  # none or several, or what the standard library cannot read
        header, found = None, Address()
    wrong = header is None or any(not isinstance(one, NonASCIILocalPartDefect) for one in header.defects)
    if wrong or not found.username or ("." not in found.domain and found.domain != "localhost"):
        raise InvalidInput(_("“{text}” is no e-mail address.").format(text=text))
    return Address(display_name=found.display_name, username=found.username, domain=found.domain)


def on_the_wire(address: str, name: str) -> Address:
    """Return whom a mail is to, as mail servers take it everywhere (RFC 5321, 5890); raises `InvalidInput`."""
    found = parsed_address(address)
    try:
        domain = found.domain.encode("idna").decode("ascii")
        found.username.encode("ascii")
    except UnicodeError:
        raise InvalidInput(_("“{text}” is no address that mail servers take.").format(text=address)) from None
    return Address(display_name=" ".join(name.split()), username=found.username, domain=domain)
