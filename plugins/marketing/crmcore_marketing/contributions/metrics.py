"""The figures of marketing, for `crm metric`."""

from collections.abc import Iterator

from crmcore.api import Metric, impl


@impl
def crm_metrics() -> Iterator[Metric]:
    """Declare them, each from the feature that owns it."""
    from crmcore_marketing.campaigns.kpis import campaign_metrics
    from crmcore_marketing.events.kpis import event_metrics
    from crmcore_marketing.qualifying.kpis import qualifying_metrics

    yield from campaign_metrics()
    yield from event_metrics()
    yield from qualifying_metrics()
