"""The addresses of our own mail: whom it is from, where what comes back goes, and where it is unsubscribed."""

import re
from email.errors import MessageError, NonASCIILocalPartDefect
from email.headerregistry import Address, HeaderRegistry
from typing import Any

from attrs import frozen

from crmcore.api import InvalidInput, PluginReader, Reader
from crmcore_marketing.i18n import _

BOUNCE, UNSUBSCRIBE = "bounce", "unsubscribe"


_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_PLAIN = re.compile(rf"({_ATOM}(?:\.{_ATOM})*)@([A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)")
"""What nearly all addresses are; others are read as RFC 5322 has them."""


def parsed(text: str) -> Address:
    """Return an address with its name; raises `InvalidInput` for what is none (RFC 5322)."""
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


@frozen(kw_only=True)
class Ours:
    """Whom a workspace's mail is from.

    `domain` is that of the names of messages, `bounces` takes what comes back, as NAME+TOKEN; `url` is our public
    address, empty where we have none.
    """

    sender: Address
    domain: str
    reply_to: str
    bounces: Address
    url: str

    def message_id(self, token: str) -> str:
        """Return the name of a message on the wire, with its angle brackets."""
        return f"<{self.external_id(token)}>"

    def external_id(self, token: str) -> str:
        """Return the name of a message on the wire, as the interactions of mail have it."""
        return f"crm-{token}@{self.domain}"

    def envelope(self, token: str) -> str:
        """Return the address that a message's bounces come back to."""
        return f"{self.bounces.username}+{token}@{self.bounces.domain}"

    def unsubscribing(self, token: str) -> tuple[str, str]:
        """Return where a person unsubscribes: an address for mail, and one on the web, empty where we have none."""
        mail = f"mailto:{UNSUBSCRIBE}+{token}@{self.bounces.domain}?subject=unsubscribe"
        return mail, f"{self.url}/u/{token}" if self.url else ""


def ours(reader: Reader | PluginReader, sender: str = "", reply_to: str = "") -> Ours:
    """Return whom mail is from: what the workspace's settings say, unless a mailing says otherwise.

    Raises `InvalidInput` where nobody says.
    """
    said = sender or str(reader.setting("marketing.from"))
    if not said:
        raise InvalidInput(
            _("Nobody is named whom our mail is from; `crm setting set marketing.from 'NAME <ADDRESS>'` does.")
        )
    whom = parsed(said)
    back = str(reader.setting("marketing.bounce"))
    return Ours(
        sender=whom,
        domain=str(reader.setting("marketing.domain")) or whom.domain,
        reply_to=reply_to or str(reader.setting("marketing.reply_to")),
        bounces=parsed(back) if back else Address(username=BOUNCE, domain=whom.domain),
        url=str(reader.setting("marketing.url")).rstrip("/"),
    )
