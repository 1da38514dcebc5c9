"""What came of a campaign beside what is counted anyway: each type has figures of its own (row S4-02).

Some types are known; a workspace adds to them, and types of its own, by fields of `marketing_campaign` whose names
begin with the type: `exhibition_samples` is the `samples` of an exhibition. Whole numbers add up in the tree.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from crmcore.api import Definitions, InvalidInput, Transaction, assign, here, values_said
from crmcore_marketing.i18n import _
from crmcore_marketing.model.campaign import Campaign
from crmcore_marketing.tables import campaign

KNOWN: Mapping[str, tuple[str, ...]] = {
    "exhibition": ("visitors", "cards"),
    "lecture": ("attendees", "cards"),
    "seminar": ("attendees", "cards"),
    "roadshow": ("attendees", "cards"),
    "visit_drive": ("visits", "met"),
    "telemarketing": ("calls", "reached"),
}
"""By type: what is counted of it."""


def type_key(text: str) -> str:
    """Return a type as fields are named after it: `Visit drive` is `visit_drive`."""
    return "_".join(text.strip().lower().replace("-", " ").replace("_", " ").split())


def names_of(definitions: Definitions, type_: str) -> dict[str, str]:
    """Return what campaigns of a type count, by name; the value is the workspace's field, empty for a known one."""
    key = type_key(type_)
    found = dict.fromkeys(KNOWN.get(key, ()), "")
    for one in definitions.fields_of(campaign.name):
        if key and one.name.startswith(f"{key}_"):
            found[one.name.removeprefix(f"{key}_")] = one.name
    return found


def set_outcomes(tx: Transaction, record: Campaign, pairs: Iterable[str]) -> None:
    """Give a campaign the figures that `NAME=VALUE` texts say; nothing behind the sign takes one away.

    Raises `InvalidInput` for a figure that campaigns of its type do not have, and for what is no number of things.
    """
    known = names_of(tx.definitions, record.type)
    own: list[str] = []
    for pair in pairs:
        name, sign, text = (part.strip() for part in pair.partition("="))
        if not sign or name not in known:
            raise InvalidInput(_no_such(record.type, pair if not sign else name, known))
        if known[name]:
            own.append(f"{known[name]}={text}")
        elif text:
            record.outcome = {**record.outcome, name: _counted(name, text)}
        else:
            record.outcome = {each: value for each, value in record.outcome.items() if each != name}
    if own:
        process = next(one for one in tx.definitions.processes if one.entity == campaign.name)
        assign(tx, process, record, values_said(tx.definitions, tx.entities, process, own, here(tx).region))


def _counted(name: str, text: str) -> int:
    digits = text.replace(",", "").replace("，", "")
    if not (digits.isascii() and digits.isdigit() and len(digits) < 16):
        raise InvalidInput(_("{field}: “{text}” is no number of things.").format(field=name, text=text))
    return int(digits)


def _no_such(type_: str, text: str, known: Iterable[str]) -> str:
    names = ", ".join(known)
    if not names:
        return _("A campaign of type “{type}” counts nothing of its own, such as “{text}”.").format(
            type=type_, text=text
        )
    return _("“{text}” is nothing that a campaign of type “{type}” counts; write one of {names} as NAME=VALUE.").format(
        text=text, type=type_, names=names
    )


def outcome_of(definitions: Definitions, row: Any) -> dict[str, Any]:
    """Return the figures of a campaign, by name: those it has of what its type counts, and others it was given."""
    known = names_of(definitions, row.type)
    told = {name: row.custom.get(field) if field else row.outcome.get(name) for name, field in known.items()}
    return {**row.outcome, **{name: value for name, value in told.items() if value is not None}}


def added(outcomes: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    """Return the sums of figures that are whole numbers, by name."""
    found: dict[str, int] = {}
    for one in outcomes:
        for name, value in one.items():
            if isinstance(value, int) and not isinstance(value, bool):
                found[name] = found.get(name, 0) + value
    return found
