"""What became of calling somebody on a list: reached, to be tried again, enough."""

from datetime import datetime, timedelta

from attrs import frozen
from sqlalchemy import func, select

from crmcore.api import InvalidInput, NotFound, NotifyTransaction, PluginReader, Reader, Transaction
from crmcore_callcenter.i18n import _
from crmcore_callcenter.model.agent import MEANS
from crmcore_callcenter.model.outbound import CallingList, ListEntry
from crmcore_callcenter.outbound.taking import CALLING, DONE, EXHAUSTED, HELD, WAITING
from crmcore_callcenter.tables import entry, wrap_code

NOT_REACHED, CALLBACK = "not_reached", "callback"
_ALIKE = {"no_answer": NOT_REACHED, "busy": NOT_REACHED, "voicemail": NOT_REACHED, "done": "reached"}


@frozen(kw_only=True)
class Result:
    """A word for what became of a call: what it means, and after how many days to follow up, if that is said."""

    word: str
    means: str
    follow_days: int | None = None


def result_named(reader: Reader | PluginReader, text: str) -> Result:
    """Return the wrap-up code that a text names, or one of the plain words; raises `NotFound` with those there are."""
    c, word = wrap_code.c, text.strip().casefold().replace("-", "_").replace(" ", "_")
    said = text.strip().lower()
    row = reader.first(
        select(c.code, c.means, c.follow_days)
        .where((func.lower(c.code) == said) | (func.lower(c.name) == said), c.active.is_(True))
        .order_by(c.id)
        .limit(1)
    )
    if row is not None:
        return Result(word=row.code, means=row.means, follow_days=row.follow_days)
    if word in MEANS and word:
        return Result(word=word, means=word)
    if word in _ALIKE:
        return Result(word=word, means=_ALIKE[word])
    codes = [each.code for each in reader.rows(select(c.code).where(c.active.is_(True)).order_by(c.code).limit(100))]
    words = ", ".join([*codes, *(one for one in MEANS if one), *_ALIKE])
    raise NotFound(_("There is no result “{text}”; there are: {names}.").format(text=text, names=words))


def entry_called(tx: Transaction, user_id: int, text: str = "") -> ListEntry:
    """Return the entry with an id, or that which an agent took and has not ended; raises `NotFound`."""
    if text:
        if not (text.isascii() and text.isdigit() and int(text) < 2**63):
            raise NotFound(_("There is no entry “{text}” on a calling list.").format(text=text))
        return tx.get(ListEntry, int(text))
    found = is_calling(tx, user_id)
    if found is None:
        raise NotFound(_("You are calling nobody of a list; `crm callcenter list next` gives you somebody."))
    return tx.get(ListEntry, found)


def is_calling(reader: Reader | PluginReader, user_id: int) -> int | None:
    """Return the entry that an agent took last and has not ended."""
    e = entry.c
    mine = select(e.id).where(e.owner_id == user_id, e.status == CALLING).order_by(e.taken_at.desc()).limit(1)
    found = reader.value(mine)
    return None if found is None else int(found)


def ended_lately(reader: Reader | PluginReader, user_id: int) -> int | None:
    """Return the entry that an agent's last answers ended within the hour, by a script or a wrap-up; None for none."""
    e = entry.c
    lately = (e.owner_id == user_id, e.status == DONE, e.updated_at > reader.now - HELD)
    found = reader.value(select(e.id).where(*lately).order_by(e.updated_at.desc(), e.id.desc()).limit(1))
    return None if found is None else int(found)


def end(
    tx: Transaction | NotifyTransaction,
    one: ListEntry,
    result: Result,
    *,
    user_id: int | None = None,
    again: datetime | None = None,
    call_id: int | None = None,
) -> None:
    """Keep what became of calling somebody: done, to be called `again`, tried again later, or tried often enough.

    A call that was heard to end unanswered counts once, whether the agent says so or not. Raises `InvalidInput` for a
    moment that is over, and for who is done already.
    """
    if one.status == DONE:
        raise InvalidInput(_("{entry} is done already: {result}.").format(entry=one.id, result=one.result))
    if again is not None and again <= tx.now:
        raise InvalidInput(_("--again is over already."))
    of = tx.get(CallingList, one.list_id)
    if one.status == CALLING:
        one.attempts += 1
    one.owner_id, one.call_id = user_id or one.owner_id, call_id or one.call_id
    one.result, one.why, one.next_at = result.word, "", None
    if result.means == CALLBACK and again is None and result.follow_days is not None:
        again = tx.now + timedelta(days=result.follow_days)
    if again is not None or result.means == CALLBACK:
        one.status, one.why = WAITING, _("asked to be called then")
        one.next_at = again or tx.now + timedelta(minutes=of.retry_minutes)
    elif result.means == NOT_REACHED:
        not_reached(of, one, tx.now)
    else:
        one.status = DONE


def not_reached(of: CallingList, one: ListEntry, now: datetime) -> None:
    """Let somebody who was not reached wait for the next try, unless they were tried often enough."""
    if one.attempts >= of.most_attempts:
        one.status, one.why = EXHAUSTED, _("tried {n} times").format(n=one.attempts)
    else:
        one.status, one.next_at = WAITING, now + timedelta(minutes=of.retry_minutes)
