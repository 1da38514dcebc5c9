"""Its functions are annotated for other arguments."""

from crmcore.api import Plugin, Quality, impl

PLUGIN = Plugin(name="misannotated", title="Its functions are annotated for other arguments.")


@impl
def crm_quality(reader: int) -> dict[str, Quality]:
    return {}
