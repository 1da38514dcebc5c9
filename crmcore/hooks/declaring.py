"""Declaring: what a plugin brings, told once at load."""

from collections.abc import Iterable

from crmcore.hooks.entities import EntityType
from crmcore.hooks.formats import Format
from crmcore.hooks.kinds import DECLARE, hook
from crmcore.hooks.references import Reference


@hook(DECLARE)
def crm_formats() -> Iterable[Format]:  # type: ignore[empty-body] # a specification
    """Declare the file formats `crm import` reads thanks to this plugin."""


@hook(DECLARE)
def crm_entities() -> Iterable[EntityType]:  # type: ignore[empty-body] # a specification
    """Declare the plugin's entity types, in an order in which their rows can be inserted."""


@hook(DECLARE)
def crm_references() -> Iterable[Reference]:  # type: ignore[empty-body] # a specification
    """Declare every column that points at a customer, contact or user.

    Merge moves them, unmerge moves them back, and erase finds a person's data through them.
    """
