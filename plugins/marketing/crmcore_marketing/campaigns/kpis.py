"""Figures of campaigns, for `crm metric`: members, responses, what was spent, and what a response cost."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Date, Integer, Numeric, cast, func, literal, null, select, union_all

from crmcore.api import Fixed, Instant, Metric, share
from crmcore_marketing.i18n import _
from crmcore_marketing.tables import campaign, member, message, spend, touch

_WITH = member.join(campaign, campaign.c.id == member.c.campaign_id)
_TOUCHED = touch.join(campaign, campaign.c.id == touch.c.campaign_id)
_SPENT = spend.join(campaign, campaign.c.id == spend.c.campaign_id)
_SENT = message.outerjoin(campaign, campaign.c.id == message.c.campaign_id)
_AT_RATE = cast(spend.c.amount * cast(spend.c.rate, Numeric), Fixed)
_ABOUT = {
    "campaign": campaign.c.name, "type": campaign.c.type, "industry": campaign.c.industry, "user": campaign.c.owner_id,
    "programme": campaign.c.programme_id,
}  # fmt: skip


def campaign_metrics() -> Iterator[Metric]:
    """Declare them. Amounts are in the workspace's currency, at the rates that stand with what was spent."""
    m, t, s, g = member.c, touch.c, spend.c, message.c
    people = {**_ABOUT, "channel": campaign.c.channel, "customer": m.customer_id, "contact": m.contact_id}
    listed: dict[str, Any] = {"record": m.id, "entity": member.name, "text": campaign.c.name}
    yield Metric(
        name="marketing.members", title=_("People taken into campaigns"), value=func.count(), source=_WITH,
        at=m.created_at, dimensions={**people, "state": m.status}, **listed,
    )  # fmt: skip
    yield Metric(
        name="marketing.responses", title=_("People who answered"), value=func.count(), source=_WITH,
        at=m.responded_at, conditions=(m.responded_at.is_not(None),), dimensions={**people, "state": m.status},
        **listed,
    )  # fmt: skip
    yield Metric(
        name="marketing.response_rate", title=_("Members who answered"), value=share(m.responded_at.is_not(None)),
        unit="%", source=_WITH, at=m.created_at, dimensions=people, **listed,
    )  # fmt: skip
    yield Metric(
        name="marketing.touches", title=_("Times people met us"), value=func.count(), source=_TOUCHED, at=t.at,
        dimensions={
            **_ABOUT, "channel": t.channel, "kind": t.kind, "product": t.product, "customer": t.customer_id,
            "contact": t.contact_id,
        },
        record=t.id, entity=touch.name, text=campaign.c.name,
    )  # fmt: skip
    yield Metric(
        name="marketing.cost", title=_("Spent on campaigns"), value=cast(func.sum(_AT_RATE), Fixed), source=_SPENT,
        day=s.day, dimensions={**_ABOUT, "channel": campaign.c.channel, "supplier": s.supplier, "what": s.what},
        record=s.id, entity=spend.name, text=s.what,
    )  # fmt: skip
    yield Metric(
        name="marketing.opt_outs", title=_("People who opted out of our mails"), value=func.count(), source=_SENT,
        at=g.unsubscribed_at, conditions=(g.unsubscribed_at.is_not(None),),
        dimensions={**_ABOUT, "channel": campaign.c.channel, "customer": g.customer_id, "contact": g.contact_id},
        record=g.id, entity=message.name, text=campaign.c.name,
    )  # fmt: skip
    yield _cost_per_response()


def _cost_per_response() -> Metric:
    m, s = member.c, spend.c
    both = union_all(
        select(
            s.id, s.campaign_id, s.day.label("day"), null().cast(Instant).label("at"), _AT_RATE.label("cost"),
            literal(0, Integer).label("answered"),
        ),
        select(
            m.id, m.campaign_id, null().cast(Date).label("day"), m.responded_at.label("at"),
            cast(literal(0), Fixed).label("cost"), literal(1, Integer).label("answered"),
        ).where(m.responded_at.is_not(None)),
    ).subquery("spent_and_answered")  # fmt: skip
    each = func.sum(both.c.cost) / func.nullif(func.sum(both.c.answered), 0)
    return Metric(
        name="marketing.cost_per_response", title=_("Cost of a response"),
        value=cast(each, Fixed),
        source=both.join(campaign, campaign.c.id == both.c.campaign_id), at=both.c.at, day=both.c.day,
        dimensions={**_ABOUT, "channel": campaign.c.channel}, record=both.c.id, entity=campaign.name,
        text=campaign.c.name,
    )  # fmt: skip
