"""Whose addresses they are: contacts, users of ours, and the addresses we write from; for many letters at once."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from email.utils import parseaddr

from attrs import field, frozen
from sqlalchemy import select

from crmcore.api import NotifyTransaction, Transaction, point_key, tables
from crmcore.mail import Letter
from crmcore_marketing.campaigns.members import customers_of

AnyTransaction = Transaction | NotifyTransaction
_OURS = ("marketing.from", "marketing.reply_to", "marketing.bounce")


@frozen(kw_only=True)
class People:
    """Who is known by an e-mail address in its normal form; `ours` are addresses that our own mail comes from."""

    contacts: Mapping[str, Sequence[int]] = field(factory=dict)
    users: Mapping[str, int] = field(factory=dict)
    ours: frozenset[str] = frozenset()
    customers: Mapping[int, int] = field(factory=dict)

    def is_ours(self, address: str) -> bool:
        """Return whether an address is one of ours, or of somebody who works with us."""
        return address in self.users or address in self.ours


def people(tx: AnyTransaction, letters: Iterable[Letter]) -> People:
    """Return who is known by the addresses in letters: three statements, and the settings."""
    wanted = {address for letter in letters for address in _addresses(letter)} - {""}
    p, c, u = tables.contact_point.c, tables.contact.c, tables.user_account.c
    contacts: dict[str, list[int]] = defaultdict(list)
    for row in tx.rows(
        select(p.normal, p.contact_id)
        .join(tables.contact, c.id == p.contact_id)
        .where(p.normal.in_(wanted), p.kind == "email", c.merged_into_id.is_(None))
        .order_by(p.contact_id)
    ):
        if row.contact_id not in contacts[row.normal]:
            contacts[row.normal].append(row.contact_id)
    users = {
        point_key("email", row.email): row.id for row in tx.rows(select(u.id, u.email).where(u.email != ""))
    }  # a workspace has dozens of users
    ours = {point_key("email", parseaddr(str(tx.setting(name)))[1]) for name in _OURS} - {""}
    found = {one for ids in contacts.values() for one in ids}
    return People(
        contacts=dict(contacts),
        users={address: key for address, key in users.items() if address},
        ours=frozenset(ours),
        customers=customers_of(tx, list(found)) if found else {},
    )


def _addresses(letter: Letter) -> Iterable[str]:
    yield letter.sender
    yield from (one.address for one in letter.failures)
    if letter.mail is not None:
        yield from (point_key("email", one.address) for one in letter.mail.participants if one.address)
