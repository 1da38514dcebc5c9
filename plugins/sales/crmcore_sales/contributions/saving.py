"""What sales does when changes are saved: its projections follow them."""

from collections.abc import Callable, Iterable, Iterator, Sequence

from crmcore.api import ApplyTransaction, Change, PluginTransaction, impl
from crmcore_sales.forecasting import freezing, standings
from crmcore_sales.guiding import visiting
from crmcore_sales.leads import contacting
from crmcore_sales.pipeline import closing, passages
from crmcore_sales.quoting import guard

FOLLOWING: tuple[Callable[[Sequence[Change], ApplyTransaction], None], ...] = (
    passages.keep,
    closing.keep_rate,
    standings.keep,
    freezing.keep,
    guard.keep,
    contacting.keep,
    visiting.keep,
)

REFUSING: tuple[Callable[[Sequence[Change], PluginTransaction], Iterable[str]], ...] = (freezing.refuse,)


@impl
def crm_before_save(changes: Sequence[Change], tx: PluginTransaction) -> Iterator[str]:
    """Let each feature refuse what must not be."""
    for refuse in REFUSING:
        yield from refuse(changes, tx)


@impl
def crm_apply(changes: Sequence[Change], tx: ApplyTransaction) -> None:
    """Let each feature write what follows."""
    for follow in FOLLOWING:
        follow(changes, tx)
