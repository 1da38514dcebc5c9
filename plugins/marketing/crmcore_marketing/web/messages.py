"""What the links of a message do: unsubscribe who asks for it, and lead on, noting that somebody looked."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs, urlsplit

from sqlalchemy import select, update

from crmcore.api import Consent, Transaction, point_key, tables
from crmcore_marketing.campaigns.members import engaged
from crmcore_marketing.campaigns.touching import Touch
from crmcore_marketing.i18n import _
from crmcore_marketing.tables import message
from crmcore_marketing.web.cleaning import clean
from crmcore_marketing.web.visitors import tie

CHANNEL = "email"
PURPOSES = ("marketing", "sales")
"""What can be refused by a link; a letter about a contract still comes."""
_SHORTEST, _LONGEST, _MOST = 16, 200, 100


def message_of(tx: Transaction, token: str) -> Any:
    """Return the row of the message of that secret name, kept from others until the end of the transaction; or None."""
    token = clean(token, _LONGEST)
    if len(token) < _SHORTEST:
        return None
    tx.begin()
    return tx.first(select(message).where(message.c.token == token).with_for_update())


def unsubscribe(tx: Transaction, token: str, how: str) -> bool:
    """Deny more of such mail in the name of whom a message went to, once (RFC 8058); `how` says how they asked.

    It holds for everybody who is reached at that address: who is stored twice gets no second mail. Returns whether the
    message is known. The consents' evidence names the message, so that it can be shown.
    """
    found = message_of(tx, token)
    if found is None:
        return False
    if found.unsubscribed_at is None:
        evidence = _("{how}, message {id} of {day}").format(
            how=how, id=found.id, day=(found.sent_at or found.due_at).date().isoformat()
        )
        purpose = found.purpose if found.purpose in PURPOSES else PURPOSES[0]
        for contact_id in _reached(tx, found):
            tx.add(
                Consent(
                    contact_id=contact_id, channel=CHANNEL, purpose=purpose, state="denied", at=tx.now,
                    evidence=evidence, source=f"message {found.id}",
                )
            )  # fmt: skip
        tx.execute(update(message).where(message.c.id == found.id).values(unsubscribed_at=tx.now))
    return True


def _reached(tx: Transaction, found: Any) -> list[int]:
    """Return the contacts whom the message reached: whom it went to, and who else has the address."""
    p = tables.contact_point.c
    normal = point_key(CHANNEL, found.address) if found.address else ""
    others = select(p.contact_id).where(p.kind == CHANNEL, p.normal == normal, p.contact_id.is_not(None)).limit(_MOST)
    whose = {row.contact_id for row in tx.rows(others)} if normal else set()
    return sorted(whose | ({found.contact_id} - {None}))


def follow(tx: Transaction, token: str, number: int, *, visitor: str = "") -> str | None:
    """Return where a link of a message leads, and note that it was followed, once for each link; None for no link.

    Only what the message itself linked to is led to. A visitor who agreed to be known is tied to the contact.
    """
    found = message_of(tx, token)
    links = (found.details.get("links") or ()) if found is not None else ()
    if not 0 <= number < len(links):
        return None
    address = str(links[number])
    followed = list(found.details.get("followed") or ())
    if number not in followed:
        details = {**found.details, "followed": [*followed, number]}
        values = {"details": details, "clicked_at": found.clicked_at or tx.now}
        tx.execute(update(message).where(message.c.id == found.id).values(**values))
        engaged(tx, [_click(tx, found, address)])
    if visitor and found.contact_id is not None:
        tie(tx, visitor, found.contact_id, by="link")
    return address


def _click(tx: Transaction, found: Any, address: str) -> Touch:
    return Touch(
        campaign_id=found.campaign_id, kind="click", at=tx.now, contact_id=found.contact_id,
        customer_id=found.customer_id, channel=CHANNEL, product=product_of(address), entity=message.name,
        record_id=found.id,
    )  # fmt: skip


def product_of(address: str) -> str:
    """Return the product that an address is about, where it says so: `product=`, or else `utm_content=`."""
    try:
        said: Mapping[str, list[str]] = parse_qs(urlsplit(address).query, max_num_fields=100)
    except ValueError:
        return ""
    return next((said[name][0].strip() for name in ("product", "utm_content") if said.get(name)), "")
