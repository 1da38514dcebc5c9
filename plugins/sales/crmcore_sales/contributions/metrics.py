"""The figures of sales, for `crm metric`."""

from collections.abc import Iterator

from crmcore.api import Metric, impl
from crmcore_sales.forecasting.figures import deal_metrics
from crmcore_sales.leads.figures import lead_metrics

FIGURES = (
    deal_metrics,
    lead_metrics,
)


@impl
def crm_metrics() -> Iterator[Metric]:
    """Declare them, each from the feature that owns it."""
    for figures in FIGURES:
        yield from figures()
