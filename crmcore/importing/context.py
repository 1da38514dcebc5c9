"""What every step of an import needs to know."""

from collections.abc import Callable, Collection, Mapping
from typing import Any

from attrs import define, field, frozen

from crmcore.engine.transaction import Transaction
from crmcore.importing.report import Effect, Report
from crmcore.model.points import normalise

PEOPLE_RULES = ("none", "answered", "all")


@frozen(kw_only=True)
class Options:
    """What the user chose: see `crm import --help`.

    `key` names the fields by which a row finds the record it updates; `people` is the rule by which people met in mail
    and meetings become contacts; `scheme` names the system that ids in the file belong to.
    """

    format: str = ""
    reading: Mapping[str, str] = field(factory=dict)
    key: tuple[str, ...] = ()
    people: str = "none"
    scheme: str = ""
    dry_run: bool = False


@define(kw_only=True)
class Step:
    """One chunk of one file being written: the transaction, the batch, and who our own people are.

    `owners` are the users whose records the actor may change; None: everybody's. `take` is how the file's format
    writes what is its own.
    """

    tx: Transaction
    batch_id: int | None
    file: str
    scheme: str
    region: str
    users: Mapping[str, int]
    options: Options
    report: Report
    owners: Collection[int] | None = None
    settings: Mapping[str, object] = field(factory=dict)
    changes: list[dict[str, Any]] = field(factory=list)
    take: Callable[..., None] | None = None

    def source(self, line: int) -> str:
        """Return where a value came from, for people."""
        return f"{self.file}:{line}"

    def normal(self, kind: str, value: str) -> str:
        """Return the form of a point by which it is compared."""
        return normalise(kind, value, self.region)

    def user(self, name: str) -> int | None:
        """Return our own person of that login, address or number."""
        return self.users.get(name.casefold()) if name else None

    def may_change(self, owner_id: int | None) -> bool:
        """Return whether the actor may change a record of that owner; the transaction would refuse all of a chunk."""
        return self.owners is None or owner_id is None or owner_id in self.owners

    def changed(self, entity: str, record: Any, line: int, before: dict[str, Any], after: dict[str, Any]) -> None:
        """Remember an update, so that it can be shown, and taken back with the batch."""
        source = self.source(line)
        self.changes.append(
            {"batch_id": self.batch_id, "entity": entity, "record_id": record.id, "source": source,
             "before": before, "after": after}
        )  # fmt: skip
        name = called(record)
        both = {key: (before.get(key), value) for key, value in after.items()}
        self.report.show(Effect(action="updated", entity=entity, id=record.id, name=name, source=source, changes=both))

    def removed(self, entity: str, into: int, line: int, before: dict[str, Any]) -> None:
        """Remember a record that goes on in the record `into`, with all its values, so that it is brought back."""
        self.changes.append(
            {"batch_id": self.batch_id, "entity": entity, "record_id": into, "source": self.source(line),
             "before": before, "after": {}}
        )  # fmt: skip

    def found(self, entity: str, record: Any, line: int) -> None:
        """Remember that a row told nothing new of a record: so all whom a file was about are known by the batch."""
        self.changes.append(
            {"batch_id": self.batch_id, "entity": entity, "record_id": record.id, "source": self.source(line),
             "before": {}, "after": {}}
        )  # fmt: skip

    def created(self, entity: str, record: Any, line: int) -> None:
        """Remember a creation, so that it can be shown."""
        name = called(record)
        self.report.show(Effect(action="created", entity=entity, id=record.id, name=name, source=self.source(line)))


def called(record: Any) -> str:
    """Return what a record is called, for people; a part of another may have no name of its own."""
    return next((str(text) for name in ("name", "title", "subject") if (text := getattr(record, name, ""))), "")
