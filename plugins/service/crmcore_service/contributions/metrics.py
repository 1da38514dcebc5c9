"""The figures of service."""

from collections.abc import Iterable

from crmcore.api import Metric, impl


@impl
def crm_metrics() -> Iterable[Metric]:
    """Declare them, each from the feature that owns it."""
    from crmcore_service.answers.kpis import answer_metrics
    from crmcore_service.levels.figures import clock_metrics
    from crmcore_service.returns.figures import money_metrics
    from crmcore_service.satisfaction.kpis import satisfaction_metrics
    from crmcore_service.tickets.figures import ticket_metrics

    yield from clock_metrics()
    yield from answer_metrics()
    yield from ticket_metrics()
    yield from money_metrics()
    yield from satisfaction_metrics()
