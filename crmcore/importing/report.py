"""What an import did, in numbers that add up, and what it would say to a person."""

from collections.abc import Mapping
from typing import Any

from attrs import define, field, frozen

from crmcore.review.queue import Proposal

CREATED, UPDATED, UNCHANGED, REJECTED = "created", "updated", "unchanged", "rejected"
_SHOWN = 1000
_LISTED = 10_000


@frozen(kw_only=True)
class RejectedRecord:
    """A record that was not taken: its file, the line where it begins, and why."""

    file: str
    line: int
    reason: str
    raw: str = ""


@frozen(kw_only=True)
class Effect:
    """One record created or updated, as a dry run shows it; `changes` maps fields to (before, after)."""

    action: str
    entity: str
    id: int
    name: str
    source: str
    changes: dict[str, Any] = field(factory=dict)


@frozen(kw_only=True)
class Mark:
    """How far a report had come: its counts, and the lengths of what it keeps."""

    counts: Mapping[str, int]
    lengths: tuple[int, ...]


@define(kw_only=True)
class Report:
    """The counts of an import: read = created + updated + unchanged + rejected.

    `effects` and `proposals` hold the first thousand, `rejections` the first ten thousand; the counts are
    complete. `met` counts people met in mail and meetings who were not made contacts, by the rule that was chosen;
    somebody met again after a thousand messages is counted again.
    """

    batch: int = 0
    read: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: int = 0
    duplicates: int = 0
    met: int = 0
    rejections: list[RejectedRecord] = field(factory=list)
    effects: list[Effect] = field(factory=list)
    proposals: list[Proposal] = field(factory=list)
    _fresh: list[RejectedRecord] = field(factory=list)

    @classmethod
    def resumed(cls, batch: int, counts: Mapping[str, int], rejections: list[RejectedRecord]) -> "Report":
        """Return the report of an import that is taken up where it stopped."""
        report = cls(batch=batch, rejections=rejections)
        for name, value in counts.items():
            setattr(report, name, value)
        return report

    def count(self, outcome: str) -> None:
        """Count one record."""
        self.read += 1
        setattr(self, outcome, getattr(self, outcome) + 1)

    def reject(self, record: RejectedRecord) -> None:
        """Count a rejection, and keep it: here as far as there is room, in the database always."""
        self.count(REJECTED)
        self._fresh.append(record)
        if len(self.rejections) < _LISTED:
            self.rejections.append(record)

    def take_rejected(self) -> list[RejectedRecord]:
        """Return the rejections since the last call, to be stored."""
        fresh, self._fresh = self._fresh, []
        return fresh

    def show(self, effect: Effect) -> None:
        """Keep an effect, if there is room for it."""
        if len(self.effects) < _SHOWN:
            self.effects.append(effect)

    def mark(self) -> Mark:
        """Return how far it has come, so that what comes next can be taken back."""
        return Mark(counts=self.counts(), lengths=tuple(len(one) for one in self._lists()))

    def back_to(self, mark: Mark) -> None:
        """Take back what was counted and kept since `mark`."""
        for name, value in mark.counts.items():
            setattr(self, name, value)
        for one, length in zip(self._lists(), mark.lengths, strict=True):
            del one[length:]

    def _lists(self) -> tuple[list[Any], ...]:
        return self.rejections, self.effects, self.proposals, self._fresh

    def counts(self) -> dict[str, int]:
        """Return the counts by name."""
        names = ("read", CREATED, UPDATED, UNCHANGED, REJECTED, "duplicates", "met")
        return {name: getattr(self, name) for name in names}
