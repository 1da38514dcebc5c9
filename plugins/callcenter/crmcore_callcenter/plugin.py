"""What the plugin says of itself, and what it contributes; each hook's part lies in `contributions`."""

from pathlib import Path

from crmcore.api import Plugin
from crmcore_callcenter.contributions.brief import crm_brief
from crmcore_callcenter.contributions.entities import crm_entities
from crmcore_callcenter.contributions.erasing import crm_erase
from crmcore_callcenter.contributions.formats import crm_formats
from crmcore_callcenter.contributions.health import crm_health
from crmcore_callcenter.contributions.metrics import crm_metrics
from crmcore_callcenter.contributions.pages import crm_pages
from crmcore_callcenter.contributions.quality import crm_quality
from crmcore_callcenter.contributions.references import crm_references
from crmcore_callcenter.contributions.saving import crm_apply
from crmcore_callcenter.contributions.settings import crm_settings
from crmcore_callcenter.contributions.timeline import crm_timeline
from crmcore_callcenter.contributions.traits import crm_traits
from crmcore_callcenter.tables import metadata

PLUGIN = Plugin(
    name="callcenter",
    title="Call centre: no ring unrecognised",
    migrations=Path(__file__).parent / "migrations",
    tables=tuple(table.name for table in metadata.sorted_tables),
)

__all__ = [
    "PLUGIN",
    "crm_apply",
    "crm_brief",
    "crm_entities",
    "crm_erase",
    "crm_formats",
    "crm_health",
    "crm_metrics",
    "crm_pages",
    "crm_quality",
    "crm_references",
    "crm_settings",
    "crm_timeline",
    "crm_traits",
]
