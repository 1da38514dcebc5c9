"""Whose number it is: everybody who has it, with the reason in words, the likeliest first.

Numbers are compared in E.164, as the core keeps them, so in whatever form they were typed. Beyond equal ones these are
held to be of the same subscriber, and no others:

- a number and its extensions (`;ext=`), which are one number of the telephone network;
- in Germany and Austria the number of a house, which ends in 0, and its direct lines, in which other digits stand for
  that 0: whoever has the house's number has all that begin so (their numbering plans are open, ITU-T E.164).

Elsewhere two numbers that differ in their last digits only may well be of two subscribers, so they are not.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from crmcore.api import Holder, PluginReader, Reader, holders
from crmcore_callcenter.recognising.lasting import last_talks
from crmcore_callcenter.recognising.reasons import BEHIND, EXACT, HOUSE, is_marked, reasons

_SHOWN = 20
_PORTION = 5_000
_OPEN_PLANS = ("+49", "+43")
_DIRECT = 4
"""Of how many digits a direct line's own part is at most."""
_FEWEST, _FEWEST_ABROAD = 6, 8
"""Of how many digits a number of the telephone network is at least, without and with the country's code."""


class _Asked(NamedTuple):
    """A number that rings, the same without its extension, and by which numbers who rings may be known, and how."""

    normal: str
    base: str
    keys: Mapping[str, int]


Related = tuple[int, Holder]
"""How a number that somebody has is related to the one that rings, and who has it."""


class Match(NamedTuple):
    """Somebody who has a number: a contact and the customer they stand for, or a customer alone, and why.

    `certain` where nobody else has it, and nothing is said against it; `doubted` where the number is marked as one
    that is not theirs any more, or that many use.
    """

    contact_id: int | None
    customer_id: int | None
    name: str
    customer: str
    why: str = ""
    certain: bool = False
    doubted: bool = False


def whose(reader: Reader | PluginReader, normals: Collection[str], *, say: bool = True) -> dict[str, list[Match]]:
    """Return who has each of the numbers, given in E.164, of those whom the actor may see: twenty at most, best first.

    A number that was withheld (''), or is dialled within the house, is nobody's. For up to 5,000 numbers one statement,
    and a second one where some are shared, or a company's and the reasons are to be said. For a file of calls they need
    not be: nobody reads them.
    """
    found: dict[str, list[Match]] = {normal: [] for normal in normals}
    asked = [one for normal in found if (one := _asked(normal)) is not None]
    for start in range(0, len(asked), _PORTION):
        some = asked[start : start + _PORTION]
        by_base = _by_base(reader, some)
        if not by_base:
            continue
        related = [(one.normal, _related(one, by_base)) for one in some]
        talks = _talks(reader, (those for _normal, those in related)) if say else {}
        for normal, those in related:
            found[normal] = _matches(those, talks, say)
    return found


def agreed(matches: Sequence[Match]) -> tuple[int | None, int | None]:
    """Return the contact that is certain and their customer; else nobody, and the customer that all stand for."""
    first = next((one for one in matches if one.certain), None)
    if first is not None:
        return first.contact_id, first.customer_id
    customers = {one.customer_id for one in matches if not one.doubted}
    return None, customers.pop() if len(customers) == 1 else None


def is_outside(normal: str) -> bool:
    """Return whether a number is one of the telephone network's: neither withheld nor dialled within a house."""
    return _is_outside(_base(normal))


def _is_outside(base: str) -> bool:
    return len(base) > _FEWEST_ABROAD if base.startswith("+") else len(base) >= _FEWEST


def _base(normal: str) -> str:
    return normal.partition(";")[0]


def _asked(normal: str) -> _Asked | None:
    """Return what is asked of a number; None for one that is nobody's."""
    base = _base(normal)
    if not _is_outside(base):
        return None
    keys = {normal: EXACT}
    if base != normal:
        keys[base] = HOUSE
    if base.startswith(_OPEN_PLANS):
        for cut in range(1, _DIRECT + 1):
            keys.setdefault(f"{base[:-cut]}0", HOUSE)
    return _Asked(normal, base, keys)


def _by_base(reader: Reader | PluginReader, some: Sequence[_Asked]) -> Mapping[str, Sequence[Holder]]:
    """Return who has what is asked, by the number without its extension; nothing where nobody does."""
    if len(some) == 1 and len(some[0].keys) == 1:  # as somebody rings: there is nothing to sort out
        _normal, base, keys = some[0]
        rows = holders(reader, keys, (base,))
        return {base: rows} if rows else {}
    found: dict[str, list[Holder]] = {}
    for row in holders(reader, {key for one in some for key in one.keys}, {one.base for one in some}):
        found.setdefault(_base(row.normal), []).append(row)
    return found


def _related(asked: _Asked, by_base: Mapping[str, Sequence[Holder]]) -> list[Related]:
    """Return whoever may ring, with how the number that they have is related to it; a house's line is a company's."""
    normal, base, keys = asked
    found: list[Related] = []
    for key, how in keys.items():
        for row in by_base.get(_base(key), ()):
            if row.normal == key:
                if key in (normal, base) or (row.form == "organisation" and row.own_customer_id is not None):
                    found.append((how, row))
            elif key == base == normal:
                found.append((BEHIND, row))
    return found


def _talks(reader: Reader | PluginReader, each: Iterable[Sequence[Related]]) -> Mapping[int, Any]:
    """Return what passed last with everybody whose number is shared, and with companies."""
    rows = [row for related in each for _how, row in related if len(related) > 1 or row.contact_id is None]
    return last_talks(
        reader,
        {row.contact_id for row in rows if row.contact_id is not None},
        {row.own_customer_id for row in rows if row.own_customer_id is not None},
    )


def _matches(related: Sequence[Related], talks: Mapping[int, Any], say: bool) -> list[Match]:
    """Return one match for each contact, and for each customer whose own the number is; best first."""
    kept = _each_once(related) if len(related) > 1 else related
    alone, shown = len(kept) == 1, kept[:_SHOWN]
    if not say:
        return [_match(how, row, "", alone=alone) for how, row in shown]
    people = [row for how, row in kept if row.contact_id is not None and how == EXACT]
    return [
        _match(how, row, reasons(row, how, people if how == EXACT else (), talks.get(_party(row))), alone=alone)
        for how, row in shown
    ]


def _each_once(related: Sequence[Related]) -> Sequence[Related]:
    """Return everybody once, the best first; somebody who is a customer themselves is one person, not two."""
    best: dict[int, Related] = {}
    for one in sorted(related, key=_rank):
        best.setdefault(_party(one[1]), one)
    known = {row.customer_id for _how, row in best.values() if row.contact_id is not None}
    return [
        (how, row)
        for how, row in best.values()
        if row.contact_id is not None or row.form != "individual" or row.own_customer_id not in known
    ]


def _match(how: int, row: Holder, why: str, *, alone: bool) -> Match:
    is_person = row.contact_id is not None or row.form == "individual"
    doubted = is_marked(row)
    return Match(
        contact_id=row.contact_id, customer_id=row.customer_id, name=row.name or "", customer=row.customer or "",
        why=why, certain=alone and is_person and how == EXACT and not doubted, doubted=doubted,
    )  # fmt: skip


def _party(row: Holder) -> int:
    return row.contact_id or row.own_customer_id or 0


def _rank(one: Related) -> tuple[Any, ...]:
    how, row = one
    last = -row.last_at.timestamp() if row.last_at is not None else 0.0
    return is_marked(row), how, row.contact_id is None, row.kind == "fax", last, not row.preferred, _party(row)
