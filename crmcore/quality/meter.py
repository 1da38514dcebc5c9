"""The meter: what the core and all plugins measured, and the queue of what to mend."""

from attrs import field, frozen

from crmcore.engine.reader import Reader
from crmcore.hooks.reading import Quality
from crmcore.plugins.dispatch import Dispatcher
from crmcore.quality.checks import Fault
from crmcore.quality.examine import Examined, examine
from crmcore.quality.figures import titles


@frozen(kw_only=True)
class Figure:
    """A figure of the meter: of `total` records `bad` need mending; the score is the percentage that is right."""

    plugin: str
    title: str
    total: int
    bad: int
    fixes: tuple[tuple[str, int, str], ...]
    score: float = field(init=False)

    @score.default
    def _default_score(self) -> float:
        return round(100 * (self.total - self.bad) / self.total, 1) if self.total else 100.0


@frozen(kw_only=True)
class Fix:
    """One thing to mend: of which contact, what record is wrong and why, and the command that mends it."""

    contact: int
    name: str
    figure: str
    entity: str
    id: int
    wrong: str
    command: str


def measure(dispatcher: Dispatcher, reader: Reader) -> list[Figure]:
    """Return the figures of the core and of every plugin; the part of a plugin that fails is missing."""
    found: list[tuple[str, Quality]] = dispatcher.collect_by_plugin("crm_quality", reader=reader)
    return [
        Figure(plugin=plugin, title=one.title, total=one.total, bad=one.bad, fixes=one.fixes) for plugin, one in found
    ]


def fix_queue(reader: Reader, *, limit: int, after: int | None = None) -> list[Fix]:
    """Return what to mend about contacts, in the order of their ids, from the contact after `after`.

    `limit` entries, and the rest of the last contact's: so the next call can go on after that contact.
    """
    found: list[Fix] = []
    named = titles()
    for one in examine(reader, after or 0):
        found.extend(_fix(one, fault, named[fault.figure]) for fault in one.faults)
        if len(found) >= limit:
            break
    return found


def _fix(one: Examined, fault: Fault, figure: str) -> Fix:
    return Fix(
        contact=one.id,
        name=one.name,
        figure=figure,
        entity=fault.entity,
        id=fault.id,
        wrong=fault.wrong,
        command=fault.command,
    )
