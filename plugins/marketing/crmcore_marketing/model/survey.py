"""Surveys, and what people answered, in their own words too."""

from datetime import datetime
from typing import Any

from attrs import field

from crmcore.api import entity, one_of, required

SENTIMENTS = ("", "positive", "neutral", "negative")


@entity
class Survey:
    """Questions to people who got a material or took part in something; `questions` each have a key, text and kind."""

    name: str = field(validator=required)
    campaign_id: int | None = None
    material_id: int | None = None
    questions: list[dict[str, Any]] = field(factory=list)
    active: bool = True
    note: str = ""
    id: int = 0
    version: int = 0
    created_at: datetime | None = None
    updated_at: datetime | None = None


@entity
class Answer:
    """What somebody answered: about a `product`, how they feel, a `score` if asked, and the words themselves."""

    survey_id: int
    contact_id: int | None = None
    customer_id: int | None = None
    at: datetime | None = None
    question: str = ""
    product: str = ""
    sentiment: str = field(default="", validator=one_of(*SENTIMENTS))
    score: int | None = None
    verbatim: str = ""
    channel: str = ""
    external_id: str | None = None
    source: str = ""
    batch_id: int | None = None
    id: int = 0
    version: int = 0
