"""Names of properties: which have a place in our records, and which we add for what vCard has no property for."""

from crmcore.formats.vcard.points import MESSENGERS

OWN = "X-CRMCORE-"
"""Prefix of the properties we add."""

RECORD = OWN + "RECORD"
ORGANISATION_KEY = OWN + "ORGANISATION-KEY"
OWNER = OWN + "OWNER"
PARENT = OWN + "PARENT"
ROLES = OWN + "ROLES"
IDENTIFIER = OWN + "IDENTIFIER"
PHOTO = OWN + "PHOTO"
EXTRA = OWN + "EXTRA"

NAME = "X-KEY"
"""Parameter of IDENTIFIER and EXTRA: the key of the value."""

TEXT = "X-TEXT"
"""What a line is called that has no name."""

MEDIA = frozenset({"PHOTO", "LOGO", "SOUND", "KEY"})
"""Properties that may hold binary data."""

MAPPED = frozenset(
    {
        *MEDIA,
        *MESSENGERS,
        *(
            "ADR",
            "AGENT",
            "BDAY",
            "BEGIN",
            "CATEGORIES",
            "EMAIL",
            "END",
            "FN",
            "KIND",
            "LABEL",
            "LANG",
            "N",
            "NICKNAME",
        ),
        *("NOTE", "ORG", "PRODID", "ROLE", "TEL", "TITLE", "UID", "URL", "VERSION", "X-ABLABEL", "X-ABSHOWAS"),
        *("X-ADDRESSBOOKSERVER-KIND", "X-SOCIALPROFILE", "SORT-AS", TEXT),
    }
)
"""Properties that a card written by us may not use for something else."""
