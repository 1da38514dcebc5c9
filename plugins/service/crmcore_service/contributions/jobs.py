"""What service does in the background."""

from collections.abc import Iterable
from datetime import timedelta
from typing import TYPE_CHECKING

from crmcore.api import Desk, Job, impl

if TYPE_CHECKING:
    from crmcore_service.replying.job import Sender


@impl
def crm_jobs() -> Iterable[Job]:
    """Declare them."""
    yield Job(name="escalations", run=_escalate)
    yield Job(name="mailboxes", run=_read, every=timedelta(minutes=1))
    yield Job(name="closing", run=_close, every=timedelta(minutes=15))
    yield Job(name="replies", run=_Replies().run, parallel=True)


class _Replies:
    """The sender of this process, which keeps its connection; it is made when there is something to send."""

    def __init__(self) -> None:
        self._sender: Sender | None = None

    def run(self, desk: Desk) -> bool:
        """Send for a while."""
        from crmcore_service.replying.job import Sender

        self._sender = self._sender or Sender()
        return self._sender.run(desk)


def _escalate(desk: Desk) -> bool:
    """Take the steps of clocks that are due."""
    from crmcore_service.levels.escalating import run

    return run(desk)


def _close(desk: Desk) -> bool:
    """Close what was resolved some days ago."""
    from crmcore_service.tickets.closing import run

    return run(desk)


def _read(desk: Desk) -> bool:
    """Read what came into the mailboxes."""
    from crmcore_service.intake.working import run

    return run(desk)
