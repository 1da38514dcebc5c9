"""One process listens to a line at a time: a row that it renews, and that another takes over when it is gone."""

from datetime import UTC, datetime

from attrs import frozen
from sqlalchemy import ColumnElement, insert, select, update

from crmcore.api import Transaction, is_alive, own_name
from crmcore_callcenter.listening.views import STOPPED, TRYING
from crmcore_callcenter.tables import hearing


@frozen(kw_only=True)
class Figures:
    """What was heard of a line, and how long it took from what was received to its commit, in milliseconds."""

    events: int = 0
    cuts: int = 0
    p50_ms: int = 0
    p95_ms: int = 0
    most_ms: int = 0


def take(tx: Transaction, line_id: int) -> str:
    """Take a line up to listen to it; return "" or else who listens to it now. Liveness is told by the machine's clock.

    Of two who take it at the same moment one has it: the second finds the row changed.
    """
    h, me, now = hearing.c, own_name(), datetime.now(UTC)
    row = tx.first(select(h.id, h.holder, h.at).where(h.line_id == line_id))
    held = {"holder": me, "at": now, "since": tx.now, "state": TRYING, "said": ""}
    if row is None:
        empty = {"heard_at": None, "events": 0, "cuts": 0, "p50_ms": 0, "p95_ms": 0, "most_ms": 0}
        tx.execute(insert(hearing).values(id=tx.new_id(), line_id=line_id, **held, **empty))
        return ""
    if row.holder not in ("", me) and is_alive(row.holder, row.at):
        return str(row.holder)
    same = (h.id == row.id, h.holder == row.holder, h.at == row.at)
    return "" if tx.execute(update(hearing).where(*same).values(**held)).rowcount else str(row.holder)


def renew(tx: Transaction, line_id: int, figures: Figures, *, heard_at: datetime | None = None) -> bool:
    """Give a sign of life, and say what was heard; False where another process listens now: take nothing then.

    In the transaction that takes events this keeps one that was thought dead from taking what another has.
    """
    values = {
        "at": datetime.now(UTC), "events": figures.events, "cuts": figures.cuts, "p50_ms": figures.p50_ms,
        "p95_ms": figures.p95_ms, "most_ms": figures.most_ms, **({"heard_at": heard_at} if heard_at else {}),
    }  # fmt: skip
    return bool(tx.execute(update(hearing).where(*_mine(line_id)).values(**values)).rowcount)


def tell(tx: Transaction, line_id: int, state: str, said: str) -> None:
    """Say how listening goes, and why; the beginning of a state is kept while it lasts."""
    h = hearing.c
    changed = (*_mine(line_id), (h.state != state) | (h.said != said))
    tx.execute(update(hearing).where(*changed).values(state=state, said=said[:500], since=tx.now))


def let_go(tx: Transaction, line_id: int) -> None:
    """Say that nobody listens any more."""
    tx.execute(update(hearing).where(*_mine(line_id)).values(holder="", state=STOPPED, said="", since=tx.now))


def _mine(line_id: int) -> tuple[ColumnElement[bool], ...]:
    return hearing.c.line_id == line_id, hearing.c.holder == own_name()
