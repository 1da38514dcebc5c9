"""Records that only the plugin understands whose format read them: it writes them, the import counts them."""

from collections.abc import Mapping, Sequence
from typing import Any

from attrs import define, field

from crmcore.engine.journal import plain
from crmcore.errors import PluginError
from crmcore.i18n import _
from crmcore.importing.context import Step
from crmcore.importing.report import CREATED, UNCHANGED, UPDATED
from crmcore.model.incoming import IncomingOwn

Told = dict[int, set[str] | str]
"""By line: what happened to a record, or the reason why it was refused."""


def write_own(step: Step, records: Sequence[IncomingOwn]) -> Told:
    """Let the file's format write the records; return what happened to each.

    Raises `PluginError` for a format without `take`, and for one that does not tell of each record.
    """
    if step.take is None:
        raise PluginError(_("A format gives records of its own, and no way to keep them."))
    book = Book(step=step)
    step.take(step.tx, tuple(records), book)
    step.tx.flush()
    silent = next((one for one in records if one.line not in book.told), None)
    if silent is not None:
        raise PluginError(_("A format did not say what became of line {line}.").format(line=silent.line))
    return book.told


@define(kw_only=True)
class Book:
    """The ledger that the format writes into: a `crmcore.hooks.formats.Ledger`."""

    step: Step
    told: Told = field(factory=dict)

    @property
    def batch_id(self) -> int | None:
        """The import; None where nothing can be taken back."""
        return self.step.batch_id

    def source(self, line: int) -> str:
        """Return where a value came from, for people."""
        return self.step.source(line)

    def created(self, record: Any, line: int) -> None:
        """Count a record that was added."""
        self.step.created(self._entity(record), record, line)
        self._happened(line, CREATED)

    def changed(self, record: Any, line: int, before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
        """Count one that was there, with its changed fields."""
        values = [{name: plain(value) for name, value in each.items()} for each in (before, after)]
        self.step.changed(self._entity(record), record, line, *values)
        self._happened(line, UPDATED)

    def removed(self, record: Any, into: int, line: int) -> None:
        """Remember one that goes, as it goes on in the record `into`: it is forgotten when that is erased."""
        name = self._entity(record)
        row = self.step.tx.entities.named(name).row(record)
        before = {field: plain(value) for field, value in row.items()}
        self.step.removed(name, into, line, before)

    def kept(self, line: int) -> None:
        """Count one of which rows were kept that are no record."""
        self._happened(line, CREATED)

    def same(self, line: int) -> None:
        """Count one that told nothing new."""
        self._happened(line, UNCHANGED)

    def refuse(self, line: int, reason: str) -> None:
        """Reject one."""
        self.told[line] = reason

    def _happened(self, line: int, outcome: str) -> None:
        outcomes = self.told.setdefault(line, set())
        if isinstance(outcomes, set):
            outcomes.add(outcome)

    def _entity(self, record: Any) -> str:
        return self.step.tx.entities.of(type(record)).name
