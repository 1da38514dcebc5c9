"""What came of a survey: how many answered of how many who were reached, how they feel, and their own words."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from attrs import frozen
from sqlalchemy import Select, func, literal, select

from crmcore.api import Reader, tables
from crmcore_marketing.tables import answer, handout, material, member, survey

_PRODUCTS = 1_000


@frozen(kw_only=True)
class SurveyView:
    """A survey as it is listed, with how many answers it has."""

    id: int
    name: str
    campaign_id: int | None
    material: str
    active: bool
    answers: int
    people: int


@frozen(kw_only=True)
class Feeling:
    """How those feel who answered about a product (empty: about all): counts, and the share that is positive.

    `share` is of those of whom it is known; None where it is of nobody.
    """

    product: str
    answers: int
    positive: int
    neutral: int
    negative: int
    unjudged: int

    @property
    def share(self) -> float | None:
        """Return the share that is positive, from 0 to 1."""
        judged = self.positive + self.neutral + self.negative
        return self.positive / judged if judged else None


@frozen(kw_only=True)
class Verbatim:
    """What somebody said in their own words."""

    id: int
    at: datetime
    contact_id: int | None
    contact: str
    product: str
    sentiment: str
    score: int | None
    verbatim: str


@frozen(kw_only=True)
class Results:
    """What came of a survey; `reached` is how many got its material, or are members of its campaign."""

    survey: SurveyView
    reached: int
    total: Feeling
    products: Sequence[Feeling]
    verbatims: Sequence[Verbatim]


def surveys(reader: Reader, *, limit: int, after: int | None = None, key: int | None = None) -> list[SurveyView]:
    """Return surveys in the order of their ids: one statement."""
    c, a = survey.c, answer.c
    counted = (
        select(a.survey_id, func.count().label("answers"), func.count(a.contact_id.distinct()).label("people"))
        .group_by(a.survey_id)
        .subquery()
    )
    wanted = (
        select(
            c.id, c.name, c.campaign_id, func.coalesce(material.c.code, "").label("material"), c.active,
            func.coalesce(counted.c.answers, 0).label("answers"), func.coalesce(counted.c.people, 0).label("people"),
        )
        .join(counted, counted.c.survey_id == c.id, isouter=True)
        .join(material, material.c.id == c.material_id, isouter=True)
        .order_by(c.id)
        .limit(limit)
    )  # fmt: skip
    if after is not None:
        wanted = wanted.where(c.id > after)
    if key is not None:
        wanted = wanted.where(c.id == key)
    return [SurveyView(**row._mapping) for row in reader.rows(wanted)]


def results(reader: Reader, survey_id: int, *, limit: int, after: int | None = None, feeling: str = "") -> Results:
    """Return what came of a survey, with the latest verbatims: five statements."""
    (found,) = surveys(reader, limit=1, key=survey_id)
    a = answer.c
    kinds = {kind: func.count().filter(a.sentiment == kind).label(kind) for kind in ("positive", "neutral", "negative")}
    unjudged = func.count().filter(a.sentiment == "").label("unjudged")
    counts: tuple[Any, ...] = (func.count().label("answers"), *kinds.values(), unjudged)
    about = a.survey_id == survey_id
    whole: Select[Any] = select(literal("").label("product"), *counts).where(about)
    by: Select[Any] = select(a.product, *counts).where(about).group_by(a.product)
    total, *_more = reader.rows(whole)
    products = reader.rows(by.order_by(func.count().desc(), a.product).limit(_PRODUCTS))
    return Results(
        survey=found,
        reached=_reached(reader, survey_id),
        total=Feeling(**total._mapping),
        products=[Feeling(**row._mapping) for row in products],
        verbatims=verbatims(reader, survey_id, limit=limit, after=after, feeling=feeling),
    )


def verbatims(
    reader: Reader, survey_id: int, *, limit: int, after: int | None = None, feeling: str = ""
) -> list[Verbatim]:
    """Return what people said in their own words, the latest written first: one statement."""
    a = answer.c
    wanted: Select[Any] = (
        select(
            a.id, a.at, a.contact_id, func.coalesce(tables.contact.c.name, "").label("contact"), a.product,
            a.sentiment, a.score, a.verbatim,
        )
        .join(tables.contact, tables.contact.c.id == a.contact_id, isouter=True)
        .where(a.survey_id == survey_id, a.verbatim != "")
        .order_by(a.id.desc())
        .limit(limit)
    )  # fmt: skip
    if after is not None:
        wanted = wanted.where(a.id < after)
    if feeling:
        wanted = wanted.where(a.sentiment == feeling)
    return [Verbatim(**row._mapping) for row in reader.rows(wanted)]


def _reached(reader: Reader, survey_id: int) -> int:
    """Return how many contacts got the survey's material, or are members of its campaign where it is about none."""
    about = reader.first(select(survey.c.material_id, survey.c.campaign_id).where(survey.c.id == survey_id))
    if about is None or about.material_id is about.campaign_id is None:
        return 0
    if about.material_id is not None:
        people, got = handout.c.contact_id, handout.c.material_id == about.material_id
    else:
        people, got = member.c.contact_id, member.c.campaign_id == about.campaign_id
    return int(reader.value(select(func.count(people.distinct())).where(got)) or 0)
