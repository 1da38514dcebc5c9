"""What can go wrong, as exceptions whose text is a sentence a user can act on."""

from collections.abc import Mapping, Sequence
from typing import Any


class CrmError(Exception):
    """Base of every refusal; the command line prints its text and exits with code 1."""


class NotFound(CrmError):
    """A record, file, plugin or setting that was named does not exist."""


class InvalidInput(CrmError):
    """A value cannot be accepted; the text names the field, and the file and line where there is one."""


class Denied(CrmError):
    """The actor's role does not allow this."""


class WorkspaceError(CrmError):
    """The database cannot be used: absent, unreadable, not a workspace, or of another version."""


class PluginError(CrmError):
    """A plugin is missing, incompatible, or failed; the text names it."""


class Conflict(CrmError):
    """Somebody else changed the same fields since they were read.

    `fields` maps each field to (as read, as stored now, as wanted).
    """

    def __init__(self, message: str, fields: Mapping[str, tuple[Any, Any, Any]]) -> None:
        super().__init__(message)
        self.fields = fields


class Refused(CrmError):
    """One or more plugins, or the core, refuse a change; all their reasons at once.

    `broken`: a plugin that had to be asked failed, so that the change itself may be in order.
    """

    def __init__(self, reasons: Sequence[str], *, broken: bool = False) -> None:
        super().__init__("\n".join(reasons))
        self.broken = broken
        self.reasons = tuple(reasons)
