"""Reading a mailbox: some mails at a time, each portion committed before the next; begun again it goes on."""

from collections.abc import Callable
from contextlib import AbstractContextManager

from sqlalchemy import insert, select, update

from crmcore.api import CrmError, PluginReader, Reader, secret, storable
from crmcore.mail import Address, Letter, Position, Raw, mailbox_at, portions, understood, unreadable
from crmcore_marketing.i18n import _
from crmcore_marketing.inbox.people import AnyTransaction
from crmcore_marketing.inbox.taking import Answered, Taken, take
from crmcore_marketing.tables import mailbox

SETTING, PASSWORD = "marketing.mailbox", "marketing.mailbox_password"

Opened = Callable[[], AbstractContextManager[AnyTransaction]]
"""Gives a transaction that is committed at the end of the block."""


def configured(reader: Reader | PluginReader) -> tuple[Address, str] | None:
    """Return the workspace's mailbox and its password; None where none is set."""
    said = str(reader.setting(SETTING))
    if not said:
        return None
    address = mailbox_at(said)
    return address, secret(reader, PASSWORD) if address.locked else ""


def read(
    opened: Opened, address: Address, password: str, *, answered: Answered, is_over: Callable[[], bool] = lambda: False
) -> tuple[Taken, bool]:
    """Read what came into a mailbox since it was read last; return what was taken in, and whether there is more.

    Every mail is taken in exactly once, however often this is killed and begun again: what is known of a mail is
    committed together with how far the mailbox was read. Raises `InvalidInput` where the mailbox cannot be read, which
    is noted beside it.
    """
    total = Taken()
    try:
        with address.opened(password) as place:
            key, position = _known(opened, address.name)
            for portion in portions(place, position, is_over):
                letters = [_letter(one) for one in portion]
                with opened() as tx:
                    _hold(tx, key)
                    taken = take(tx, letters, mailbox_id=key, answered=answered)
                    _note(tx, key, portion[-1].position, taken.read - taken.before)
                total += taken
                place.done(portion)
                if is_over():
                    return total, True
    except CrmError as problem:
        _failed(opened, address.name, str(problem))
        raise
    return total, False


def _letter(one: Raw) -> Letter:
    """Return what a mail is; one that cannot be read at all is kept as such, so that it stops nobody."""
    try:
        return storable(understood(one.content))
    except Exception as problem:  # noqa: BLE001 # anybody may send anything, and the others are to be read
        return unreadable(one.content, _("it could not be read: {problem}").format(problem=type(problem).__name__))


def _known(opened: Opened, name: str) -> tuple[int, Position]:
    """Return the row of a mailbox and how far it was read; it was looked into now."""
    m = mailbox.c
    with opened() as tx:
        row = tx.first(select(m.id, m.position).where(m.name == name))
        if row is not None:
            tx.execute(update(mailbox).where(m.id == row.id).values(looked_at=tx.now, error=""))
            return row.id, row.position
        key = tx.new_id()
        tx.execute(
            insert(mailbox), [{"id": key, "name": name, "position": {}, "looked_at": tx.now, "mails": 0, "error": ""}]
        )
        return key, {}


def _hold(tx: AnyTransaction, key: int) -> None:
    """Let nobody else take in mails of this mailbox until the transaction ends."""
    tx.execute(update(mailbox).where(mailbox.c.id == key).values(looked_at=tx.now))


def _note(tx: AnyTransaction, key: int, position: Position, mails: int) -> None:
    m = mailbox.c
    tx.execute(update(mailbox).where(m.id == key).values(position=dict(position), mails=m.mails + mails))


def _failed(opened: Opened, name: str, problem: str) -> None:
    key, _position = _known(opened, name)
    with opened() as tx:
        tx.execute(update(mailbox).where(mailbox.c.id == key).values(error=problem))
