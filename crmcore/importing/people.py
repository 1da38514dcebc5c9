"""People met in mail and meetings: recognised by address; made contacts only by the rule the user chose.

| rule | who becomes a contact |
|---|---|
| none | nobody; the report says how many were met |
| answered | people one of us wrote to, or met with |
| all | everybody who wrote or was written to, but for lists and machines |
"""

import re
from collections.abc import Iterator, Sequence

from crmcore.importing import lookup
from crmcore.importing.context import Step
from crmcore.importing.forgotten import Forgotten, address_known_by, everybody
from crmcore.model.incoming import IncomingInteraction, IncomingParticipant
from crmcore.model.names import name_key, parse_name
from crmcore.model.party import Contact, ContactPoint

_MACHINE = re.compile(
    r"^(no-?reply|do-?not-?reply|mailer-daemon|postmaster|bounces?|notifications?|newsletter|listserv|majordomo)\b"
    r"|[-+](owner|request|bounces?|unsubscribe)@|-subscribe@",
    re.IGNORECASE,
)
_BY_MACHINE = ("List-Id", "List-Unsubscribe", "Auto-Submitted")


class People:
    """Knows who of us and of them takes part in a chunk of interactions."""

    def __init__(self, step: Step, incoming: Sequence[IncomingInteraction]) -> None:
        self._step = step
        self._normals: dict[str, str] = {}
        for one in incoming:
            for person in one.participants:
                self._normals.setdefault(person.address, _normal(step, person.address))
        self._forgotten = Forgotten(step, everybody(incoming, self._normals))
        wanted = set(self._normals.values()) - {""}
        found = lookup.contacts_by_point(step.tx, wanted, ("email", "phone", "messenger"))
        self._contacts = {normal: ids[0] for normal, ids in found.items()}
        names = {name_key(p.name) for one in incoming for p in one.participants if p.name and not p.address} - {""}
        self._named = lookup.contacts_by_name(step.tx, names)
        self._companies = lookup.customers_by_name(step.tx, names)
        known_users = {n: step.user(n) or step.user(address) for address, n in self._normals.items() if n}
        self._users = {normal: user for normal, user in known_users.items() if user is not None}
        self._meet(incoming)
        known = {*self._contacts.values(), *(ids[0] for ids in self._named.values())}
        self._customers = lookup.current_customers(step.tx, known)

    def normal(self, address: str) -> str:
        """Return the form of an address by which it is compared."""
        return self._normals[address]

    def is_forgotten(self, address: str) -> bool:
        """Return whether somebody of that address asked to be erased."""
        return self._forgotten.day(address_known_by(self._normals[address])) is not None

    def check_forgotten(self, one: IncomingInteraction) -> bool:
        """Return whether somebody who was erased took part; raises `AskedToBeErased` when nobody else of theirs did."""
        theirs = [each.address for each in one.participants if self.user(each.address) is None]
        gone = [address for address in theirs if self.is_forgotten(address)]
        if gone and len(gone) == len(theirs):
            self._forgotten.check(address_known_by(self._normals[gone[0]]))
        return bool(gone)

    def user(self, address: str) -> int | None:
        """Return our own person of that address."""
        return self._users.get(self._normals[address])

    def party(self, one: IncomingParticipant) -> tuple[int | None, int | None]:
        """Return the contact somebody is, and the customer that contact stands for now.

        Found by address; without one by a name that only one contact, or only one customer, has.
        """
        if one.address:
            contact_id = self._contacts.get(self._normals[one.address])
        else:
            contacts = self._named.get(name_key(one.name), ())
            contact_id = contacts[0] if len(contacts) == 1 else None
            companies = self._companies.get(name_key(one.name), ())
            if not contacts and len(companies) == 1:
                return None, companies[0]
        return contact_id, None if contact_id is None else self._customers.get(contact_id)

    def _meet(self, incoming: Sequence[IncomingInteraction]) -> None:
        fields = self._step.tx.definitions.fields_of("contact")
        incomplete = any(one.required and one.default is None for one in fields)  # a message says nothing of these
        rule = "none" if incomplete else self._step.options.people
        left_out: set[str] = set()
        for one in incoming:
            for person in self._strangers(one):
                if rule == "all" or (rule == "answered" and self._is_answered(one, person)):
                    self._make_contact(person, one)
                else:
                    left_out.add(self._normals[person.address])
        self._step.report.met += len(left_out - self._contacts.keys())

    def _strangers(self, one: IncomingInteraction) -> Iterator[IncomingParticipant]:
        if any(header in one.extra for header in _BY_MACHINE):
            return
        seen: set[str] = set()
        for person in one.participants:
            normal = self._normals[person.address]
            known = (
                normal in self._contacts or normal in self._users or normal in seen or self.is_forgotten(person.address)
            )
            if normal and not known and person.role != "reply-to" and not _MACHINE.search(person.address):
                seen.add(normal)
                yield person

    def _is_answered(self, one: IncomingInteraction, person: IncomingParticipant) -> bool:
        """Return whether one of us wrote to this person, or sat with the person in a meeting."""
        ours = {each.role for each in one.participants if self._normals[each.address] in self._users}
        if one.channel == "meeting":
            return bool(ours)
        return "from" in ours and person.role in {"to", "cc", "bcc"}

    def _make_contact(self, person: IncomingParticipant, one: IncomingInteraction) -> None:
        step = self._step
        kind = "email" if "@" in person.address else "phone"
        name = parse_name(person.name or person.address.partition("@")[0])
        contact = step.tx.add(
            Contact(
                name=name.name, given=name.given, family=name.family, additional=name.additional,
                prefix=name.prefix, suffix=name.suffix, source=step.source(one.line), batch_id=step.batch_id,
            )
        )  # fmt: skip
        normal = self._normals[person.address]
        step.tx.add(
            ContactPoint(
                kind=kind, value=person.address, normal=normal, contact_id=contact.id,
                source=step.source(one.line), batch_id=step.batch_id,
            )
        )  # fmt: skip
        self._contacts[normal] = contact.id
        step.created("contact", contact, one.line)


def _normal(step: Step, address: str) -> str:
    if not address:
        return ""
    return step.normal("email" if "@" in address else "phone", address)
