"""Hook specifications: where a plugin can join in. Each module holds the hooks of one subject."""

from types import ModuleType

from crmcore.hooks import declaring, forms, handing, outcomes, policy, reading, saving, selecting

SPECIFICATIONS: tuple[ModuleType, ...] = (declaring, outcomes, reading, saving, policy, handing, forms, selecting)
"""The modules that hold specifications, in the order of the reference."""
