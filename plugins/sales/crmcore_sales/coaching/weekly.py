"""A week of a rep, or of several, told from what is recorded anyway: nobody types a report (row S2-Q4)."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from attrs import field, frozen
from sqlalchemy import ColumnElement, Select, func, select

from crmcore.api import InvalidInput, Reader, here, names, tables
from crmcore_sales.catalogue.rates import Rates, rates
from crmcore_sales.i18n import _
from crmcore_sales.model.discount import AUTOMATIC
from crmcore_sales.tables import approval, lead, opportunity, passage, quote

_SHOWN = 5
"""How many names stand beside a number."""

_MOST = 10_000


@frozen(kw_only=True)
class Told:
    """A line of the report: what, how often, what it comes to in the workspace's currency, and the first of them."""

    key: str
    what: str
    count: int
    amount: Decimal | None = None
    which: Sequence[str] = field(factory=tuple)


@frozen(kw_only=True)
class Week:
    """A week from its Monday on, as instants and days in the workspace's zone."""

    monday: date
    begin: datetime
    end: datetime

    @property
    def sunday(self) -> date:
        """Its last day."""
        return self.monday + timedelta(days=6)

    @property
    def name(self) -> str:
        """How ISO 8601 calls it: 2026-W48."""
        year, number, _day = self.monday.isocalendar()
        return f"{year}-W{number:02}"

    def in_days(self, column: ColumnElement[Any]) -> ColumnElement[bool]:
        """Return the condition that a day lies in the week."""
        return column.between(self.monday, self.sunday)

    def in_time(self, column: ColumnElement[Any]) -> list[ColumnElement[bool]]:
        """Return the conditions that an instant lies in the week."""
        return [column >= self.begin, column < self.end]


@frozen(kw_only=True)
class Worth:
    """What amounts come to in the workspace's currency, at the rates of a day."""

    rates: Rates
    day: date

    def of(self, amount: Decimal, currency: str) -> Decimal:
        """Return an amount converted; raises `InvalidInput` where no rate is known."""
        return self.rates.convert(amount, currency, self.day)


def week_said(reader: Reader, text: str) -> Week:
    """Return the week that `text` says: 2026-W48, a day of it, or empty for this one; raises `InvalidInput`."""
    place = here(reader)
    day = place.today
    if text:
        try:
            year, _w, number = text.upper().partition("-W")
            day = date.fromisocalendar(int(year), int(number), 1) if number else date.fromisoformat(text)
        except ValueError:
            raise InvalidInput(_("“{text}” is not a week; write 2026-W48, or a day of it.").format(text=text)) from None
    monday = day - timedelta(days=day.weekday())
    begin, end = (
        datetime.combine(each, time(), place.zone).astimezone(UTC) for each in (monday, monday + timedelta(days=7))
    )
    return Week(monday=monday, begin=begin, end=end)


def told(reader: Reader, users: Sequence[int], week: Week) -> list[Told]:
    """Return what these users did in a week, and what is next: a dozen statements for any number of them.

    Amounts are converted at the rates of the week's last day, or today's when that is to come.
    """
    day = min(week.sunday, here(reader).today)
    worth = Worth(rates=rates(reader, day), day=day)
    return [
        *_spoken(reader, users, week),
        *_leads(reader, users, week),
        *_deals(reader, users, week, worth),
        *_quotes(reader, users, week, worth),
        *_tasks(reader, users, week),
    ]


def _spoken(reader: Reader, users: Sequence[int], week: Week) -> Iterator[Told]:
    c = tables.interaction.c
    mine = (c.user_id.in_(users), *week.in_time(c.moment))
    by_channel = select(c.channel, func.count().label("n")).where(*mine).group_by(c.channel).order_by(c.channel)
    rows = reader.rows(by_channel.limit(_MOST))
    with_whom = select(c.customer_id, func.count().label("n")).where(*mine, c.customer_id.is_not(None))
    often = with_whom.group_by(c.customer_id).order_by(func.count().desc(), c.customer_id)
    customers = reader.rows(often.limit(_MOST))
    named = names(reader, tables.customer, [row.customer_id for row in customers[:_SHOWN]])
    channels = [f"{row.n} {_(row.channel)}" for row in rows]
    yield Told(key="interactions", what=_("spoken and written"), count=sum(row.n for row in rows), which=channels)
    yield Told(key="customers", what=_("customers"), count=len(customers), which=list(named.values()))


