"""Which deals of a rep to talk about: those where most is at stake, the end is open, and something is wrong."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from attrs import frozen
from sqlalchemy import func, select

from crmcore.api import Reader, here, names, tables
from crmcore_sales.catalogue.rates import rates
from crmcore_sales.guiding.stuck import DAYS
from crmcore_sales.i18n import _
from crmcore_sales.methods.blocks import flags_of
from crmcore_sales.methods.finding import checks
from crmcore_sales.pipeline.guidance import pipeline
from crmcore_sales.tables import opportunity

SILENT = timedelta(days=30)
_MOST = 300


@frozen(kw_only=True)
class Concern:
    """Something wrong with a deal, in words, and what to do about it."""

    why: str
    todo: str


@frozen(kw_only=True)
class DealToCoach:
    """A deal to talk about: `weight` is what is at stake in the workspace's currency, by how open it is."""

    id: int
    title: str
    customer_id: int | None
    customer: str
    stage: str
    amount: Decimal | None
    currency: str
    weight: Decimal
    concerns: tuple[Concern, ...]


def deals_to_coach(reader: Reader, rep_id: int, *, most: int = 3) -> list[DealToCoach]:
    """Return the open deals of a rep with a concern, the weightiest first.

    It looks at the newest three hundred. The weight is the amount, times how open the end is (most at even odds), times
    how many concerns there are; a must-win counts twice. Reads the same few statements for any number of deals.
    """
    c, today = opportunity.c, here(reader).today
    own = select(opportunity).where(c.owner_id == rep_id, c.status == "open").order_by(c.id.desc()).limit(_MOST)
    rows = reader.rows(own)
    if not rows:
        return []
    flags: dict[int, list[str]] = {}
    for one in checks(reader, [row.id for row in rows]):
        flags.setdefault(one.deal.id, []).extend(flags_of(one))
    customers = {row.customer_id for row in rows if row.customer_id is not None}
    named, spoken = names(reader, tables.customer, customers), _last_spoken(reader, customers)
    states = {one.name: one for one in pipeline(reader.definitions).states}
    known = rates(reader, today)
    found = []
    for row in rows:
        state = states.get(row.stage)
        concerns = _concerns(
            row, named.get(row.customer_id, ""), flags.get(row.id, ()), reader.now, today,
            spoken.get(row.customer_id), (state.days if state else None) or DAYS,
        )  # fmt: skip
        odds = row.probability if row.probability is not None else (state.probability if state else None)
        share = Decimal(50 if odds is None else odds) / 100
        worth = known.convert(row.amount, row.currency, today) if row.amount else Decimal(0)
        found.append(
            DealToCoach(
                id=row.id,
                title=row.title,
                customer_id=row.customer_id,
                customer=named.get(row.customer_id, ""),
                stage=row.stage,
                amount=row.amount,
                currency=row.currency,
                weight=worth * 4 * share * (1 - share) * len(concerns) * (2 if row.must_win else 1),
                concerns=tuple(concerns),
            )
        )
    return sorted((one for one in found if one.concerns), key=lambda one: (-one.weight, one.id))[:most]


def _last_spoken(reader: Reader, customers: Sequence[int] | set[int]) -> Mapping[int, datetime]:
    c = tables.interaction.c
    last = select(c.customer_id, func.max(c.moment).label("at")).where(
        c.customer_id.in_(customers), c.moment <= reader.now
    )
    return {row.customer_id: row.at for row in reader.rows(last.group_by(c.customer_id).limit(_MOST))}


def _concerns(
    row: Any, customer: str, flags: Sequence[str], now: datetime, today: date, spoken: datetime | None, days: int
) -> list[Concern]:
    found = []
    stood = (now - row.entered_at).days if row.entered_at else 0
    who = customer or row.title
    if row.need_by is not None and row.need_by < today:
        found.append(
            Concern(
                why=_("was needed by {day}").format(day=row.need_by.isoformat()),
                todo=_("ask {who} when they need it now").format(who=who),
            )
        )
    if stood >= days:
        found.append(
            Concern(
                why=_("{days} days in {stage}").format(days=stood, stage=row.stage),
                todo=_("agree on the next step with {who}").format(who=who),
            )
        )
    if spoken is None or now - spoken >= SILENT:
        why = (
            _("never spoken with")
            if spoken is None
            else _("not spoken with for {n} days").format(n=(now - spoken).days)
        )
        found.append(Concern(why=why, todo=_("talk with {who}").format(who=who)))
    found.extend(Concern(why=flag, todo=_("find out: {flag}").format(flag=flag)) for flag in flags[:2])
    return found
