"""Listening to all lines, or some: an ear for each, one who takes in what they hear, until told to end."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from queue import Empty, Queue
from threading import Event as Flag
from time import monotonic

from attrs import define, field
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from crmcore.api import App, InvalidInput, Refused, Transaction
from crmcore_callcenter.i18n import _
from crmcore_callcenter.listening import holding
from crmcore_callcenter.listening.ear import Alive, Ear, Got, News, Spec, Stand
from crmcore_callcenter.listening.holding import Figures
from crmcore_callcenter.listening.keeping import Keeper
from crmcore_callcenter.listening.lines import POST
from crmcore_callcenter.listening.pace import Pace
from crmcore_callcenter.listening.views import LISTENING
from crmcore_callcenter.tables import line

PLUGIN = "callcenter"
MOST = 200
"""Events that are taken in one transaction, or a few more."""
_WAITING = 2_000
"""Pieces of a stream, of at most 64 KB each, that wait for the database; then the telephone systems wait for us."""
_ENDING = 15.0
"""Seconds in which what was heard is still taken in after the end."""


@define(kw_only=True, eq=False)
class _Line:
    """A line that this process listens to."""

    ear: Ear
    keeper: Keeper
    said: tuple[str, str] = ("", "")


@define(kw_only=True, eq=False)
class Listener:
    """Listens to the lines with these ids, or to all that are active, one `run` long; `say` is told what happens."""

    app: App
    only: Sequence[int] = ()
    say: Callable[[str], None]
    stop: Flag = field(factory=Flag)
    pace: Pace = field(factory=Pace)
    _news: "Queue[News]" = field(factory=lambda: Queue(_WAITING))
    _lines: dict[int, _Line] = field(factory=dict)
    _others: dict[int, str] = field(factory=dict)
    _figures: dict[str, Figures] = field(factory=dict)
    _ends: float = float("inf")
    _patience: float = float("inf")
    _in_hand: int = 0

    def run(self, seconds: float = float("inf")) -> dict[str, Figures]:
        """Listen until `stop` is set, or for so long; return by the line's name what was heard, and how fast.

        Raises `Refused` where the plugin was disabled meanwhile, `InvalidInput` where there is no line to listen to.
        """
        self._ends = monotonic() + seconds
        with self.app.read() as reader:
            ahead = reader.now - datetime.now(UTC)  # of the machine's clock, as in tests
        next_look = 0.0
        try:
            while not self._is_over():
                if monotonic() >= next_look:
                    self._look(lambda: datetime.now(UTC) + ahead)
                    next_look = monotonic() + self.pace.renew
                self._take(self._gathered())
        finally:
            self._end()
        return self._figures

    def _is_over(self) -> bool:
        return self.stop.is_set() or monotonic() >= self._ends

    def _gave_up(self) -> bool:
        """Whether to wait no longer for a database that refuses: only when we are to end."""
        if self._is_over():
            self._patience = min(self._patience, monotonic() + _ENDING)
        return monotonic() >= self._patience

    def _look(self, clock: Callable[[], datetime]) -> None:
        """Take up lines that are new, changed or nobody's any more; give a sign of life for those we have."""
        try:
            with self.app.transaction(cause="listening") as tx:
                if not self.app.dispatcher.is_enabled(PLUGIN):
                    raise Refused([_("The plugin callcenter does not run in this workspace any more.")])
                specs = self._specs(tx)
                taken = {one.id: self._held(tx, one) for one in specs}
        except DBAPIError as error:
            self.say(_("The database refuses: {why}").format(why=str(error).splitlines()[0]))
            return
        if not specs and not self._lines:
            raise InvalidInput(_("There is no telephone line to listen to; `crm callcenter line add` adds one."))
        for key in set(self._lines) - {one.id for one in specs if taken[one.id] == ""}:
            self._leave(key)
        for one in specs:
            if taken[one.id]:
                self._tell_of_other(one, taken[one.id])
            elif one.id not in self._lines or self._lines[one.id].ear.spec != one:
                self._leave(one.id)
                self._listen(one, clock)

    def _specs(self, tx: Transaction) -> list[Spec]:
        c = line.c
        statement = (
            select(c.id, c.name, c.kind, c.address, c.login, c.password, c.system)
            .where(c.active.is_(True), c.kind != POST)
            .order_by(c.id)
            .limit(1_000)
        )
        if self.only:
            statement = statement.where(c.id.in_(self.only))
        return [Spec(**row._mapping) for row in tx.rows(statement)]

    def _held(self, tx: Transaction, spec: Spec) -> str:
        """Renew or take up a line; return "" or who else has it."""
        mine = self._lines.get(spec.id)
        if mine and holding.renew(tx, spec.id, mine.keeper.figures(), heard_at=mine.ear.heard_at):
            return ""
        return holding.take(tx, spec.id)

    def _tell_of_other(self, spec: Spec, holder: str) -> None:
        if self._others.get(spec.id) != holder:
            self._others[spec.id] = holder
            self.say(_("{holder} listens to {line}; we take over when it ends.").format(holder=holder, line=spec.name))

    def _listen(self, spec: Spec, clock: Callable[[], datetime]) -> None:
        keeper = Keeper(app=self.app, spec=spec, say=self.say, over=self._gave_up)
        ear = Ear(spec=spec, news=self._news, pace=self.pace, clock=clock)
        self._others.pop(spec.id, None)
        self._lines[spec.id] = _Line(ear=ear, keeper=keeper)
        ear.start()

    def _leave(self, key: int) -> None:
        """Listen no more to a line that is gone, changed, or another process'; what was heard is taken in."""
        gone = self._lines.get(key)
        if gone is None:
            return
        gone.ear.stop.set()
        while gone.ear.is_alive:
            self._take(self._gathered())
        left = self._news.qsize()  # others go on
        while left > 0 and (news := self._gathered()):
            self._take(news)
            left -= len(news)
        self._figures[gone.ear.spec.name] = gone.keeper.figures()
        del self._lines[key]

    def _gathered(self) -> list[News]:
        """Return what was heard within a short while; waits for the first of it no longer than for one look."""
        found: list[News] = []
        count, until = 0, monotonic() + self.pace.gather
        while count < MOST and (left := until - monotonic()) > 0:
            try:
                one = self._news.get(timeout=left)
            except Empty:
                break
            found.append(one)
            count += len(one.events) if isinstance(one, Got) else 1
        return found

    def _take(self, news: Sequence[News]) -> None:
        """Take in what was heard, that of each line in its order."""
        for key in dict.fromkeys(one.line_id for one in news):
            mine = self._lines.get(key)
            if mine is not None:
                self._take_of(mine, [one for one in news if one.line_id == key])

    def _take_of(self, mine: _Line, news: Sequence[News]) -> None:
        got: list[Got] = []
        for one in news:
            if isinstance(one, Got):
                got.append(one)
                continue
            self._keep(mine, got)
            got = []
            if isinstance(one, Alive):
                mine.keeper.end_gone(one)
            else:
                self._stand(mine, one)
        self._keep(mine, got)

    def _keep(self, mine: _Line, got: Sequence[Got]) -> None:
        self._in_hand = sum(len(one.events) for one in got)
        if got:
            mine.keeper.keep(got)
        self._in_hand = 0

    def _stand(self, mine: _Line, stand: Stand) -> None:
        """Say how it goes with a line from now on: once, however often it is tried."""
        mine.keeper.cuts += stand.cut and mine.said[0] == LISTENING
        if mine.said == (stand.state, stand.said):
            return
        mine.said = stand.state, stand.said
        name = mine.ear.spec.name
        if stand.state == LISTENING:
            self.say(_("{line}: listening. {said}").format(line=name, said=stand.said).rstrip())
        else:
            self.say(_("{line}: {why} (it is tried again)").format(line=name, why=stand.said))
        mine.keeper.tell(stand.state, stand.said)

    def _end(self) -> None:
        """End the ears, take in what they heard, and let the lines go."""
        self._patience = min(self._patience, monotonic() + _ENDING)
        for one in self._lines.values():
            one.ear.stop.set()
        keys = list(self._lines)
        try:
            for key in keys:
                self._leave(key)
            with self.app.transaction(cause="listening") as tx:
                for key in keys:
                    holding.let_go(tx, key)
        except DBAPIError as error:
            left = self._in_hand + sum(len(one.events) for one in self._news.queue if isinstance(one, Got))
            said = _("The database refuses; what was heard last, {n} events, is not kept: {why}")
            self.say(said.format(n=left, why=str(error).splitlines()[0]))
