"""What the plugin says of itself, and what it contributes; each hook's part lies in `contributions`."""

from pathlib import Path

from crmcore.api import Plugin
from crmcore_marketing.contributions.brief import crm_brief
from crmcore_marketing.contributions.entities import crm_entities
from crmcore_marketing.contributions.erasing import crm_erase
from crmcore_marketing.contributions.events import HEARS, crm_on_event
from crmcore_marketing.contributions.formats import crm_formats
from crmcore_marketing.contributions.forms import crm_forms
from crmcore_marketing.contributions.jobs import crm_jobs
from crmcore_marketing.contributions.metrics import crm_metrics
from crmcore_marketing.contributions.objections import crm_objections
from crmcore_marketing.contributions.pages import crm_pages
from crmcore_marketing.contributions.processes import crm_processes
from crmcore_marketing.contributions.quality import crm_quality
from crmcore_marketing.contributions.references import crm_references
from crmcore_marketing.contributions.saving import crm_apply, crm_before_save
from crmcore_marketing.contributions.schedules import crm_schedules
from crmcore_marketing.contributions.settings import crm_settings
from crmcore_marketing.contributions.timeline import crm_timeline
from crmcore_marketing.contributions.traits import crm_traits
from crmcore_marketing.tables import metadata

PLUGIN = Plugin(
    name="marketing",
    title="Marketing campaigns: who should hear from us, and what came of it",
    migrations=Path(__file__).parent / "migrations",
    tables=tuple(table.name for table in metadata.sorted_tables),
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
    "crm_jobs",
    "crm_metrics",
    "crm_objections",
    "crm_on_event",
    "crm_pages",
    "crm_processes",
    "crm_quality",
    "crm_references",
    "crm_schedules",
    "crm_settings",
    "crm_timeline",
    "crm_traits",
]
