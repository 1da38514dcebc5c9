"""Under which name `crm import` keeps the ids that a file's records have, so that an export gives them back."""

from functools import cache

from crmcore.formats.features import crm_formats


@cache
def scheme(format_name: str) -> str:
    """Return the scheme of ids in files of a format."""
    return next(one.scheme or one.name for one in crm_formats() if one.name == format_name)
