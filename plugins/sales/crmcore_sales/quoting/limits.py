"""How far below the list each rep may go without asking; from a day on, and by rule further for who is accurate."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal

from attrs import frozen
from sqlalchemy import select

from crmcore.api import Denied, NotFound, NotifyTransaction, PluginReader, Reader, Transaction, tables
from crmcore_sales.i18n import _
from crmcore_sales.model.discount import DiscountLimit
from crmcore_sales.quoting.people import ADMINISTRATOR, MANAGER
from crmcore_sales.tables import discount_limit

USUAL, EARNED, ANY = Decimal(5), Decimal(8), Decimal(100)
"""Per cent: what a rep may allow, what one whose forecasts were right may, and a manager."""
QUARTERS = 3
"""So many accurate quarters, one after the other, earn the higher limit."""
_MOST = 5_000


def limits(reader: Reader | PluginReader, user_ids: Iterable[int | None], day: date) -> dict[int, Decimal]:
    """Return how many per cent below the list each user may go on a day. Two statements."""
    wanted = {each for each in user_ids if each is not None}
    user, c = tables.user_account.c, discount_limit.c
    roles = {row.id: row.role for row in reader.rows(select(user.id, user.role).where(user.id.in_(wanted)))}
    dated = reader.rows(
        select(c.user_id, c.percent).where(c.user_id.in_(wanted), c.since <= day).order_by(c.since).limit(_MOST)
    )
    own = {row.user_id: row.percent for row in dated}
    return {key: own.get(key, _of_role(role)) for key, role in roles.items()}


def _of_role(role: str) -> Decimal:
    return ANY if role in (MANAGER, ADMINISTRATOR) else USUAL if role == "rep" else Decimal(0)


@frozen(kw_only=True)
class LimitView:
    """How far a user may go without asking; `since` is empty where nobody set it and the role says so."""

    user_id: int
    login: str
    percent: Decimal
    since: date | None
    reason: str


def listed(reader: Reader, day: date, login: str = "") -> list[LimitView]:
    """Return the limits of active users, or of one, as they are on a day. Two statements."""
    user, c = tables.user_account.c, discount_limit.c
    statement = select(user.id, user.login, user.role).where(user.active.is_(True)).order_by(user.login).limit(_MOST)
    rows = reader.rows(statement.where(user.login == login) if login else statement)
    dated = {
        row.user_id: row
        for row in reader.rows(
            select(discount_limit)
            .where(c.user_id.in_([row.id for row in rows]), c.since <= day)
            .order_by(c.since)
            .limit(_MOST)
        )
    }
    return [
        LimitView(
            user_id=row.id,
            login=row.login,
            percent=dated[row.id].percent if row.id in dated else _of_role(row.role),
            since=dated[row.id].since if row.id in dated else None,
            reason=dated[row.id].reason if row.id in dated else "",
        )
        for row in rows
    ]


def decides(reader: Reader, percent: Decimal, *, floor: bool, day: date) -> bool:
    """Return whether the actor may allow somebody a discount, or a price below the lowest margin."""
    if reader.actor.user_id == 0:
        return True
    own = limits(reader, [reader.actor.user_id], day).get(reader.actor.user_id, Decimal(0))
    return own >= (ANY if floor else percent)


def grant(tx: Transaction, user_id: int, percent: Decimal, since: date, reason: str) -> DiscountLimit:
    """Set a user's limit from a day on; the one of that very day is changed. Raises `Denied` unless the actor may."""
    if not decides(tx, ANY, floor=True, day=since):
        raise Denied(_("Only a manager sets limits of discounts."))
    return _set(tx, user_id, percent, since, reason)


def _set(
    tx: Transaction | NotifyTransaction, user_id: int, percent: Decimal, since: date, reason: str
) -> DiscountLimit:
    if tx.value(select(tables.user_account.c.id).where(tables.user_account.c.id == user_id)) is None:
        raise NotFound(_("There is no user {id}.").format(id=user_id))
    c = discount_limit.c
    same = tx.load(DiscountLimit, c.user_id == user_id, c.since == since)
    record = same[0] if same else tx.add(DiscountLimit(user_id=user_id, percent=percent, since=since))
    record.percent, record.reason, record.granted_id = percent, reason, tx.actor.user_id or None
    return record


def earn(tx: Transaction | NotifyTransaction, accurate: Mapping[int, Sequence[str]], day: date) -> list[DiscountLimit]:
    """Raise the limit of who was accurate in the last quarters, by rule; return the limits that were raised.

    `accurate` are, by user, the quarters in a row, up to the last that is over, whose forecast was right. A limit that
    is as high already stays.
    """
    now = limits(tx, accurate, day)
    return [
        _set(tx, user_id, EARNED, day, _("earned: forecast right in {quarters}").format(quarters=", ".join(quarters)))
        for user_id, quarters in accurate.items()
        if len(quarters) >= QUARTERS and USUAL <= now.get(user_id, ANY) < EARNED
    ]
