"""The file formats of the core, declared through the same hook as a plugin's."""

from collections.abc import Iterable

from crmcore.hooks.formats import Format
from crmcore.hooks.kinds import impl


@impl
def crm_formats() -> Iterable[Format]:
    """Declare the core's formats."""
    return ()
