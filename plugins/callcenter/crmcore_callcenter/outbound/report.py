"""What became of a calling list, by agent: called, reached, answered what; and why others were left out (S4-03)."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from attrs import field, frozen
from sqlalchemy import Select, and_, func, or_, select

from crmcore.api import logins
from crmcore.reports.report import Column, Report
from crmcore_callcenter.i18n import _
from crmcore_callcenter.outbound.taking import CALLING, DONE, EXHAUSTED, SKIPPED, WAITING
from crmcore_callcenter.outbound.views import AnyReader
from crmcore_callcenter.scripts.keeping import UNFINISHED
from crmcore_callcenter.tables import entry, script_run

_NOT_REACHED = ("not_reached", "wrong_number", "no_answer", "busy", "voicemail")
_REASONS = 50


@frozen(kw_only=True)
class Tally:
    """How many an agent called and reached, and what those answered, by result."""

    name: str
    called: int = 0
    reached: int = 0
    results: Mapping[str, int] = field(factory=dict)


@frozen(kw_only=True)
class ListReport:
    """What became of a list: the `total`, by agent, how many wait, and the reasons of those left out."""

    list_id: int
    name: str
    people: int
    waiting: int
    total: Tally
    groups: Sequence[Tally]
    left_out: Mapping[str, int]


def report_of(reader: AnyReader, list_id: int, name: str) -> ListReport:
    """Return what became of a list: four statements. Of several answers of a person the last counts."""
    e = entry.c
    tried = or_(e.attempts > 0, e.status == DONE)
    reached = and_(e.status == DONE, e.result.not_in(_NOT_REACHED))
    rows = reader.rows(
        select(
            e.owner_id, e.status, func.count().label("n"), func.count().filter(tried).label("called"),
            func.count().filter(reached).label("reached"),
        )
        .where(e.list_id == list_id)
        .group_by(e.owner_id, e.status)
    )  # fmt: skip
    answered = reader.rows(_last(list_id))
    agents = logins(reader, [*(row.owner_id for row in rows), *(row.owner_id for row in answered)])
    results: dict[str, Counter[str]] = defaultdict(Counter)
    for row in answered:
        results[agents.get(row.owner_id, "")][row.result] += row.n
    called, got = Counter[str](), Counter[str]()
    for row in rows:
        called[agents.get(row.owner_id, "")] += row.called
        got[agents.get(row.owner_id, "")] += row.reached
    who = sorted(
        {one for one in (*called, *results) if called[one] or results[one]}, key=lambda one: (-called[one], one)
    )
    groups = [Tally(name=one, called=called[one], reached=got[one], results=dict(results[one])) for one in who]
    every: Counter[str] = sum(results.values(), Counter())
    return ListReport(
        list_id=list_id, name=name, people=sum(row.n for row in rows),
        waiting=sum(row.n for row in rows if row.status in (WAITING, SKIPPED, CALLING)),
        total=Tally(name="", called=called.total(), reached=got.total(), results=dict(every)), groups=groups,
        left_out=_reasons(reader, list_id),
    )  # fmt: skip


def _last(list_id: int) -> Select[Any]:
    r = script_run.c
    newest = select(func.max(r.id)).where(r.list_id == list_id, r.result != UNFINISHED).group_by(r.contact_id)
    return select(r.owner_id, r.result, func.count().label("n")).where(r.id.in_(newest)).group_by(r.owner_id, r.result)


def _reasons(reader: AnyReader, list_id: int) -> dict[str, int]:
    e = entry.c
    counted = (
        select(e.why, func.count().label("n"))
        .where(e.list_id == list_id, e.status.in_((SKIPPED, EXHAUSTED)), e.why != "")
        .group_by(e.why)
        .order_by(func.count().desc(), e.why)
        .limit(_REASONS)
    )
    return {row.why: row.n for row in reader.rows(counted)}


def report(found: ListReport) -> Report:
    """Return it as a table, a column for each result."""
    words = sorted(found.total.results, key=lambda one: (-found.total.results[one], one))
    return Report(
        title=_("Calling list {name}: {n} people").format(name=found.name, n=found.people),
        columns=[
            Column(_("agent")), Column(_("called"), number=True), Column(_("reached"), number=True),
            *(Column(_(one) or "–", number=True) for one in words),
        ],
        rows=[
            (one.name or "–", one.called, one.reached, *(one.results.get(word, 0) for word in words))
            for one in (*found.groups, *([found.total] if len(found.groups) > 1 else []))
        ],
        notes=[
            _("{n} wait to be called.").format(n=found.waiting),
            *(_("Left out: {n} × {why}").format(n=n, why=why) for why, n in found.left_out.items()),
        ],
        data=found,
    )  # fmt: skip
