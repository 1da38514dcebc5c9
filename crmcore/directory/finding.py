"""Finding one record by what a person types: an id, a name, an e-mail address, a login."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Table, select

from crmcore.engine.borrowed import PluginReader
from crmcore.engine.reader import Reader
from crmcore.engine.tables import contact, contact_point, user_account
from crmcore.errors import InvalidInput, NotFound
from crmcore.i18n import _
from crmcore.model.names import name_key
from crmcore.model.points import normalise

_SHOWN = 10


def party_id(reader: Reader, table: Table, text: str) -> int:
    """Return the id of the customer or contact that `text` names: its id, its name in any order, or an e-mail address.

    Raises `NotFound` for none, and `InvalidInput` with the candidates for several.
    """
    found = matching(reader, table, text)
    if not found:
        raise NotFound(_("There is no {entity} “{text}”.").format(entity=_(table.name), text=text))
    if len(found) > 1:
        listed = ", ".join(f"{key} {name}" for key, name in found.items())
        raise InvalidInput(_("“{text}” may be one of several: {listed}. Give the id.").format(text=text, listed=listed))
    return next(iter(found))


def matching(reader: Reader, table: Table, text: str) -> Mapping[int, str]:
    """Return the names, by id, of the customers or contacts that `text` may mean; an id means one record only."""
    columns = select(table.c.id, table.c.name).order_by(table.c.id).limit(_SHOWN)
    if text.isascii() and text.isdigit() and len(text) < 19:
        by_id = reader.rows(columns.where(table.c.id == int(text)))
        if by_id:
            return {row.id: row.name for row in by_id}
    alive = columns.where(table.c.merged_into_id.is_(None))
    if "@" in text:
        party = contact_point.c.contact_id if table is contact else contact_point.c.customer_id
        reached = select(party).where(contact_point.c.normal == normalise("email", text), party.is_not(None))
        return {row.id: row.name for row in reader.rows(alive.where(table.c.id.in_(reached)))}
    key = name_key(text)
    rows = reader.rows(alive.where(table.c.name_key == key)) if key else ()
    exact = [row for row in rows if row.name == text]
    return {row.id: row.name for row in (exact if len(exact) == 1 else rows)}


def logins(reader: Reader | PluginReader, ids: Iterable[int | None]) -> dict[int, str]:
    """Return the logins of users by id."""
    wanted = {each for each in ids if each is not None}
    rows = reader.rows(select(user_account.c.id, user_account.c.login).where(user_account.c.id.in_(wanted)))
    return {row.id: row.login for row in rows}


def names(reader: Reader | PluginReader, table: Table, ids: Iterable[int | None]) -> dict[int, str]:
    """Return the names of the customers or contacts, by id, that the actor may see."""
    wanted = {each for each in ids if each is not None}
    return {row.id: row.name for row in reader.rows(select(table.c.id, table.c.name).where(table.c.id.in_(wanted)))}


def user_named(reader: Reader, login: str) -> Any:
    """Return the row of the user with that login; raises `NotFound`."""
    row = reader.first(select(user_account).where(user_account.c.login == login))
    if row is None:
        raise NotFound(_("There is no user “{login}”.").format(login=login))
    return row


def owner_named(reader: Reader, login: str) -> int:
    """Return the id of an active user; raises `NotFound`, or `InvalidInput` for one who left."""
    row = user_named(reader, login)
    if not row.active:
        raise InvalidInput(_("{login} is deactivated and owns nothing new.").format(login=login))
    return int(row.id)
