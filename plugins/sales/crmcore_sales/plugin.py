"""What the plugin says of itself, and what it contributes; each hook's part lies in `contributions`."""

from pathlib import Path

from crmcore.api import Plugin
from crmcore_sales.contributions.brief import crm_brief
from crmcore_sales.contributions.entities import crm_entities
from crmcore_sales.contributions.erasing import crm_erase
from crmcore_sales.contributions.events import HEARS, crm_on_event
from crmcore_sales.contributions.formats import crm_formats
from crmcore_sales.contributions.forms import crm_forms
from crmcore_sales.contributions.metrics import crm_metrics
from crmcore_sales.contributions.outcomes import crm_outcomes, crm_products
from crmcore_sales.contributions.processes import crm_processes
from crmcore_sales.contributions.quality import crm_quality
from crmcore_sales.contributions.references import crm_references
from crmcore_sales.contributions.saving import crm_apply, crm_before_save
from crmcore_sales.contributions.schedules import crm_schedules
from crmcore_sales.contributions.settings import crm_settings
from crmcore_sales.contributions.takers import crm_takers
from crmcore_sales.contributions.timeline import crm_timeline
from crmcore_sales.contributions.traits import crm_traits
from crmcore_sales.methods import spec
from crmcore_sales.tables import metadata

PLUGIN = Plugin(
    name="sales",
    title="Sales pipeline: from the first contact to the won deal",
    migrations=Path(__file__).parent / "migrations",
    tables=tuple(table.name for table in metadata.sorted_tables),
    hooks=(spec,),
    hears=HEARS,
)

__all__ = [
    "PLUGIN",
    "crm_apply",
    "crm_before_save",
    "crm_brief",
    "crm_entities",
    "crm_erase",
    "crm_formats",
    "crm_forms",
    "crm_metrics",
    "crm_on_event",
    "crm_outcomes",
    "crm_processes",
    "crm_products",
    "crm_quality",
    "crm_references",
    "crm_schedules",
    "crm_settings",
    "crm_takers",
    "crm_timeline",
    "crm_traits",
]
