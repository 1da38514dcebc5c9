"""Completing records before they are written: defaults, typed values, formulas; and what is refused, all at once."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from attrs import frozen

from crmcore.errors import InvalidInput, Refused
from crmcore.fields.computing import compute
from crmcore.fields.unique import Claim, taken
from crmcore.fields.values import named, read
from crmcore.i18n import _
from crmcore.model.change import Change
from crmcore.model.definitions import SHARED, Definitions, Field

Custom = dict[str, Any]


@frozen(kw_only=True)
class _Completed:
    """What a record's custom values become, and what is wrong with them."""

    custom: Custom
    problems: tuple[str, ...]
    touched: frozenset[str]


def complete(tx: Any, changes: Sequence[Change]) -> bool:
    """Fill in the custom values of the records in a change set; return whether one was changed.

    A new record gets its defaults and needs what is required; of an old one only the fields that change are checked,
    so a constraint that came later never keeps anybody from other edits. Formulas are computed anew. No statement but
    one for all unique fields that are to change. Raises `Refused` with every reason.
    """
    definitions: Definitions = tx.definitions
    extended = definitions.extended
    concerned = [one for one in changes if one.entity in extended and one.action != "removed"]
    if not concerned:
        return _no_values_of_unknown_fields(changes)
    problems: list[str] = []
    claims: list[Claim] = []
    changed = False
    for change in concerned:
        record = tx.held(change.entity, change.id)
        fields = definitions.fields_of(change.entity, process_of(change.entity, record))
        if not fields:
            continue
        row = _whole(tx, change, record)
        untyped = tx.filled.get((change.entity, change.id), frozenset())
        found = completed(fields, row, change, definitions, untyped)
        problems += [_of(change, row, one) for one in found.problems]
        shown = {
            name: value for name, value in found.custom.items() if name in record.custom or name not in row["custom"]
        }
        if shown != record.custom:
            record.custom = shown
            changed = True
        if change.action == "created":
            filled = (one.name for one in fields if one.name in found.custom and one.name not in row["custom"])
            tx.filled[change.entity, change.id].update(f"custom.{name}" for name in filled)
        claims += _claims(fields, change, found)
    problems += taken(tx, claims, leaving={one.id for one in changes if one.after.get("merged_into_id")})
    if problems:
        raise Refused(problems)
    return changed


def _whole(tx: Any, change: Change, record: Any) -> dict[str, Any]:
    """Return a record's values as they are to be written, with what is hidden from the actor and stays as it is."""
    if change.action == "created":
        row: dict[str, Any] = tx.entities.named(change.entity).row(record)
        return row
    return {**tx.as_read(change.entity, change.id), **change.after}


def _no_values_of_unknown_fields(changes: Sequence[Change]) -> bool:
    problems = [_of(change, {}, one) for change in changes for one in _unknown((), change)]
    if problems:
        raise Refused(problems)
    return False


def process_of(entity: str, record: Any) -> str:
    """Return the process a record goes through, where several share its entity; else nothing."""
    return str(record.process) if entity == SHARED else ""


def completed(
    fields: Sequence[Field],
    row: Mapping[str, Any],
    change: Change,
    definitions: Definitions,
    untyped: Collection[str] = (),
) -> _Completed:
    """Return the custom values of a record as they are to be written.

    What is `untyped` nobody entered: taking a merge or import back may empty a field that became required since.
    """
    before: Mapping[str, Any] = change.before.get("custom", row["custom"]) if change.action == "changed" else {}
    custom: Custom = dict(row["custom"])
    problems = list(_unknown(fields, change))
    touched: set[str] = set()
    for field in fields:
        if field.compute:
            continue
        if change.action == "created" and custom.get(field.name) is None and field.default is not None:
            custom[field.name] = field.default
        if change.action == "changed" and custom.get(field.name) == before.get(field.name):
            continue
        touched.add(field.name)
        try:
            value = read(field, custom.get(field.name), definitions)
        except InvalidInput as error:
            problems.append(str(error))
            continue
        custom = {**custom, field.name: value} if value is not None else _without(custom, field.name)
        if value is None and field.required and f"custom.{field.name}" not in untyped:
            problems.append(needed(field))
    for name, value in compute(fields, {**row, "custom": custom}, definitions).items():
        custom = {**custom, name: value} if value is not None else _without(custom, name)
    return _Completed(custom=custom, problems=tuple(problems), touched=frozenset(touched))


def computed(definitions: Definitions, entity: str, row: Mapping[str, Any]) -> Custom:
    """Return the values of the computed fields of a row, None where a formula gives nothing."""
    fields = definitions.fields_of(entity, str(row.get("process", "")) if entity == SHARED else "")
    return compute(fields, row, definitions)


def needed(field: Field) -> str:
    """Return the sentence that a required field has no value."""
    return str(_("{field} is required.").format(field=named(field)))


def _unknown(fields: Sequence[Field], change: Change) -> Iterator[str]:
    """Yield a sentence for each value of a field that is not defined; those that were there before may stay."""
    after, before = change.after.get("custom"), change.before.get("custom", {})
    known = {one.name for one in fields}
    for name, value in (after or {}).items():
        if name not in known and value != before.get(name):
            yield _("There is no field “{name}”.").format(name=name)


def _without(custom: Custom, name: str) -> Custom:
    return {key: value for key, value in custom.items() if key != name}


def _of(change: Change, row: Mapping[str, Any], problem: str) -> str:
    called = row.get("name") or row.get("subject") or row.get("title") or change.id
    return f"{_(change.entity.replace('_', ' '))} {called}: {problem}"


def _claims(fields: Sequence[Field], change: Change, found: _Completed) -> Iterator[Claim]:
    for field in fields:
        value = found.custom.get(field.name)
        if field.unique and value is not None and (field.name in found.touched or field.compute):
            yield Claim(entity=change.entity, field=field, record_id=change.id, value=value)
