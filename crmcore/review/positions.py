"""Positions that two records being merged hold at the same place: where neither contradicts the other, one is enough.

The winner's stays and takes what only the loser's says; the loser's stays with the loser's row.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from attrs import field, frozen
from sqlalchemy import bindparam, select, update

from crmcore.engine.tables import position
from crmcore.engine.transaction import Transaction

FIELDS = ("title", "department", "role", "started")
_EMPTY = ("", None)
_CHUNK = 900


@frozen(kw_only=True)
class Absorbed:
    """Ids of the loser's positions that stay with it, and what they gave the winner's: [id, field, before, after].

    Days are kept as text (ISO 8601).
    """

    stayed: list[int] = field(factory=list)
    filled: list[list[Any]] = field(factory=list)


def absorb(tx: Transaction, pointer: str, winner_id: int, loser_id: int) -> Absorbed:
    """Find the loser's current positions that say nothing the winner's there contradict, and fill the winner's.

    `pointer` is the column in which winner and loser stand: contact_id or customer_id. A position that would add
    something, and fits several of the winner's, is not among them: nobody knows which it means.
    """
    other = "customer_id" if pointer == "contact_id" else "contact_id"
    mine, theirs = position.alias("mine"), position.alias("theirs")
    statement = (
        select(mine.c.id.label("mine"), *(mine.c[name].label(f"my_{name}") for name in FIELDS),
               theirs.c.id.label("theirs"), *(theirs.c[name] for name in FIELDS))
        .join_from(mine, theirs, mine.c[other] == theirs.c[other])
        .where(mine.c[pointer] == winner_id, theirs.c[pointer] == loser_id)
        .where(mine.c.ended.is_(None), theirs.c.ended.is_(None))
        .order_by(theirs.c.id, mine.c.id)
    )  # fmt: skip
    held: dict[int, dict[str, Any]] = {}
    asked: dict[int, tuple[dict[str, Any], list[int]]] = {}
    for row in tx.connection.execute(statement).mappings():
        held.setdefault(row["mine"], {name: row[f"my_{name}"] for name in FIELDS})
        asked.setdefault(row["theirs"], ({name: row[name] for name in FIELDS}, []))[1].append(row["mine"])
    found = Absorbed()
    for key, (values, places) in asked.items():
        fitting = {place: _added(held[place], values) for place in places if _agree(held[place], values)}
        if len(fitting) > 1 and all(fitting.values()):
            continue
        if fitting:
            place = min(fitting, key=lambda one: (len(fitting[one]), one))
            found.stayed.append(key)
            found.filled.extend(
                [place, name, _kept(held[place][name]), _kept(value)] for name, value in fitting[place].items()
            )
            held[place] |= fitting[place]
    _write(tx, found.filled)
    return found


def take_back(tx: Transaction, filled: Iterable[list[Any]]) -> None:
    """Empty again what `absorb` filled, wherever it still stands as it was written."""
    wanted = list(filled)
    ids = sorted({one[0] for one in wanted})
    now: dict[int, Mapping[str, Any]] = {}
    for start in range(0, len(ids), _CHUNK):
        statement = select(position).where(position.c.id.in_(ids[start : start + _CHUNK]))
        now |= {row["id"]: row for row in tx.connection.execute(statement).mappings()}
    standing = [one for one in wanted if one[0] in now and _kept(now[one[0]][one[1]]) == one[3]]
    _write(tx, [[key, name, after, before] for key, name, before, after in standing])


def _agree(mine: Mapping[str, Any], theirs: Mapping[str, Any]) -> bool:
    return all(mine[name] in _EMPTY or theirs[name] in _EMPTY or mine[name] == theirs[name] for name in FIELDS)


def _added(mine: Mapping[str, Any], theirs: Mapping[str, Any]) -> dict[str, Any]:
    return {name: theirs[name] for name in FIELDS if mine[name] in _EMPTY and theirs[name] not in _EMPTY}


def _kept(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _write(tx: Transaction, filled: Iterable[list[Any]]) -> None:
    """Write the last of each entry into its position: one statement for each field."""
    rows: dict[str, list[dict[str, Any]]] = {}
    for key, name, _before, after in filled:
        value = date.fromisoformat(after) if name == "started" and after else after
        rows.setdefault(name, []).append({"key": key, "value": value})
    for name, values in rows.items():
        c = position.c
        changed = {c[name]: bindparam("value", type_=c[name].type), c.version: c.version + 1}
        tx.connection.execute(update(position).where(c.id == bindparam("key")).values(changed), values)
