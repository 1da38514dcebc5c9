"""What a replay found, as values."""

from collections.abc import Mapping
from datetime import datetime

from attrs import frozen


@frozen(kw_only=True)
class Example:
    """One of the things that would have been done: on which entry of the journal, and to what."""

    at: datetime
    on: str
    entity: str
    id: int
    text: str


@frozen(kw_only=True)
class Effect:
    """Things of one kind that would have been done: how many, and the first of them."""

    type: str
    count: int
    examples: tuple[Example, ...]


@frozen(kw_only=True)
class Failed:
    """An entry of the journal at which the plugin failed."""

    event_id: int
    type: str
    at: datetime
    why: str


@frozen(kw_only=True)
class Stopped:
    """An act that was allowed then, and to which the plugin objects."""

    at: datetime
    kind: str
    entity: str
    id: int
    reason: str


@frozen(kw_only=True)
class Replay:
    """What a plugin would have done with the journal entries from `since` to `until`.

    `events` are those of the period, `told` those the plugin listens to, `followed` the entries that its own effects
    led to and that it was told of, too; `gone` those about records that are not there any more. `rows` are the rows
    its own tables gained or lost. Of `acts` decided on in the period it would have stopped `stopped`, and warned of
    `warned`. `seconds` is the time of the replay, `copying` that of making the sandbox.
    """

    plugin: str
    version: str
    since: datetime
    until: datetime
    events: int
    told: int
    followed: int
    gone: int
    effects: tuple[Effect, ...]
    rows: Mapping[str, int]
    failures: int
    failed: tuple[Failed, ...]
    acts: int
    stopped: int
    warned: int
    stops: tuple[Stopped, ...]
    copying: float
    seconds: float
