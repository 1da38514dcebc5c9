"""The report of an erasure: what went, what was emptied, what stays, and why; never with what it was."""

from typing import Literal

from attrs import define, field, frozen

Fate = Literal["removed", "emptied", "kept", "said"]


@frozen(kw_only=True)
class Line:
    """One thing that an erasure did, or left: of which plugin, what, how many, what became of it, and why."""

    plugin: str
    what: str
    count: int = 0
    fate: Fate
    why: str = ""


@define(kw_only=True)
class Report:
    """What became of a person's data; `done` is false for a dry run."""

    entity: str
    id: int
    done: bool = False
    lines: list[Line] = field(factory=list)

    def add(self, plugin: str, what: str, count: int, fate: Fate, why: str = "") -> None:
        """Tell of something, unless there was none of it."""
        if count:
            self.lines.append(Line(plugin=plugin, what=what, count=count, fate=fate, why=why))

    def say(self, plugin: str, sentence: str, fate: Fate = "said") -> None:
        """Tell a sentence."""
        self.lines.append(Line(plugin=plugin, what=sentence, fate=fate))
