"""Values that only one record may have: asked for a whole change set in one statement."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Any
from zlib import crc32

from attrs import frozen
from sqlalchemy import literal, select, text, union_all

from crmcore.fields.columns import words
from crmcore.fields.values import named
from crmcore.i18n import _
from crmcore.model.definitions import Field


@frozen(kw_only=True)
class Claim:
    """A record that is to have a value of a unique field."""

    entity: str
    field: Field
    record_id: int
    value: Any


def taken(tx: Any, claims: Sequence[Claim], leaving: Collection[int] = ()) -> list[str]:
    """Return a sentence for each claim of a value that another record has; one statement, none without claims.

    Records that were merged into another, or are about to be (`leaving`), keep their values out of sight and claim
    none. On PostgreSQL whoever claims a value of a field waits for who did so before, so that two cannot have it.
    """
    if not claims:
        return []
    problems: list[str] = []
    _wait(tx, claims)
    there = holders(tx, claims)
    for key, made in _by_field(claims).items():
        found = there.get(key, {})
        moving = {claim.record_id for claim in made}.union(leaving)
        first: dict[str, int] = {}
        for claim in made:
            others = found.get(_key(claim.value), set()) - moving
            other = min(others) if others else first.setdefault(_key(claim.value), claim.record_id)
            if other != claim.record_id:
                problems.append(
                    _("{field}: “{value}” is that of {entity} {id} already.").format(
                        field=named(claim.field), value=claim.value, entity=_(claim.entity), id=other
                    )
                )
    return problems


def _wait(tx: Any, claims: Sequence[Claim]) -> None:
    tx.begin()
    if tx.connection.dialect.name == "postgresql":
        locks = sorted({crc32(f"{claim.entity}.{claim.field.name}".encode()) - 2**31 for claim in claims})
        waited = text("SELECT pg_advisory_xact_lock(4242, key) FROM unnest(CAST(:keys AS integer[])) AS key")
        tx.connection.execute(waited, {"keys": locks})


def holders(tx: Any, claims: Sequence[Claim]) -> dict[tuple[str, str], dict[str, set[int]]]:
    """Return who has the values that are claimed, by entity and field, then by value as text: one statement."""
    found: dict[tuple[str, str], dict[str, set[int]]] = {}
    if not claims:
        return found
    asked = union_all(*(_holders(tx, one) for one in _by_field(claims).values()))
    for entity, name, value, record_id in tx.connection.execute(asked):
        found.setdefault((entity, name), {}).setdefault(value, set()).add(record_id)
    return found


def _by_field(claims: Sequence[Claim]) -> dict[tuple[str, str], list[Claim]]:
    found: dict[tuple[str, str], list[Claim]] = defaultdict(list)
    for claim in claims:
        found[claim.entity, claim.field.name].append(claim)
    return found


def _key(value: Any) -> str:
    return str(value)


def _holders(tx: Any, made: Sequence[Claim]) -> Any:
    entity, field = made[0].entity, made[0].field
    table = tx.entities.named(entity).table
    kept = words(table, field.name)
    statement = select(
        literal(entity).label("entity"), literal(field.name).label("name"), kept.label("value"), table.c.id
    ).where(kept.in_({_key(claim.value) for claim in made}))
    if "merged_into_id" in table.c:
        statement = statement.where(table.c.merged_into_id.is_(None))
    return statement
