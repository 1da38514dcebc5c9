"""What was noticed about plugins while they were called: failures, slowness, memory; and the time each hook took."""

from collections.abc import Iterator
from datetime import UTC, datetime

from attrs import Factory, define, frozen

ERROR, WARNING, INFO = "error", "warning", "info"
SEVERITIES = (ERROR, WARNING, INFO)

FAILED, SLOW, IMPORT, MEMORY, LOOP, TAMPERED, DEPRECATED = (
    "failed", "slow", "import", "memory", "loop", "tampered", "deprecated",
)  # fmt: skip
"""Kinds: it raised or answered the wrong thing; took too long; imports slowly; took memory; called itself through the
host, or an automation did; changed the host's own code, or its transaction; uses what will go."""

_SEVERITY = {SLOW: WARNING, IMPORT: WARNING, MEMORY: WARNING, DEPRECATED: WARNING}


@frozen(kw_only=True)
class Finding:
    """One thing noticed about a plugin in one hook, `count` times between `since` and `at`; the last one's message."""

    plugin: str
    hook: str
    kind: str
    message: str
    severity: str = ""
    version: str = ""
    count: int = 1
    since: datetime
    at: datetime

    @property
    def key(self) -> tuple[str, str, str]:
        """What tells it from others."""
        return self.plugin, self.hook, self.kind


@frozen(kw_only=True)
class Failure:
    """A plugin that failed in a hook."""

    plugin: str
    hook: str
    message: str


@define(kw_only=True)
class Spent:
    """The time one plugin took in one hook: calls, seconds in all and of the longest call.

    `notable` is the length from which the next call is looked at more closely; of no interest to others.
    """

    calls: int = 0
    seconds: float = 0.0
    worst: float = 0.0
    notable: float = 0.0


@define(kw_only=True)
class Ledger:
    """Collects findings in a process until somebody takes them away to be kept."""

    found: dict[tuple[str, str, str], Finding] = Factory(dict)

    def note(self, *, plugin: str, hook: str, kind: str, message: str, version: str = "") -> Finding:
        """Add a finding, or count one more of its kind."""
        now = datetime.now(UTC)
        known = self.found.get((plugin, hook, kind))
        noted = Finding(
            plugin=plugin,
            hook=hook,
            kind=kind,
            severity=_SEVERITY.get(kind, ERROR),
            version=version,
            message=message[:2000],
            count=1 if known is None else known.count + 1,
            since=now if known is None else known.since,
            at=now,
        )
        self.found[noted.key] = noted
        return noted

    def take(self) -> list[Finding]:
        """Return what was found since the last time, and forget it."""
        taken, self.found = self.found, {}
        return list(taken.values())

    def give_back(self, findings: list[Finding]) -> None:
        """Keep findings that could not be written, for another time."""
        for one in findings:
            self.found.setdefault(one.key, one)

    def __iter__(self) -> Iterator[Finding]:
        return iter(list(self.found.values()))
