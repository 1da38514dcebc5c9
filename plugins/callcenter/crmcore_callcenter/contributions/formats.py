"""The files of telephone systems that `crm import` reads."""

from collections.abc import Iterable

from crmcore.api import Format, impl
from crmcore_callcenter.formats.declared import formats


@impl
def crm_formats() -> Iterable[Format]:
    """Declare them."""
    return formats()
