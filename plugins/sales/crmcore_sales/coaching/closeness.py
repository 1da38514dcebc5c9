"""Who looks at a rep's sheet: the rep, their manager, and those who may change everybody's records."""

from typing import Any

from crmcore.api import Denied, Reader, user_named
from crmcore_sales.i18n import _


def rep_seen(reader: Reader, login: str, write: str) -> Any:
    """Return the row of a rep whose sheet the actor may see; `write` is how far the actor's role writes.

    Raises `NotFound` for no such user, and `Denied`.
    """
    row = user_named(reader, login)
    if reader.actor.user_id not in (row.id, row.manager_id) and write != "all":
        raise Denied(_("What {login} and their manager talk about is between them.").format(login=login))
    return row


def must_manage(reader: Reader, rep: Any, write: str) -> None:
    """Raise `Denied` unless the actor is the manager of a rep, or may change everybody's records."""
    if reader.actor.user_id != rep.manager_id and write != "all":
        raise Denied(_("Only a manager holds a one-to-one with {login}.").format(login=rep.login))
