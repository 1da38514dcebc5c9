"""Background work: what runs on a schedule, what goes on in many transactions, and what an automation can do."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any, Protocol

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


class Desk(Protocol):
    """Where a job works: it opens transactions of its own, as many as it needs, and ends when it is told to."""

    def transaction(self, cause: str = "") -> AbstractContextManager[Any]:
        """Give a transaction, as `crm_on_event` has it, that is committed at the end of the block.

        An exception in the block takes back what was done in it. `cause` is what the journal says beside the job's
        name. Where one process at a time may do the job, nothing is committed by one that was put off meanwhile. When
        the plugin was disabled meanwhile, or the job is done elsewhere now, the job ends here.
        """
        ...

    def read(self) -> AbstractContextManager[Any]:
        """Give a reader, which writes nothing and keeps nobody from writing."""
        ...

    def is_over(self) -> bool:
        """Return whether to end soon: the time is over, or the process is told to stop. Ask between two pieces."""
        ...


@frozen(kw_only=True)
class Job:
    """Work in many transactions of its own, between which it may do what no transaction holds: send, fetch, compute.

    `crm worker` calls `run(desk)` again and again while it answers True, which says that there is more to do now; after
    that, once in `every`. A process that is killed in it leaves what it committed: another one takes the job up, and
    `run` begins anew, so it must tell from the plugin's own tables what was begun and not ended. `parallel` lets any
    number of workers do it at the same time (on PostgreSQL); otherwise one does at a time.

    A job that fails is tried again later and later, a quarter of an hour at most; others go on.
    """

    name: str = field(validator=matches_re(r"[a-z][a-z0-9_-]*"))
    run: Callable[[Desk], bool] = field(eq=False)
    every: timedelta = timedelta(0)
    parallel: bool = False


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
