"""The addresses of our own mail: whom it is from, where what comes back goes, and where it is unsubscribed."""

from email.headerregistry import Address

from attrs import frozen

from crmcore.api import InvalidInput, PluginReader, Reader
from crmcore.mail import name_of, parsed_address
from crmcore.web.links import public
from crmcore_marketing.i18n import _

BOUNCE, UNSUBSCRIBE = "bounce", "unsubscribe"


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
        return name_of(token, self.domain)

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
    whom = parsed_address(said)
    back = str(reader.setting("marketing.bounce"))
    return Ours(
        sender=whom,
        domain=str(reader.setting("marketing.domain")) or whom.domain,
        reply_to=reply_to or str(reader.setting("marketing.reply_to")),
        bounces=parsed_address(back) if back else Address(username=BOUNCE, domain=whom.domain),
        url=public(reader),
    )
