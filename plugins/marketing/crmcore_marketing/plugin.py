"""What the plugin says of itself, and what it contributes; each hook's part lies in `contributions`."""

from pathlib import Path

from crmcore.api import Plugin
from crmcore_marketing.contributions.entities import crm_entities
from crmcore_marketing.contributions.events import HEARS, crm_on_event
from crmcore_marketing.contributions.objections import crm_objections
from crmcore_marketing.contributions.processes import crm_processes
from crmcore_marketing.contributions.references import crm_references
from crmcore_marketing.contributions.schedules import crm_schedules
from crmcore_marketing.contributions.settings import crm_settings
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
    "crm_entities",
    "crm_objections",
    "crm_on_event",
    "crm_processes",
    "crm_references",
    "crm_schedules",
    "crm_settings",
]
