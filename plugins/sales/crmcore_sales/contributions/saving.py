"""What sales does when changes are saved: its projections follow them."""

from collections.abc import Callable, Sequence

from crmcore.api import ApplyTransaction, Change, impl
from crmcore_sales.forecasting import standings
from crmcore_sales.leads import contacting
from crmcore_sales.pipeline import closing, passages
from crmcore_sales.quoting import guard

FOLLOWING: tuple[Callable[[Sequence[Change], ApplyTransaction], None], ...] = (
    passages.keep,
    closing.keep_rate,
    standings.keep,
    guard.keep,
    contacting.keep,
)


@impl
def crm_apply(changes: Sequence[Change], tx: ApplyTransaction) -> None:
    """Let each feature write what follows."""
    for follow in FOLLOWING:
        follow(changes, tx)
