"""The figures of the call centre."""

from collections.abc import Iterable

from crmcore.api import Metric, impl


@impl
def crm_metrics() -> Iterable[Metric]:
    """Declare them."""
    from crmcore_callcenter.figures.metrics import agent_metrics, call_metrics, callback_metrics

    yield from call_metrics()
    yield from agent_metrics()
    yield from callback_metrics()
