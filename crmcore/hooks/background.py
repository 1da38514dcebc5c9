"""Background work: what runs on a schedule, and what an automation can do."""

from collections.abc import Callable, Mapping
from typing import Any

from attrs import field, frozen
from attrs.validators import matches_re

from crmcore.model.change import Event


@frozen(kw_only=True)
class Schedule:
    """Work to be done at times: `cron` has five fields (minute hour day month weekday) in the workspace's zone.

    `run(tx)` does it, in a transaction of its own whose commit also records that it was done: each time is done
    once, however many workers there are. A time that was missed is made up for once.
    """

    name: str = field(validator=matches_re(r"[a-z][a-z0-9_-]*"))
    cron: str
    run: Callable[[Any], None] = field(eq=False)


@frozen(kw_only=True)
class Action:
    """Something an automation can do: `run(tx, event, arguments)`, in the transaction of the event's delivery.

    Texts among the arguments come with each `{field}` of the record filled in. `run` may return the record it made or
    changed, which the ledger of runs then names. `arguments` names those it takes, each with a word for what it is;
    others are refused when a definition is applied.
    """

    name: str = field(validator=matches_re(r"[a-z][a-z0-9_.]*"))
    title: str
    arguments: Mapping[str, str]
    run: Callable[[Any, Event, Mapping[str, Any]], Any] = field(eq=False)
