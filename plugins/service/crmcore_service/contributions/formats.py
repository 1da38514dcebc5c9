"""The formats that service reads."""

from collections.abc import Iterable

from crmcore.api import Format, impl
from crmcore_service.formats.declared import formats


@impl
def crm_formats() -> Iterable[Format]:
    """Declare them."""
    return formats()
