"""Figures of leads, for `crm metric`."""

from collections.abc import Iterator

from sqlalchemy import func

from crmcore.api import Metric, share
from crmcore_sales.i18n import _
from crmcore_sales.tables import lead


def lead_metrics() -> Iterator[Metric]:
    """Yield how many leads came, how many were contacted, accepted and rejected, and how many nobody has."""
    c = lead.c
    about = {
        "user": c.owner_id, "customer": c.customer_id, "contact": c.contact_id, "campaign": c.campaign,
        "source": c.lead_source, "region": c.region, "reason": c.reason, "state": c.status,
    }  # fmt: skip
    yield Metric(
        name="sales.leads", title=_("Leads received"), value=func.count(), source=lead, at=c.received_at,
        dimensions=about, text=c.title,
    )  # fmt: skip
    for name, title, part in (
        ("sales.leads.contacted", _("Leads contacted"), c.contacted_at.is_not(None)),
        ("sales.leads.accepted", _("Leads accepted"), c.opportunity_id.is_not(None)),
        ("sales.leads.rejected", _("Leads rejected"), c.closed_at.is_not(None) & c.opportunity_id.is_(None)),
    ):
        yield Metric(
            name=name, title=title, value=share(part), unit="%", source=lead, at=c.received_at, dimensions=about,
            text=c.title,
        )  # fmt: skip
    yield Metric(
        name="sales.leads.pool", title=_("Leads that are nobody's"), value=func.count(), source=lead,
        conditions=(c.owner_id.is_(None), c.closed_at.is_(None)), dimensions=about, text=c.title,
    )  # fmt: skip
