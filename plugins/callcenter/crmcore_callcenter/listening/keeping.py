"""Taking what was heard into the workspace: in small transactions, and again while the database refuses."""

from collections.abc import Callable, Sequence
from time import monotonic, sleep

from attrs import define, field
from sqlalchemy import exists, select
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from crmcore.api import App, Transaction
from crmcore_callcenter.calls.taking import take
from crmcore_callcenter.i18n import _
from crmcore_callcenter.listening.delays import Delays
from crmcore_callcenter.listening.ear import Alive, Got, Spec
from crmcore_callcenter.listening.holding import Figures, renew, tell
from crmcore_callcenter.protocol.events import AgentEvent, CallEvent, Heard
from crmcore_callcenter.tables import call, call_key
from crmcore_callcenter.tables import heard as kept

_LATER = (OperationalError, InterfaceError, PoolTimeout)
"""What a database says that is away, locked or busy: the same will do well later."""
_TRIES = 3
_LONGEST_WAIT = 5.0
_MOST_OPEN = 10_000
_FRESH = 120.0
"""Seconds in which a call that we place may not be known to the telephone system yet."""


@define(kw_only=True, eq=False)
class Keeper:
    """Takes in what is heard of one line. `over` says whether to give up where the database refuses."""

    app: App
    spec: Spec
    say: Callable[[str], None]
    over: Callable[[], bool]
    delays: Delays = field(factory=Delays)
    events: int = 0
    cuts: int = 0
    lost: int = 0

    def figures(self) -> Figures:
        """Return what was heard, and how fast."""
        p50, p95, most = (round(each * 1000) for each in (self.delays.at(0.5), self.delays.at(0.95), self.delays.most))
        return Figures(events=self.events, cuts=self.cuts, p50_ms=p50, p95_ms=p95, most_ms=most)

    def keep(self, got: Sequence[Got]) -> bool:
        """Take events in; returns False where the line is another process' now, or the time is over."""
        found = [each for one in got for each in one.events]
        held = self._take(heards(found), [each for each in found if isinstance(each, AgentEvent)])
        done = monotonic()
        self.events += len(found)
        for one in got:
            for _each in one.events:
                self.delays.note(done - one.received)
        return held

    def end_gone(self, alive: Alive) -> bool:
        """End the calls that are under way here, but not in the telephone system any more: nobody knows when and why.

        So calls end whose end was not heard, as while nobody listened.
        """
        try:
            return self._again(lambda tx: self._end_gone(tx, alive))
        except _LATER:
            raise
        except Exception as error:  # noqa: BLE001 # what cannot be ended keeps nothing from being heard
            said = _("{line}: calls that are over cannot be ended: {why}")
            self.say(said.format(line=self.spec.name, why=f"{type(error).__name__}: {error}"))
            return True

    def tell(self, state: str, said: str) -> None:
        """Say how listening goes."""
        self._again(lambda tx: tell(tx, self.spec.id, state, said))

    def _take(self, calls: Sequence[Heard], agents: Sequence[AgentEvent]) -> bool:
        """Take calls in; where they cannot be taken together, apart, so that one keeps no other from it."""
        if not calls and not agents:
            return self._again(lambda _tx: None)
        try:
            return self._again(lambda tx: _taken(tx, calls, agents))
        except _LATER:
            raise
        except Exception as error:  # noqa: BLE001 # one call that cannot be taken is told, and the others go on
            if len(calls) + len(agents) > 1:
                apart = [self._take([one], ()) for one in calls] + [self._take((), [one]) for one in agents]
                return all(apart)
            self.lost += 1
            name = calls[0].events[0].call if calls else agents[0].agent
            said = _("{line}: what was heard of {call} cannot be taken in: {why}")
            self.say(said.format(line=self.spec.name, call=name, why=f"{type(error).__name__}: {error}"))
            return True

    def _again(self, work: Callable[[Transaction], None]) -> bool:
        """Do work in a transaction, as often as the database refuses for a while; a few times where it fails."""
        tries, wait, told = 0, 0.1, False
        while True:
            try:
                with self.app.transaction(cause=f"listening to {self.spec.name}") as tx:
                    work(tx)
                    return renew(tx, self.spec.id, self.figures(), heard_at=tx.now)
            except _LATER as error:
                if self.over():
                    raise
                if not told:
                    told = True
                    said = _("The database refuses; what is heard is kept until it does not: {why}")
                    self.say(said.format(why=str(error).splitlines()[0]))
                sleep(wait)
                wait = min(2 * wait, _LONGEST_WAIT)
            except Exception:
                tries += 1
                if tries == _TRIES:
                    raise

    def _end_gone(self, tx: Transaction, alive: Alive) -> None:
        c, k = call.c, call_key.c
        ours = exists().where(kept.c.call_id == c.id, kept.c.source == self.spec.kind)
        under_way = (
            select(c.id, c.external_id, c.started_at, ours.label("heard"))
            .where(c.ended_at.is_(None), c.system == self.spec.system)
            .order_by(c.id)
            .limit(_MOST_OPEN)
        )
        found = [row for row in tx.rows(under_way) if row.heard or (tx.now - row.started_at).total_seconds() > _FRESH]
        if not found:
            return
        keys = select(k.call_id, k.value).where(k.system == self.spec.system, k.call_id.in_([row.id for row in found]))
        here = {row.call_id for row in tx.rows(keys) if row.value in alive.ids}
        gone = [row.external_id for row in found if row.id not in here and row.external_id not in alive.ids]
        if gone:
            take(tx, [Heard(events=(self._gone(each),)) for each in gone])

    def _gone(self, key: str) -> CallEvent:
        return CallEvent(
            system=self.spec.system, source=self.spec.kind, call=key, kind="hangup", key=f"gone {key}", reason="unknown"
        )


def _taken(tx: Transaction, calls: Sequence[Heard], agents: Sequence[AgentEvent]) -> None:
    """Take calls in, but those of which only the end was ever heard: nobody was called in them."""
    ends = {one.events[0].call for one in calls if all(each.kind == "hangup" for each in one.events)}
    k = call_key.c
    known = {row.value for row in tx.rows(select(k.value).where(k.value.in_(ends)))} if ends else set()
    take(tx, [one for one in calls if one.events[0].call not in ends - known], agents)


def heards(events: Sequence[CallEvent | AgentEvent]) -> list[Heard]:
    """Return the events of calls, those of each together in their order; calls in the order they were heard first."""
    calls: dict[str, list[CallEvent]] = {}
    for one in events:
        if isinstance(one, CallEvent):
            calls.setdefault(one.call, []).append(one)
    return [Heard(events=tuple(each)) for each in calls.values()]
