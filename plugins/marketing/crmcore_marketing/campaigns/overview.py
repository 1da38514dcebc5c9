"""Everything that happened in a campaign and those below it, counted: the parts of its page (row S1-23)."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from attrs import frozen
from sqlalchemy import Numeric, Select, cast, func, select

from crmcore.api import Fixed, Reader
from crmcore_marketing.campaigns.finding import subtree
from crmcore_marketing.campaigns.reached import person, reached, somebody
from crmcore_marketing.tables import (
    answer,
    event,
    handout,
    material,
    member,
    message,
    registration,
    spend,
    survey,
    touch,
)

_MOST = 50


@frozen(kw_only=True)
class State:
    """How many members are in a state."""

    status: str
    members: int


@frozen(kw_only=True)
class Met:
    """How often people met the campaign in one way, by one channel, and how many people that were."""

    kind: str
    channel: str
    times: int
    people: int


@frozen(kw_only=True)
class Mail:
    """What became of its messages; `opted_out` are people, each once."""

    messages: int
    sent: int
    bounced: int
    clicked: int
    replied: int
    opted_out: int


@frozen(kw_only=True)
class Cost:
    """What was spent on one thing, in the workspace's currency at the rates of the days."""

    what: str
    amount: Decimal


@frozen(kw_only=True)
class EventOf:
    """An event of the campaign, and who came to it."""

    id: int
    name: str
    starts_at: datetime
    registered: int
    attended: int


@frozen(kw_only=True)
class SurveyOf:
    """A survey asked in the campaign, and what its answers say."""

    id: int
    name: str
    answers: int
    positive: int
    negative: int


@frozen(kw_only=True)
class MaterialOf:
    """A material given in the campaign, and how many people got it."""

    id: int
    code: str
    people: int


@frozen(kw_only=True)
class Overview:
    """All of it, of a campaign with those below it; each kind of thing has at most fifty lines."""

    reached: int
    states: Sequence[State]
    touches: Sequence[Met]
    mail: Mail
    costs: Sequence[Cost]
    events: Sequence[EventOf]
    surveys: Sequence[SurveyOf]
    materials: Sequence[MaterialOf]


def overview(reader: Reader, key: int) -> Overview:
    """Return what happened in a campaign and those below it: eight statements."""
    below, m, t, s = subtree(key), member.c, touch.c, spend.c
    states = select(m.status, func.count().label("members")).where(m.campaign_id.in_(below)).group_by(m.status)
    met = (
        select(t.kind, t.channel, func.count().label("times"), func.count(person().distinct()).label("people"))
        .where(t.campaign_id.in_(below), somebody())
        .group_by(t.kind, t.channel)
        .order_by(func.count().desc())
    )
    worth = cast(func.sum(s.amount * cast(s.rate, Numeric)), Fixed).label("amount")
    costs = select(s.what, worth).where(s.campaign_id.in_(below)).group_by(s.what).order_by(worth.desc())

    def told(cls: Any, statement: Select[Any]) -> list[Any]:
        return [cls(**row._mapping) for row in reader.rows(statement.limit(_MOST))]

    return Overview(
        reached=reader.value(select(reached()).where(t.campaign_id.in_(below))) or 0,
        states=told(State, states.order_by(func.count().desc())),
        touches=told(Met, met),
        mail=told(Mail, _mail(below))[0],
        costs=told(Cost, costs),
        events=told(EventOf, _events(below)),
        surveys=told(SurveyOf, _surveys(below)),
        materials=told(MaterialOf, _materials(below)),
    )


def _mail(below: Select[Any]) -> Select[Any]:
    g = message.c
    people = func.count(func.coalesce(g.contact_id, -g.id).distinct())
    counts: list[Any] = [
        func.count().label("messages"),
        func.count(g.sent_at).label("sent"),
        func.count(g.bounced_at).label("bounced"),
        func.count(g.clicked_at).label("clicked"),
        func.count(g.replied_at).label("replied"),
        people.filter(g.unsubscribed_at.is_not(None)).label("opted_out"),
    ]
    return select(*counts).where(g.campaign_id.in_(below))


def _events(below: Select[Any]) -> Select[Any]:
    e, r = event.c, registration.c
    coming = r.status.in_(("registered", "attended", "no_show"))
    return (
        select(
            e.id, e.name, e.starts_at, func.count(r.id).filter(coming).label("registered"),
            func.count(r.id).filter(r.status == "attended").label("attended"),
        )
        .select_from(event.outerjoin(registration, r.event_id == e.id))
        .where(e.campaign_id.in_(below))
        .group_by(e.id, e.name, e.starts_at)
        .order_by(e.starts_at, e.id)
    )  # fmt: skip


def _surveys(below: Select[Any]) -> Select[Any]:
    y, a = survey.c, answer.c
    return (
        select(
            y.id, y.name, func.count(a.id).label("answers"),
            func.count(a.id).filter(a.sentiment == "positive").label("positive"),
            func.count(a.id).filter(a.sentiment == "negative").label("negative"),
        )
        .select_from(survey.outerjoin(answer, a.survey_id == y.id))
        .where(y.campaign_id.in_(below))
        .group_by(y.id, y.name)
        .order_by(y.id)
    )  # fmt: skip


def _materials(below: Select[Any]) -> Select[Any]:
    d, h = material.c, handout.c
    people = func.count(func.coalesce(h.contact_id, -h.id).distinct())
    return (
        select(d.id, d.code, people.label("people"))
        .join_from(material, handout, h.material_id == d.id)
        .where(h.campaign_id.in_(below))
        .group_by(d.id, d.code)
        .order_by(d.code)
    )
