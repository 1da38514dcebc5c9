"""What will go: hooks and arguments of hooks that plugins still may use, each with a sentence that says what to use.

A name stays here for two minor versions and is removed with the next one.
"""

from collections.abc import Mapping

from attrs import field, frozen


@frozen(kw_only=True)
class Deprecated:
    """Hooks by name, and arguments by (hook, argument)."""

    hooks: Mapping[str, str] = field(factory=dict)
    arguments: Mapping[tuple[str, str], str] = field(factory=dict)


DEPRECATED = Deprecated()
"""Nothing yet."""
