"""Applying definitions: rows, generation, what follows for the data and the journal, in one transaction; and back."""

from collections.abc import Mapping, Sequence
from typing import Any

from attrs import frozen
from sqlalchemy import select

from crmcore.automation import listening
from crmcore.configuring import indexes
from crmcore.configuring.backfill import backfill
from crmcore.configuring.plan import Change, Plan, from_files, plan
from crmcore.definitions import store
from crmcore.definitions.reading import Body, Named, Reading
from crmcore.engine.reader import Reader
from crmcore.engine.tables import journal
from crmcore.engine.transaction import Transaction
from crmcore.errors import Denied, InvalidInput, NotFound, Refused
from crmcore.i18n import _
from crmcore.lifecycle import generation

APPLIED, REVERTED = "config.applied", "config.reverted"


@frozen(kw_only=True)
class Applied:
    """What an application did: its id, by which it can be reverted; 0 when nothing was to change."""

    id: int
    plan: Plan


def apply(tx: Transaction, reading: Reading, *, prune: bool = False) -> Applied:
    """Apply what files say; everything in the transaction `tx`, which the caller commits.

    Raises `Denied` for who is no administrator, and `Refused` with everything that is wrong.
    """
    _hold(tx)
    return _carry_out(tx, from_files(tx, reading, prune=prune), APPLIED, {})


def diff(tx: Transaction, reading: Reading, *, prune: bool = False) -> Plan:
    """Return what `apply` would do, and do nothing. Raises as `apply`, but for what the data refuses."""
    may_configure(tx)
    return from_files(tx, reading, prune=prune)


def revert(tx: Transaction, application_id: int | None = None) -> Applied:
    """Undo an application (None: the last that was not undone), as far as nothing was changed since.

    Raises `NotFound` when there is none, and `Refused` when a later application changed the same definitions.
    """
    _hold(tx)
    entries = {row.subject_id: row for row in _entries(tx, limit=1000)}
    undone = {row.data["reverts"] for row in entries.values() if row.type == REVERTED}
    open_ = [one for one, row in entries.items() if row.type == APPLIED and one not in undone]
    if application_id is None and not open_:
        raise NotFound(_("No application of definitions is left to revert."))
    wanted = open_[0] if application_id is None else application_id
    if wanted not in entries or entries[wanted].type != APPLIED:
        raise NotFound(_("There is no application {id}; `crm config history` lists them.").format(id=wanted))
    if wanted in undone:
        raise InvalidInput(_("Application {id} was reverted already.").format(id=wanted))
    stored = store.bodies(tx.connection)
    back: dict[Named, Body | None] = {}
    places: dict[Named, int] = {}
    since: list[str] = []
    for each in entries[wanted].data["changes"]:
        key = (each["kind"], each["name"])
        if stored.get(key) != each["after"]:
            since.append(_("{kind}.{name} was changed since.").format(kind=key[0], name=key[1]))
        back[key] = each["before"]
        places[key] = each["place"]
    if since:
        raise Refused(since)
    return _carry_out(tx, plan(tx, back, {}), REVERTED, {"reverts": wanted}, places)


def may_configure(tx: Transaction) -> None:
    """Raise `Denied` unless the actor administers the workspace."""
    if tx.actor.user_id != 0 and not tx.scope.manages:
        raise Denied(
            _("Only an administrator changes definitions; {login} is {role}.").format(
                login=tx.actor.login, role=tx.actor.role
            )
        )


def _hold(tx: Transaction) -> None:
    """Let nobody else change definitions until the end of the transaction."""
    may_configure(tx)
    tx.begin()
    if tx.connection.dialect.name == "postgresql":
        tx.connection.exec_driver_sql("LOCK TABLE definition IN SHARE ROW EXCLUSIVE MODE")


def _carry_out(
    tx: Transaction, found: Plan, kind: str, data: Mapping[str, Any], back: Mapping[Named, int] = store.NO_PLACES
) -> Applied:
    refused = [f"{one.subject}: {one.text}{_ids(one.ids)}." for one in found.effects if one.refused]
    if refused:
        raise Refused(refused)
    if not found.changes:
        return Applied(id=0, plan=found)
    application = tx.new_id()
    stood = store.places(tx.connection)
    store.save(tx.connection, {(one.kind, one.name): one.after for one in found.changes}, tx.now, back)
    backfill(tx, found.before, found.after)
    indexes.follow(tx, found.before, found.after)
    listening.follow(tx.connection, _automations(found, "added"), _automations(found, "removed"))
    generation.advance(tx.connection)
    changes = [{**_told(one), "place": stood.get((one.kind, one.name))} for one in found.changes]
    tx.record(kind, "definition", application, {**data, "changes": changes})
    return Applied(id=application, plan=found)


def _automations(found: Plan, action: str) -> list[str]:
    return [one.name for one in found.changes if one.kind == "automation" and one.action == action]


def _ids(ids: Sequence[int]) -> str:
    return f" ({', '.join(map(str, ids))})" if ids else ""


def _told(change: Change) -> dict[str, Any]:
    return {
        "kind": change.kind,
        "name": change.name,
        "action": change.action,
        "before": change.before,
        "after": change.after,
    }


def history(reader: Reader, *, limit: int, after: int | None = None) -> list[dict[str, Any]]:
    """Return the applications and reversals of definitions, the newest first."""
    entries = _entries(reader, limit=limit, after=after)
    return [
        {
            "id": row.subject_id,
            "at": row.at,
            "actor": row.actor,
            "type": row.type,
            "reverts": row.data.get("reverts"),
            "changes": row.data["changes"],
        }
        for row in entries
    ]


def _entries(reader: Reader, *, limit: int, after: int | None = None) -> Sequence[Any]:
    statement = select(journal).where(journal.c.entity == "definition").order_by(journal.c.id.desc()).limit(limit)
    if after is not None:
        statement = statement.where(journal.c.subject_id < after)
    return reader.connection.execute(statement).all()
