"""From what a card says to a contact, a customer, or a rejection."""

from crmcore.formats.vcard.collected import NAME_PARTS, Card, Collected
from crmcore.formats.vcard.media import Medium, described
from crmcore.formats.vcard.points import is_cjk, with_labels
from crmcore.i18n import _
from crmcore.model.incoming import IncomingContact, IncomingCustomer, Rejection

_NAMING_KINDS = ("email", "phone", "messenger", "fax", "url")
# Fields of a person that a customer has no place for, by the property they came from.
_OF_A_PERSON = {"NICKNAME": "nickname", "TITLE": "title", "ROLE": "role", "BDAY": "birthday", "LANG": "language"}


def record_of(card: Card) -> IncomingContact | IncomingCustomer | Rejection:
    """Return a customer for the card of an organisation, else a contact.

    A card without FN is named by its N, nickname, organisation, e-mail address or telephone number. One with none of
    them is a rejection, and so is a group (RFC 6350, 6.1.4), which is a list of contacts.
    """
    said = Collected(card)
    once = said.once
    name = once.get("name") or composed_name(once) or once.get("nickname", "")
    organisation = once.get("organisation", "")
    if said.kind == "group":
        reason = _("The card is a group of {count} contacts ({name}), not a person or an organisation.")
        return Rejection(line=card.line, reason=reason.format(count=said.members, name=name), raw=card.raw)
    if _is_organisation(said, name):
        return _customer(card, said, name or organisation or _named_by_points(said), "organisation")
    name = name or organisation or _named_by_points(said)
    if not name.strip():
        reason = _("The card has no name, organisation, e-mail address or telephone number.")
        return Rejection(line=card.line, reason=reason, raw=card.raw)
    if said.is_customer:
        return _customer(card, said, name, "individual")
    return _contact(card, said, name)


def composed_name(parts: dict[str, str]) -> str:
    """Return the displayed name made of N's parts: family name first and unspaced in Chinese, Japanese and Korean."""
    family, given, additional, prefix, suffix = (parts.get(part, "").strip() for part in NAME_PARTS)
    if is_cjk(family + given):
        return f"{prefix}{family}{given}{additional}{suffix}"
    return " ".join(part for part in (prefix, given, additional, family, suffix) if part)


def _is_organisation(said: Collected, name: str) -> bool:
    if said.kind == "org" or said.shown_as_company:
        return bool(name.strip() or said.once.get("organisation", "").strip() or _named_by_points(said))
    organisation = said.once.get("organisation", "").strip()
    if said.kind == "individual" or not organisation or composed_name(said.once):
        return False
    return name.strip() in ("", organisation)


def _named_by_points(said: Collected) -> str:
    values = (point.value for kind in _NAMING_KINDS for point in said.points if point.kind == kind)
    return next((value for value in values if value.strip()), "")


def _joined(said: Collected) -> dict[str, str]:
    return {key: "\n".join(values) for key, values in said.extra.items()}


def _department(said: Collected) -> str:
    return " / ".join(unit.strip() for unit in said.units if unit.strip())


def _contact(card: Card, said: Collected, name: str) -> IncomingContact:
    extra = _joined(said)
    parent, roles = said.once.get("parent", ""), ", ".join(said.roles)
    extra |= {key: value for key, value in (("parent", parent), ("roles", roles)) if value}
    fields = {key: value for key, value in said.once.items() if key not in ("name", "parent")}
    return IncomingContact(
        line=card.line,
        name=name,
        **fields,
        department=_department(said),
        note="\n".join(said.notes),
        categories=tuple(said.categories),
        points=tuple(with_labels(said.points, said.delivery_labels)),
        photos=tuple(said.photos),
        identifiers=said.identifiers,
        extra=extra,
    )


def _customer(card: Card, said: Collected, name: str, kind: str) -> IncomingCustomer:
    once = said.once
    for key, field in _OF_A_PERSON.items():
        if once.get(field, "").strip():
            said.extra.setdefault(key, []).insert(0, once[field])
    organisation, department = once.get("organisation", ""), _department(said)
    if department or organisation.strip() not in ("", name.strip()):
        said.extra.setdefault("ORG", []).insert(0, "; ".join(filter(None, [organisation, department])))
    parts = [once.get(part, "") for part in NAME_PARTS]
    if any(part.strip() for part in parts) and composed_name(once) != name:
        said.extra.setdefault("N", []).insert(0, ";".join(parts))
    for photo in said.photos:
        said.extra.setdefault("PHOTO", []).append(described(Medium(attachment=photo)))
    return IncomingCustomer(
        line=card.line,
        name=name,
        kind=kind,
        parent=once.get("parent", ""),
        roles=said.roles,
        note="\n".join(said.notes),
        categories=tuple(said.categories),
        points=tuple(with_labels(said.points, said.delivery_labels)),
        external_id=once.get("external_id", ""),
        identifiers=said.identifiers,
        owner=once.get("owner", ""),
        extra=_joined(said),
    )
