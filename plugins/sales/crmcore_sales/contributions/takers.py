"""Sales goes on with what others hand over: its leads."""

from collections.abc import Iterable, Sequence

from crmcore.api import NotifyTransaction, Prospect, Taker, impl
from crmcore_sales.i18n import _
from crmcore_sales.tables import lead


@impl
def crm_takers() -> Iterable[Taker]:
    """Make leads of prospects."""
    yield Taker(name="leads", title=_("leads"), entity=lead.name, take=_take)


def _take(tx: NotifyTransaction, prospects: Sequence[Prospect]) -> Sequence[int]:
    from crmcore_sales.leads.taking import take

    return take(tx, prospects)
