"""What service does when changes are saved: what must not be is refused, and what follows is written."""

from collections.abc import Callable, Sequence

from crmcore.api import ApplyTransaction, Change, impl
from crmcore_service.formats import following
from crmcore_service.levels import following as clocks

FOLLOWING: tuple[Callable[[Sequence[Change], ApplyTransaction], None], ...] = (
    following.keep,
    clocks.keep,
)


@impl
def crm_apply(changes: Sequence[Change], tx: ApplyTransaction) -> None:
    """Let each feature write what follows."""
    for follow in FOLLOWING:
        follow(changes, tx)
