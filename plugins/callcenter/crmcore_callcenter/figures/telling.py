"""The figures of calls as a table for people, and as plain values for programs."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import attrs

from crmcore.reports.report import Cell, Column, Report
from crmcore_callcenter.figures.report import Figures, Line
from crmcore_callcenter.i18n import _

_TIMES = (7, 8, 9, 10, 13)
"""The columns of talk, hold, wrap-up, busy and called back."""
_NOT_TOLD = ("answer", "occupied", "key", "talked", "wrapped")


def share(part: int, whole: int) -> float | None:
    """Return a share in per cent, with one decimal; None of nothing."""
    return round(100 * part / whole, 1) if whole else None


def plain(line: Line) -> dict[str, Any]:
    """Return the figures of a line for programs: counts, sums of seconds, and what follows from them.

    Rates are in per cent, means in seconds; None where there is nothing to tell it of.
    """
    told = {name: value for name, value in attrs.asdict(line, recurse=False).items() if name not in _NOT_TOLD}
    return told | {
        "in_time_rate": share(line.in_time, line.offered),
        "abandon_rate": share(line.abandoned, line.offered),
        "answer_mean": line.answer.mean, "answer_median": line.answer.median, "answer_p95": line.answer.p95,
        "talk_mean": _mean(line.talk_seconds, line.talked), "wrap_mean": _mean(line.wrap_seconds, line.wrapped),
        "busy_seconds": line.occupied.busy, "there_seconds": line.occupied.there, "occupancy": line.occupied.share,
        "first_contact_rate": share(line.resolved, line.first_contacts),
        "callback_rate": share(line.callbacks_kept, line.callbacks),
    }  # fmt: skip


def report(found: Figures) -> Report:
    """Return the figures as a table, a plot of the calls, and what one must know to read them."""
    return Report(
        title=_("Calls, {since} – {until}").format(since=found.since, until=found.until),
        columns=(
            Column(_(found.by.replace("-", " "))),
            *(
                Column(name, number=True)
                for name in (
                    _("in"), _("out"), _("answered"), _("in time"), _("answer s"), _("abandoned"), _("talk"),
                    _("hold"), _("wrap-up"), _("busy"), _("transfers"), _("resolved"), _("called back"),
                )
            ),
        ),
        rows=[*(_cells(one, one.name or "–") for one in found.lines), _cells(found.whole, _("all"))],
        bars=[(one.name or "–", Decimal(both)) for one in found.lines if (both := one.calls_in + one.calls_out)],
        notes=(
            _("answer s: mean/median/95th percentile of the seconds until an answer; the rest is hours:minutes."),
            _("Rates are of inbound calls offered; (+n) gave up within {seconds} s and are in no rate.").format(
                seconds=found.short_seconds
            ),
            _("resolved: at first contact, n of them: nobody called again within {days} days.").format(
                days=found.again_days
            ),
        ),
        data={
            "from": found.since, "to": found.until, "by": found.by, "again_days": found.again_days,
            "short_seconds": found.short_seconds, "total": plain(found.whole),
            "lines": [plain(one) for one in found.lines],
        },
    )  # fmt: skip


def parts(told: Report) -> Sequence[Report]:
    """Return the report as two narrower tables for a screen: the calls, then their times, with the plot."""
    calls = [place for place in range(len(told.columns)) if place not in _TIMES]

    def part(title: str, places: Sequence[int]) -> Report:
        return attrs.evolve(
            told, title=title, columns=[told.columns[place] for place in places],
            rows=[[row[place] for place in places] for row in told.rows],
        )  # fmt: skip

    first = attrs.evolve(part(told.title, calls), bars=(), notes=())
    return first, part(_("Time with calls, and callbacks"), [0, *_TIMES])


def _cells(line: Line, name: str) -> Sequence[Cell]:
    answer = line.answer
    return (
        name, line.calls_in, line.calls_out, line.answered, _rate(share(line.in_time, line.offered)),
        f"{answer.mean}/{answer.median}/{answer.p95}" if answer.n else "",
        f"{line.abandoned}{f' (+{line.short_abandons})' if line.short_abandons else ''} "
        f"{_rate(share(line.abandoned, line.offered))}".rstrip(),
        _clock(line.talk_seconds), _clock(line.hold_seconds), _clock(line.wrap_seconds), _rate(line.occupied.share),
        line.transfers, _of(line.resolved, line.first_contacts), _of(line.callbacks_kept, line.callbacks),
    )  # fmt: skip


def _mean(seconds: int, n: int) -> float | None:
    return round(seconds / n, 1) if n else None


def _rate(per_cent: float | None) -> str:
    return "" if per_cent is None else f"{per_cent:.1f}%"


def _of(part: int, whole: int) -> str:
    return f"{_rate(share(part, whole))} (n={whole})" if whole else ""


def _clock(seconds: int) -> str:
    """Return seconds as hours and minutes, rounded to the minute."""
    minutes = (seconds + 30) // 60
    return f"{minutes // 60}:{minutes % 60:02}" if seconds else ""
