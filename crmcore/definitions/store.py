"""Where definitions are kept: one row each, read when a workspace is opened or its generation grew."""

from sqlalchemy import Connection

from crmcore.model.definitions import Definitions


def load(connection: Connection) -> Definitions:
    """Return the definitions of a workspace."""
    return Definitions()