def _leads(reader: Reader, users: Sequence[int], week: Week) -> Iterator[Told]:
    c = lead.c
    for key, what, at in (
        ("leads_received", _("leads received"), c.received_at),
        ("leads_contacted", _("leads spoken with first"), c.contacted_at),
    ):
        yield _listed(reader, key, what, select(c.title).where(c.owner_id.in_(users), *week.in_time(at)).order_by(c.id))


def _deals(reader: Reader, users: Sequence[int], week: Week, worth: Worth) -> Iterator[Told]:
    c, p = opportunity.c, passage.c
    whole = select(c.title, c.amount, c.currency).where(c.owner_id.in_(users)).order_by(c.amount.desc(), c.id)
    yield _summed(reader, "opened", _("deals opened"), whole.where(*week.in_time(c.created_at)), worth)
    moved = (
        select(c.title, p.origin, p.stage)
        .join_from(passage, opportunity, c.id == p.opportunity_id)
        .where(c.owner_id.in_(users), p.origin != "", *week.in_time(p.entered_at))
        .order_by(p.entered_at, p.id)
    )
    rows = reader.rows(moved.limit(_MOST))
    which = [f"{row.title}: {row.origin} → {row.stage}" for row in rows[:_SHOWN]]
    yield Told(key="moved", what=_("stages changed"), count=len(rows), which=which)
    for status, what in (("won", _("deals won")), ("lost", _("deals lost"))):
        yield _summed(reader, status, what, whole.where(c.status == status, week.in_days(c.closed_on)), worth)
    following = (week.monday + timedelta(days=7), week.sunday + timedelta(days=7))
    due = whole.where(c.status == "open", c.need_by.between(*following))
    yield _summed(reader, "needed", _("deals needed by next week"), due, worth)


def _quotes(reader: Reader, users: Sequence[int], week: Week, worth: Worth) -> Iterator[Told]:
    c, a = quote.c, approval.c
    sent = select(c.number.label("title"), c.amount, c.currency).where(c.owner_id.in_(users), *week.in_time(c.sent_at))
    yield _summed(reader, "quotes", _("quotes sent"), sent.order_by(c.id), worth)
    asked = select(a.status, func.count().label("n")).where(a.asked_id.in_(users), *week.in_time(a.asked_at))
    by_status = {row.status: row.n for row in reader.rows(asked.group_by(a.status).limit(_MOST))}
    count, passed = sum(by_status.values()), by_status.get(AUTOMATIC, 0)
    yield Told(
        key="approvals",
        what=_("discounts asked for"),
        count=count,
        which=[_("{n} allowed at once, inside the limit").format(n=passed)] if count else (),
    )


def _tasks(reader: Reader, users: Sequence[int], week: Week) -> Iterator[Told]:
    c = tables.task.c
    mine = select(c.subject.label("title")).where(c.owner_id.in_(users))
    done = mine.where(c.status == "done", *week.in_time(c.closed_at)).order_by(c.closed_at, c.id)
    yield _listed(reader, "done", _("tasks done"), done)
    kept = done.where(c.kind == "promise")
    yield _listed(reader, "kept", _("of them promises kept"), kept)
    until = week.sunday + timedelta(days=7)
    yield _listed(
        reader, "due", _("tasks due next week"), mine.where(c.status == "open", c.due <= until).order_by(c.due)
    )


def _listed(reader: Reader, key: str, what: str, statement: Select[Any]) -> Told:
    rows = reader.rows(statement.limit(_MOST))
    return Told(key=key, what=what, count=len(rows), which=[row.title for row in rows[:_SHOWN]])


def _summed(reader: Reader, key: str, what: str, statement: Select[Any], worth: Worth) -> Told:
    rows = reader.rows(statement.limit(_MOST))
    amount = sum((worth.of(row.amount, row.currency) for row in rows if row.amount), Decimal(0))
    return Told(key=key, what=what, count=len(rows), amount=amount, which=[row.title for row in rows[:_SHOWN]])
