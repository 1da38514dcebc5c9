"""What is compared when duplicates are sought, and what comes out, as plain values."""

from typing import Literal

from attrs import frozen


@frozen(kw_only=True, slots=True)
class MatchRecord:
    """A contact or customer, reduced to what tells it from others.

    `name` is as displayed; `given` and `family` are empty where the parts are not known. `emails`, `phones` and `urls`
    hold normal forms (`crmcore.model.points.normalise`). `birthday` is in ISO 8601, with or without hyphens, may be
    partial (``--0412``) or wrong. `identifiers` are numbers meant to be unique: tax, insurance, membership. Only
    records of one `kind` are compared.
    """

    id: int
    name: str
    given: str = ""
    family: str = ""
    organisation: str = ""
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    urls: tuple[str, ...] = ()
    street: str = ""
    city: str = ""
    postcode: str = ""
    region: str = ""
    country: str = ""
    birthday: str = ""
    identifiers: tuple[str, ...] = ()
    kind: Literal["contact", "customer"] = "contact"


@frozen(kw_only=True, slots=True)
class Evidence:
    """One reason for or against a pair: the compared values, how far they agree (0 to 1), and its weight in bits.

    A positive `weight` speaks for one person, a negative one against; the weights of a pair add up to its score.
    """

    feature: str
    a: str
    b: str
    agreement: float
    weight: float


@frozen(kw_only=True, slots=True)
class Pair:
    """Two records, `a` < `b`, that may be one; `score` is the probability, from 0 to 1, that they are."""

    a: int
    b: int
    score: float
    evidence: tuple[Evidence, ...]
