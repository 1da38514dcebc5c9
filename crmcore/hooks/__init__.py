"""Hook specifications: where a plugin can join in. Each module holds the hooks of one subject."""

from types import ModuleType

from crmcore.hooks import declaring, policy, reading, saving

SPECIFICATIONS: tuple[ModuleType, ...] = (declaring, reading, saving, policy)
"""The modules that hold specifications, in the order of the reference."""
