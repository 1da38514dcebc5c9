"""What an import keeps of calls that go on in others, so that taking it back parts them again."""

from collections.abc import Mapping, Sequence
from typing import Any

from attrs import frozen
from sqlalchemy import Select, Table, insert, select, update

from crmcore.api import ApplyTransaction, Ledger, Refused
from crmcore_callcenter.callbacks.owed import AnyTransaction
from crmcore_callcenter.i18n import _
from crmcore_callcenter.model.call import Call
from crmcore_callcenter.tables import call, call_key, heard, joined

_THEIRS = {"heard": heard, "keys": call_key}
"""By column of `joined`: the table of which it has ids."""
_AT_ONCE = 5_000


@frozen(kw_only=True)
class Parting:
    """What is told to the ledger of an import, if it is one; `lines` are those by which calls go on, by their ids."""

    ledger: Ledger | None
    lines: Mapping[int, int]

    def keep(self, tx: AnyTransaction, into: Mapping[int, Call], calls: Mapping[int, Call]) -> None:
        """Keep what was heard of each call, and its ids, before they go over: three statements."""
        there: dict[int, dict[str, list[int]]] = {
            was: {"heard": [], "keys": []} for was, one in calls.items() if self._was_there(one)
        }
        for name, table in _THEIRS.items():
            for row in tx.rows(_ids(table, there)) if there else ():
                there[row.call_id][name].append(row.id)
        rows = [
            {"id": tx.new_id(), "batch_id": self._batch_id, "was_id": was, "into_id": into[was].id, **ids}
            for was, ids in there.items()
        ]
        if rows:
            tx.execute(insert(joined), rows)

    def changed(self, was: int, record: Any, before: Mapping[str, Any]) -> None:
        """Tell of a record that changes as the call `was` goes on in another; `before` are the values it had."""
        if self.ledger is not None:
            after = {name: getattr(record, name) for name in before}
            self.ledger.changed(record, self.lines[was], before, after)

    def removed(self, was: int, record: Any, into: int) -> None:
        """Tell of a record of the call `was` that goes; what the import itself made goes for good."""
        if self.ledger is not None and self._was_there(record):
            self.ledger.removed(record, into, self.lines[was])

    @property
    def _batch_id(self) -> int | None:
        return self.ledger.batch_id if self.ledger is not None else None

    def _was_there(self, record: Any) -> bool:
        return self._batch_id is not None and record.batch_id != self._batch_id


def _ids(table: Table, calls: Mapping[int, Any]) -> Select[Any]:
    return select(table.c.id, table.c.call_id).where(table.c.call_id.in_(calls)).order_by(table.c.id)


def part(tx: ApplyTransaction, batch_id: int, calls: Sequence[int]) -> set[int]:
    """Give calls that come back, as an import is taken back, what was heard of them; return in which they went on.

    Raises `Refused` where that one went on in another since.
    """
    j = joined.c
    rows = tx.rows(select(joined).where(j.batch_id == batch_id, j.was_id.in_(calls)).order_by(j.id))
    there = {row.id for row in tx.rows(select(call.c.id).where(call.c.id.in_({row.into_id for row in rows})))}
    lost = [row for row in rows if row.into_id not in there]
    if lost:
        raise Refused(
            [
                _(
                    "This import made calls {one} and {other} one, which went on in another call since; if an import"
                    " did that, take it back first."
                ).format(one=row.into_id, other=row.was_id)
                for row in lost
            ]
        )
    for row in rows:
        for name, table in _THEIRS.items():
            ids = getattr(row, name)
            for start in range(0, len(ids), _AT_ONCE):
                some = table.c.id.in_(ids[start : start + _AT_ONCE])
                tx.execute(update(table).where(some, table.c.call_id == row.into_id).values(call_id=row.was_id))
    return {row.into_id for row in rows}
