"""What a plugin says of itself: the value `PLUGIN` of the module its entry point names."""

from pathlib import Path

from attrs import field, frozen
from attrs.validators import matches_re


@frozen(kw_only=True)
class Plugin:
    """A plugin's name, what it is for, and what it stands on.

    `name` prefixes its tables and revision ids. `requires` names plugins that must be enabled with it. `migrations` is
    the folder of its schema history, if it has tables. `hears` are the types of events that `crm_on_event` is told of
    (`contact.created`, `contact.*`); empty: all of them.
    """

    name: str = field(validator=matches_re(r"[a-z][a-z0-9_]*"))
    title: str
    requires: tuple[str, ...] = ()
    migrations: Path | None = None
    tables: tuple[str, ...] = ()
    hears: tuple[str, ...] = ()
