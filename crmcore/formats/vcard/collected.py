"""What the properties of one card say, sorted by field; nothing is left out."""

from attrs import evolve, frozen

from crmcore.formats.vcard import names, points
from crmcore.formats.vcard.dates import has_time, iso_date
from crmcore.formats.vcard.media import described, medium_of, own_attachment
from crmcore.formats.vcard.properties import Property, split
from crmcore.i18n import _
from crmcore.model.incoming import Attachment, Point

_ONCE = {"TITLE": "title", "ROLE": "role", "UID": "external_id", "LANG": "language", "FN": "name"}
_OWN_ONCE = {names.ORGANISATION_KEY: "organisation_key", names.OWNER: "owner", names.PARENT: "parent"}
NAME_PARTS = ("family", "given", "additional", "prefix", "suffix")
"""The parts of N, in their order (RFC 6350, 6.2.2)."""


@frozen(kw_only=True)
class Card:
    """A card with its properties read: `line` is that of BEGIN, `raw` the beginning of its text."""

    line: int
    properties: list[Property]
    raw: str = ""

    def first(self, name: str) -> str:
        """Return the text of the first property of that (upper-case) name, or ""."""
        return next((found.text for found in self.properties if found.name == name), "")


class Collected:
    """What the properties of a card say. `once` holds the fields that have one value, by their names in our records."""

    def __init__(self, card: Card) -> None:
        self.labels = {found.head.group: found.text for found in card.properties if found.name == "X-ABLABEL"}
        self.labelled = {found.head.group for found in card.properties if found.name != "X-ABLABEL"}
        self.once: dict[str, str] = {}
        self.kind = ""
        self.shown_as_company = False
        self.is_customer = False
        self.units: list[str] = []
        self.notes: list[str] = []
        self.roles: tuple[str, ...] = ()
        self.categories: list[str] = []
        self.points: list[Point] = []
        self.delivery_labels: list[Point] = []
        self.photos: list[Attachment] = []
        self.identifiers: dict[str, str] = {}
        self.extra: dict[str, list[str]] = {}
        self.members = 0
        for found in card.properties:
            self._take(found)

    def _take(self, found: Property) -> None:
        """Put one property where it belongs; what has no place of its own goes to `extra`."""
        name = found.name
        if name.startswith(names.OWN):
            self._take_own(found)
        elif name in names.MEDIA:
            self._take_medium(found)
        elif not found.value.strip():
            return
        elif name in _ONCE:
            self._take_once(_ONCE[name], found)
        elif not self._take_point(found) and not self._take_other(found):
            self._add_extra(found)

    def _take_once(self, field: str, found: Property) -> None:
        if field in self.once:
            self._add_extra(found)
        else:
            self.once[field] = found.text

    def _take_point(self, found: Property) -> bool:
        label = self.labels.get(found.head.group, "") if found.head.group else ""
        point: Point | None
        if found.name == "TEL":
            point = points.telephone(found, label)
        elif found.name == "EMAIL":
            point = points.email(found, label)
            if point.value not in (found.text, found.text[len("mailto:") :]):
                self._add_extra(found)  # the name before the address
        elif found.name == "ADR":
            point = points.postal_address(found, label)
        elif found.name == "LABEL":
            self.delivery_labels.append(points.delivery_label(found, label))
            return True
        elif found.name in ("URL", "X-SOCIALPROFILE"):
            point = points.url(found, label)
        elif (scheme := points.messenger_scheme(found.name)) is not None:
            point = points.messenger(found, scheme, label)
        else:
            return False
        if point:
            self.points.append(point)
        return True

    def _take_other(self, found: Property) -> bool:
        name = found.name
        if name == "N" and not any(part in self.once for part in NAME_PARTS):
            self._take_name(found)
        elif name == "NICKNAME":
            self.once["nickname"] = ", ".join(filter(None, [self.once.get("nickname"), *split(found.value, ",")]))
        elif name == "ORG" and "organisation" not in self.once:
            self.once["organisation"], *self.units = split(found.value, ";")
        elif name == "NOTE":
            self.notes.append(found.text)
        elif name == "CATEGORIES":
            self.categories += [word for part in split(found.value, ",") if (word := part.strip())]
        elif name == "BDAY":
            return self._take_birthday(found)
        elif name == "MEMBER":
            self.members += 1
            return False
        elif name in ("KIND", "X-ADDRESSBOOKSERVER-KIND"):
            self.kind = found.text.strip().lower()
            return self.kind in ("individual", "org", "group")
        elif name == "X-ABSHOWAS":
            self.shown_as_company = found.text.strip().upper() == "COMPANY"
            return self.shown_as_company
        elif name == "X-ABLABEL":
            return found.head.group in self.labelled
        else:
            return name in ("VERSION", "BEGIN", "END")
        return True

    def _take_name(self, found: Property) -> None:
        for part, value in zip(NAME_PARTS, split(found.value, ";"), strict=False):
            self.once[part] = value
        for more in split(found.value, ";")[len(NAME_PARTS) :]:
            if more.strip():
                self.extra.setdefault("N", []).append(more)
        for parameter in found.head.parameters.get("SORT-AS", ()):
            self.extra.setdefault("SORT-AS", []).append(parameter)

    def _take_birthday(self, found: Property) -> bool:
        day = iso_date(found.text, found.head.first("X-APPLE-OMIT-YEAR"))
        known = self.once.setdefault("birthday", day) if day else ""
        return bool(day) and known == day and not has_time(found.text)

    def _take_medium(self, found: Property) -> None:
        if not found.data.strip():
            return
        medium = medium_of(found)
        if found.name == "PHOTO":
            self.photos.append(medium.attachment)
        else:
            self.extra.setdefault(found.head.key, []).append(described(medium))
        if medium.damaged:
            message = _("The data in line {line} is cut or damaged; {size} bytes could be read.")
            text = message.format(line=found.line, size=medium.attachment.size)
            self.extra.setdefault(found.head.key, []).append(text)

    def _take_own(self, found: Property) -> None:
        key = found.head.first(names.NAME)
        if found.name in _OWN_ONCE:
            self._take_once(_OWN_ONCE[found.name], found)
        elif found.name == names.RECORD:
            self.is_customer = found.text == "customer"
        elif found.name == names.ROLES:
            self.roles = tuple(split(found.value, ","))
        elif found.name == names.IDENTIFIER:
            self.identifiers[key] = found.text
        elif found.name == names.EXTRA:
            self.extra.setdefault(key, []).append(found.text)
        elif found.name == names.PHOTO:
            self.photos.append(own_attachment(found))
        else:
            self._add_extra(found)

    def _add_extra(self, found: Property) -> None:
        label = self.labels.get(found.head.group, "") if found.head.group else ""
        words = " ".join(points.label_words(evolve(found, head=evolve(found.head, parameters={})), label))
        key = f"{found.head.key} ({words})" if words else found.head.key
        self.extra.setdefault(key, []).append(found.text)
