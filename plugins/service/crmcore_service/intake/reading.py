"""Reading mailboxes: some mails at a time, each portion committed before the next; begun again it goes on."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import datetime, time
from typing import Any

from attrs import frozen
from sqlalchemy import func, insert, select, update
from sqlalchemy.exc import DataError

from crmcore.api import (
    CrmError,
    Denied,
    InvalidInput,
    NotFound,
    PluginReader,
    Reader,
    Refused,
    here,
    secret_at,
    storable,
)
from crmcore.mail import Address, Position, Raw, mailbox_at, portions, understood, unreadable
from crmcore_service.assets.parties import AnyTransaction
from crmcore_service.i18n import _
from crmcore_service.intake.taking import Arrival, Box, Taken, list_only, take
from crmcore_service.tables import mailbox, reading

Opened = Callable[[], AbstractContextManager[AnyTransaction]]
"""Gives a transaction that is committed at the end of the block."""
_OF_THE_MAIL = (InvalidInput, NotFound, Denied, Refused, ValueError, TypeError, LookupError, AttributeError, DataError)
"""What a mail itself can lead to; whatever else goes wrong is not its fault, and it is read again."""


@frozen(kw_only=True)
class Source:
    """A mailbox to be read: what is kept of it, where it lies, and where its password is."""

    box: Box
    address: str
    password: str = ""

    @property
    def opened(self) -> Address:
        """Where it lies; raises `InvalidInput` for what is no mailbox, or is not there."""
        return mailbox_at(self.address)


def sources(reader: Reader | PluginReader, name: str = "") -> list[Source]:
    """Return the mailboxes that are read, or the one of a name, by name: one statement."""
    m = mailbox.c
    wanted = select(m.id, m.name, m.address, m.password, m.queue_id, m.since).order_by(m.name)
    wanted = wanted.where(m.name == name) if name else wanted.where(m.active)
    zone = here(reader).zone
    return [
        Source(
            box=Box(
                id=row.id, name=row.name, queue_id=row.queue_id,
                since=row.since and datetime.combine(row.since, time(), tzinfo=zone),
            ),
            address=row.address, password=row.password,
        )
        for row in reader.rows(wanted)
    ]  # fmt: skip


def read(opened: Opened, source: Source, *, is_over: Callable[[], bool] = lambda: False) -> tuple[Taken, bool]:
    """Read what came into a mailbox since it was read last; return what was taken in, and whether there is more.

    Every mail is taken in exactly once, however often this is killed and begun again: what became of a mail is
    committed together with how far the mailbox was read. Raises `CrmError` where the mailbox cannot be read, which is
    noted beside it.
    """
    total = Taken()
    try:
        address = source.opened
        with address.opened(secret_at(source.password, source.box.name) if address.locked else "") as place:
            position = _known(opened, source.box)
            for portion in portions(place, position, is_over):
                total += _taken(opened, portion, source.box)
                place.done(portion)
                if is_over():
                    return total, True
    except CrmError as problem:
        _failed(opened, source.box, str(problem))
        raise
    return total, False


def _taken(opened: Opened, portion: Sequence[Raw], box: Box) -> Taken:
    """Take in a portion, in one transaction; where a mail of it cannot be, each in its own, and that one is listed."""
    arrivals = [_arrival(one) for one in portion]
    try:
        with opened() as tx:
            _hold(tx)
            return _noted(tx, take(tx, arrivals, box), portion[-1].position, box)
    except _OF_THE_MAIL:
        return sum(_one_by_one(opened, portion, arrivals, box), Taken())


def _one_by_one(opened: Opened, portion: Sequence[Raw], arrivals: Sequence[Arrival], box: Box) -> Iterator[Taken]:
    for raw, one in zip(portion, arrivals, strict=True):
        try:
            with opened() as tx:
                _hold(tx)
                taken = _noted(tx, take(tx, [one], box), raw.position, box)
        except _OF_THE_MAIL as problem:
            why = str(problem) if isinstance(problem, CrmError) else type(problem).__name__
            with opened() as tx:
                _hold(tx)
                found = list_only(tx, one, box, _("it could not be taken in: {problem}").format(problem=why))
                taken = _noted(tx, Taken(read=1, kinds={found.kind: 1}), raw.position, box)
        yield taken


def _arrival(one: Raw) -> Arrival:
    """Return what a mail is; one that cannot be read at all is kept as such, so that it stops nobody."""
    try:
        letter = storable(understood(one.content))
    except Exception as problem:  # noqa: BLE001 # anybody may send anything, and the others are to be read
        why = _("it could not be read: {problem}").format(problem=type(problem).__name__)
        letter = unreadable(one.content, why)
    return Arrival(key=one.key, raw=one.content, letter=letter)


def _known(opened: Opened, box: Box) -> Position:
    """Return how far a mailbox was read; it was looked into now."""
    r = reading.c
    with opened() as tx:
        row = tx.first(select(r.position).where(r.mailbox_id == box.id))
        if row is not None:
            tx.execute(update(reading).where(r.mailbox_id == box.id).values(looked_at=tx.now, error=""))
            found: Position = row.position
            return found
        values: dict[str, Any] = {"mailbox_id": box.id, "position": {}, "looked_at": tx.now, "mails": 0, "error": ""}
        tx.execute(insert(reading), [values])
        return {}


def _hold(tx: AnyTransaction) -> None:
    """Let nobody else take in mails until the transaction ends: the same mail may lie in two mailboxes."""
    r = reading.c
    first = tx.value(select(func.min(r.mailbox_id)))
    tx.execute(update(reading).where(r.mailbox_id == first).values(mails=r.mails))


def _noted(tx: AnyTransaction, taken: Taken, position: Position, box: Box) -> Taken:
    r = reading.c
    new = r.mails + taken.read - taken.before
    tx.execute(update(reading).where(r.mailbox_id == box.id).values(position=dict(position), mails=new))
    return taken


def _failed(opened: Opened, box: Box, problem: str) -> None:
    _known(opened, box)
    with opened() as tx:
        tx.execute(update(reading).where(reading.c.mailbox_id == box.id).values(error=problem))
