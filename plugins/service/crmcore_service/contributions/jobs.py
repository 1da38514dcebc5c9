"""What service does in the background."""

from collections.abc import Iterable

from crmcore.api import Desk, Job, impl


@impl
def crm_jobs() -> Iterable[Job]:
    """Declare them."""
    yield Job(name="escalations", run=_escalate)


def _escalate(desk: Desk) -> bool:
    """Take the steps of clocks that are due."""
    from crmcore_service.levels.escalating import run

    return run(desk)
