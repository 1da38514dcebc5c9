"""The figures of sales, for `crm metric`."""

from collections.abc import Iterator

from crmcore.api import Metric, impl


@impl
def crm_metrics() -> Iterator[Metric]:
    """Declare them, each from the feature that owns it."""
    from crmcore_sales.forecasting.figures import deal_metrics
    from crmcore_sales.leads.figures import lead_metrics

    yield from deal_metrics()
    yield from lead_metrics()
