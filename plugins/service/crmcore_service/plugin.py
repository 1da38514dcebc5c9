"""What the plugin says of itself, and what it contributes; each hook's part lies in `contributions`."""

from pathlib import Path

from crmcore.api import Plugin
from crmcore_service.answers import spec
from crmcore_service.contributions.brief import crm_brief
from crmcore_service.contributions.entities import crm_entities
from crmcore_service.contributions.erasing import crm_erase
from crmcore_service.contributions.events import HEARS, crm_on_event
from crmcore_service.contributions.formats import crm_formats
from crmcore_service.contributions.forms import crm_forms
from crmcore_service.contributions.health import crm_health
from crmcore_service.contributions.jobs import crm_jobs
from crmcore_service.contributions.metrics import crm_metrics
from crmcore_service.contributions.objections import crm_objections
from crmcore_service.contributions.pages import crm_pages
from crmcore_service.contributions.processes import crm_processes
from crmcore_service.contributions.quality import crm_quality
from crmcore_service.contributions.references import crm_references
from crmcore_service.contributions.saving import crm_apply, crm_before_save
from crmcore_service.contributions.schedules import crm_schedules
from crmcore_service.contributions.settings import crm_settings
from crmcore_service.contributions.timeline import crm_timeline
from crmcore_service.contributions.traits import crm_traits
from crmcore_service.tables import metadata

PLUGIN = Plugin(
    name="service",
    title="Service tickets: no request unanswered",
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
    "crm_health",
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
