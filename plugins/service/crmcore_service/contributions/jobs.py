"""What service does in the background."""

from collections.abc import Iterable
from datetime import timedelta

from crmcore.api import Desk, Job, impl


@impl
def crm_jobs() -> Iterable[Job]:
    """Declare them."""
    yield Job(name="escalations", run=_escalate)
    yield Job(name="mailboxes", run=_read, every=timedelta(minutes=1))


def _escalate(desk: Desk) -> bool:
    """Take the steps of clocks that are due."""
    from crmcore_service.levels.escalating import run

    return run(desk)


def _read(desk: Desk) -> bool:
    """Read what came into the mailboxes."""
    from crmcore_service.intake.working import run

    return run(desk)
