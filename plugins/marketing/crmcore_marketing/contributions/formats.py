"""The formats that marketing reads."""

from collections.abc import Iterable

from crmcore.api import Format, impl
from crmcore_marketing.formats.declared import formats


@impl
def crm_formats() -> Iterable[Format]:
    """Declare them."""
    return formats()
