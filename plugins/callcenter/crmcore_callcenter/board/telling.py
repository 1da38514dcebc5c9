"""The board as lines of text."""

from datetime import datetime, tzinfo

from crmcore_callcenter.board.layout import Column, Line, cut, table
from crmcore_callcenter.board.standing import Board
from crmcore_callcenter.i18n import _

_BUSY = ("ringing", "talking", "wrapping", "available", "paused", "offline", "")
"""In which order agents are shown."""


def lines(board: Board, width: int, zone: tzinfo) -> list[Line]:
    """Return the board in lines that are `width` cells wide at most: queues, calls, agents, callbacks.

    What goes on now comes first: a low window shows the first lines. The queues say how many callbacks are late.
    """
    title = _("Call centre, {at}").format(at=board.at.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S"))
    told = [Line(text=cut(title, width), style="bold"), Line(), *_queues(board, width)]
    for part in (_calls(board, width), _agents(board, width), _callbacks(board, width, zone)):
        if part:
            told += [Line(), *part]
    return [Line(text=cut(one.text, width), style=one.style) for one in told]


def shown(told: list[Line], height: int) -> list[Line]:
    """Return as many lines as there is room for; the last says how many are left out."""
    if len(told) <= height:
        return told
    left = len(told) - height + 1
    return [*told[: height - 1], Line(text=_("… {n} more lines; make the window higher.").format(n=left))]


def _queues(board: Board, width: int) -> list[Line]:
    columns = [
        Column(name=_("queue")), *(
            Column(name=name, number=True)
            for name in (
                _("waiting"), _("longest"), _("answered"), _("in time"), _("abandoned"), _("to call back"),
            )
        ),
    ]  # fmt: skip
    rows = [
        (
            one.name or _("no queue"), str(one.waiting), clock(one.longest), str(one.answered),
            percent(one.in_time_rate), _of(one.abandoned, one.abandon_rate), str(one.overdue),
        )
        for one in board.queues
    ]  # fmt: skip
    if not rows:
        return [Line(text=_("There is no queue yet: crm callcenter queue add."))]
    return table(columns, rows, width, [one.late for one in board.queues])


def _callbacks(board: Board, width: int, zone: tzinfo) -> list[Line]:
    columns = [
        Column(name=_("callback was due"), number=True), Column(name=_("whom")), Column(name=_("phone")),
        Column(name=_("queue")), Column(name=_("gave up"), number=True), Column(name=_("owner")),
    ]  # fmt: skip
    rows = [
        (
            _moment(one.due_at, board.at, zone),
            one.contact.name if one.contact else one.customer.name if one.customer else "", one.number,
            one.queue.name if one.queue else "", f"{one.attempts}×", one.owner,
        )
        for one in board.callbacks
    ]  # fmt: skip
    if not rows:
        return []
    more = board.overdue - len(rows)
    rest = [Line(text=_("… and {n} more callbacks that are late.").format(n=more))] if more > 0 else []
    return [*table(columns, rows, width, [True] * len(rows)), *rest]


def _calls(board: Board, width: int) -> list[Line]:
    columns = [
        Column(name=_("call"), number=True), Column(name=_("state")), Column(name=_("whom")),
        Column(name=_("phone")), Column(name=_("queue")), Column(name=_("agents")),
    ]  # fmt: skip
    rows = [
        (
            clock(one.seconds), f"{_(one.direction)} {_(one.status)}".strip(), one.party,
            one.number if one.number != one.party else "", one.queue, ", ".join(one.agents),
        )
        for one in board.calls
    ]  # fmt: skip
    return table(columns, rows, width) if rows else []


def _agents(board: Board, width: int) -> list[Line]:
    columns = [
        Column(name=_("agent")), Column(name=_("state")), Column(name=_("since"), number=True),
        Column(name=_("with")),
    ]  # fmt: skip
    ordered = sorted(board.agents, key=lambda one: (_BUSY.index(one.state), one.name))
    rows = [
        (one.name, _(one.state) if one.state else "–", clock(one.seconds), one.with_whom or one.reason)
        for one in ordered
    ]
    return table(columns, rows, width) if rows else []


def clock(seconds: int | None) -> str:
    """Return a duration: 1:05, 1:00:05; nothing for None."""
    if seconds is None:
        return ""
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def percent(rate: float | None) -> str:
    """Return a share in whole per cent; nothing for None."""
    return "" if rate is None else f"{rate:.0f}%"


def _of(n: int, rate: float | None) -> str:
    return f"{n}" if rate is None else f"{n} ({percent(rate)})"


def _moment(at: datetime, now: datetime, zone: tzinfo) -> str:
    """Return the time of an instant of today, else with its day."""
    local = at.astimezone(zone)
    return local.strftime("%H:%M" if local.date() == now.astimezone(zone).date() else "%m-%d %H:%M")
