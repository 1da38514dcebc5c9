"""Our own people: listed, added, edited."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from attrs import frozen
from sqlalchemy import Select, select, tuple_

from crmcore.directory.finding import logins, user_named
from crmcore.directory.versions import assign, take
from crmcore.engine.reader import Reader
from crmcore.engine.tables import user_account
from crmcore.engine.transaction import Transaction
from crmcore.errors import InvalidInput, NotFound
from crmcore.i18n import _
from crmcore.model.user import ROLES, User


@frozen(kw_only=True)
class UserView:
    """A user as listed."""

    id: int
    login: str
    name: str
    email: str
    phone: str
    department: str
    team: str
    manager_id: int | None
    manager: str
    role: str
    skills: list[str]
    zone: str
    language: str
    active: bool
    version: int
    created_at: datetime
    updated_at: datetime


def page(
    reader: Reader, *, limit: int, after: int | None = None, role: str = "", team: str = "", everyone: bool = False
) -> list[UserView]:
    """Return users in the order of their logins; who left only when `everyone` is asked for."""
    c = user_account.c
    statement = select(user_account).order_by(c.login, c.id).limit(limit)
    if not everyone:
        statement = statement.where(c.active.is_(True))
    for column, value in ((c.role, role), (c.team, team)):
        if value:
            statement = statement.where(column == value)
    if after is not None:
        login = reader.value(select(c.login).where(c.id == after))
        if login is None:
            raise NotFound(_("There is no user {id}.").format(id=after))
        statement = statement.where(tuple_(c.login, c.id) > tuple_(login, after))
    return views(reader, statement)


def one(reader: Reader, login: str) -> UserView:
    """Return the user with that login, active or not; raises `NotFound`."""
    found = views(reader, select(user_account).where(user_account.c.login == login))
    if not found:
        raise NotFound(_("There is no user “{login}”.").format(login=login))
    return found[0]


def views(reader: Reader, statement: Select[Any]) -> list[UserView]:
    """Return the users a statement selects: two queries."""
    rows = reader.rows(statement)
    managers = logins(reader, (row.manager_id for row in rows))
    return [UserView(**row._mapping, manager=managers.get(row.manager_id, "")) for row in rows]


def add(tx: Transaction, login: str, fields: Mapping[str, Any]) -> User:
    """Add a user; raises `InvalidInput` for a login that is taken, by somebody who left included."""
    if tx.first(select(user_account.c.id).where(user_account.c.login == login.strip())) is not None:
        raise InvalidInput(_("There is a user “{login}” already.").format(login=login.strip()))
    _check_role(tx, fields)
    return tx.add(User(login=login.strip(), **fields))


def _check_role(tx: Transaction, fields: Mapping[str, Any]) -> None:
    """Raise `InvalidInput` for a role that is neither one of ours nor defined by the workspace."""
    roles = [*ROLES, *(one.name for one in tx.definitions.roles if one.name not in ROLES)]
    if fields.get("role", ROLES[0]) not in roles:
        raise InvalidInput(
            _("There is no role “{role}”; possible: {roles}.").format(role=fields["role"], roles=", ".join(roles))
        )


def edit(tx: Transaction, login: str, wanted: Mapping[str, Any], *, version: int | None = None) -> User:
    """Edit a user that was read at `version`.

    Raises `InvalidInput` when nothing is asked, and when nobody would be left to administer the workspace.
    """
    if not wanted:
        raise InvalidInput(_("Say what to change."))
    _check_role(tx, wanted)
    record = take(tx, User, user_named(tx, login).id)
    if record.role == "admin" and wanted.get("role", "admin") != "admin":
        keep_an_admin(tx, record)
    assign(tx, record, wanted, version)
    return record


def keep_an_admin(tx: Transaction, leaving: User) -> None:
    """Raise `InvalidInput` when `leaving` is the last active administrator."""
    c = user_account.c
    if tx.first(select(c.id).where(c.role == "admin", c.active.is_(True), c.id != leaving.id)) is None:
        raise InvalidInput(
            _("{login} is the only administrator; make somebody else one first.").format(login=leaving.login)
        )
