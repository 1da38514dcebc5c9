"""What a plugin says of itself: the value `PLUGIN` of the module its entry point names."""

from pathlib import Path
from types import ModuleType

from attrs import field, frozen
from attrs.validators import deep_iterable, instance_of, matches_re, optional

_WORDS = deep_iterable(instance_of(str), instance_of(tuple))
_MODULES = deep_iterable(instance_of(ModuleType), instance_of(tuple))


@frozen(kw_only=True)
class Plugin:
    """A plugin's name, what it is for, and what it stands on.

    `name` prefixes its tables and revision ids. `requires` names plugins that must be enabled with it. `migrations` is
    the folder of its schema history, if it has tables. `hears` are the types of events that `crm_on_event` is told of
    (`contact.created`, `contact.*`); empty: all of them. `hooks` are modules with specifications of hooks of its own,
    for plugins that require it to implement; their names begin with the plugin's.
    """

    name: str = field(validator=matches_re(r"[a-z][a-z0-9_]*"))
    title: str = field(validator=instance_of(str))
    requires: tuple[str, ...] = field(default=(), validator=_WORDS)
    migrations: Path | None = field(default=None, validator=optional(instance_of(Path)))
    tables: tuple[str, ...] = field(default=(), validator=_WORDS)
    hears: tuple[str, ...] = field(default=(), validator=_WORDS)
    hooks: tuple[ModuleType, ...] = field(default=(), validator=_MODULES)
