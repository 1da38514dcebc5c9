"""What can go wrong, as exceptions whose text is one sentence a user can act on."""


class CrmError(Exception):
    """Base of every refusal; the command line prints its text and exits with code 1."""


class NotFound(CrmError):
    """A record, file, plugin or setting that was named does not exist."""


class InvalidInput(CrmError):
    """A value cannot be accepted; the text names the field, and the file and line where there is one."""


class Denied(CrmError):
    """The actor's role does not allow this."""
