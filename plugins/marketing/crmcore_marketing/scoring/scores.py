"""Everybody's score, written in one statement, and how it is told: whose is best, and of what somebody's is made."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from attrs import frozen
from sqlalchemy import ColumnElement, Text, and_, case, cast, delete, func, insert, literal, or_, select

from crmcore.api import (
    Id,
    Instant,
    InvalidInput,
    NotFound,
    NotifyTransaction,
    PluginReader,
    Reader,
    Transaction,
    names,
    selection,
    tables,
)
from crmcore_marketing.i18n import _
from crmcore_marketing.scoring.binning import place, points
from crmcore_marketing.scoring.card import Bin, Card, Factor
from crmcore_marketing.scoring.cohort import Cohort
from crmcore_marketing.scoring.training import card_of, known_facts, sum_of, wanted_of
from crmcore_marketing.tables import score, score_model


@frozen(kw_only=True)
class Part:
    """What a factor adds to somebody's score: the bin that the person is in, its points, and how many of such buy."""

    factor: str
    title: str
    bin: str
    points: int
    rate: float
    people: int


@frozen(kw_only=True)
class ScoreView:
    """Somebody's score; `likely` is the share of people with such a score who were what is looked for.

    `parts` are told where one person is asked for, the weightiest first.
    """

    contact_id: int
    name: str
    points: int
    likely: float
    at: datetime
    parts: Sequence[Part] = ()


def write(tx: Transaction | NotifyTransaction, record: Any) -> None:
    """Write the scores of all people a card is for, as things stand now, in place of those there were."""
    card, wanted = card_of(record), wanted_of(record)
    by_name = {one.name: one for one in known_facts(tx, wanted, tx.now)}
    used = [by_name[one.name] for one in card.factors]
    c = tables.contact.c
    whom = (c.id.in_(selection(tx, wanted.among).statement),) if wanted.among.strip() else ()
    everybody = Cohort(at=tx.now, source=tables.contact, positive=literal(0), conditions=whom).people(used)
    values = [everybody.c[f"value_{number}"] for number in range(len(used))]
    pairs = list(zip(card.factors, values, strict=True))
    total: ColumnElement[int] = sum_of([points(factor, value, tx.now) for factor, value in pairs])
    bins = _joined([place(factor, value, tx.now) for factor, value in pairs])
    people = select(everybody.c.id, total.label("points"), bins.label("bins")).subquery("scored")
    tx.execute(delete(score).where(score.c.model_id == record.id))
    tx.execute(
        insert(score).from_select(
            ["model_id", "contact_id", "points", "likely", "bins", "at"],
            select(
                literal(record.id, Id), people.c.id, people.c.points, _likely(card, people.c.points), people.c.bins,
                literal(tx.now, Instant()),
            ),
        )
    )  # fmt: skip


def _joined(parts: Sequence[ColumnElement[int]]) -> ColumnElement[str]:
    found: ColumnElement[str] = cast(parts[0], Text())
    for one in parts[1:]:
        found = found.concat(",").concat(cast(one, Text()))
    return found


def _likely(card: Card, total: ColumnElement[int]) -> ColumnElement[float]:
    """Return the share of positives among people with such a score."""
    if not card.bands:
        return literal(0.0)
    least = card.bands[-1].likely
    return case(*((total >= one.points, one.likely) for one in card.bands), else_=least)


def model_named(reader: Reader | PluginReader, name: str = "") -> Any:
    """Return the row of a model; the active one where no name is said. Raises `NotFound`."""
    c = score_model.c
    row = reader.first(
        select(score_model).where(func.lower(c.name) == name.strip().lower() if name else c.active.is_(True))
    )
    if row is None:
        if name:
            raise NotFound(_("There is no score “{name}”.").format(name=name))
        raise NotFound(_("Nothing is scored yet: crm marketing score train"))
    return row


def models(reader: Reader) -> Sequence[Any]:
    """Return the rows of all models, by name."""
    return reader.rows(select(score_model).order_by(score_model.c.name).limit(1_000))


def page(reader: Reader, model: Any, *, limit: int, after: int | None = None) -> list[ScoreView]:
    """Return people with their scores, the best first, from the one that follows the contact `after`."""
    s = score.c
    statement = select(score).where(s.model_id == model.id).order_by(s.points.desc(), s.contact_id).limit(limit)
    if after is not None:
        last = reader.value(select(s.points).where(s.model_id == model.id, s.contact_id == after))
        if last is None:
            raise NotFound(_("Contact {id} has no score.").format(id=after))
        statement = statement.where(or_(s.points < last, and_(s.points == last, s.contact_id > after)))
    rows = reader.rows(statement)
    people = names(reader, tables.contact, (row.contact_id for row in rows))
    card = card_of(model)
    return [told(row, people.get(row.contact_id, ""), card) for row in rows]


def one(reader: Reader, model: Any, contact_id: int) -> ScoreView:
    """Return somebody's score with all its parts; raises `NotFound` for who has none."""
    row = reader.first(select(score).where(score.c.model_id == model.id, score.c.contact_id == contact_id))
    if row is None:
        raise NotFound(_("Contact {id} has no score.").format(id=contact_id))
    return told(row, names(reader, tables.contact, [contact_id]).get(contact_id, ""), card_of(model))


def told(row: Any, name: str, card: Card) -> ScoreView:
    """Return a score that was read, with its parts."""
    parts = []
    for factor, text in zip(card.factors, row.bins.split(","), strict=False):  # of no factor there is one empty text
        number = int(text)
        if 0 <= number < len(factor.bins):
            held = factor.bins[number]
            parts.append(
                Part(
                    factor=factor.name, title=factor.title, bin=bin_said(factor, held), points=held.points,
                    rate=round(held.rate, 4), people=held.people,
                )
            )  # fmt: skip
        else:
            parts.append(Part(factor=factor.name, title=factor.title, bin=_("new"), points=0, rate=0.0, people=0))
    parts.sort(key=lambda each: (-abs(each.points), each.factor))
    return ScoreView(contact_id=row.contact_id, name=name, points=row.points, likely=row.likely, at=row.at, parts=parts)


def bin_said(factor: Factor, one: Bin) -> str:
    """Return a bin as people read it."""
    if one.unknown:
        return _("never") if factor.kind == "moment" else _("not known")
    if one.rest:
        return _("others")
    if factor.kind == "truth":
        return _("yes") if one.values == ("true",) else _("no")
    if one.values:
        return ", ".join(one.values)
    if factor.kind == "moment":
        return _range(one, _("{low} days or more"), _("less than {high} days"), _("{low} to {high} days"))
    return _range(one, _("{low} or more"), _("less than {high}"), _("{low} to less than {high}"))


def _range(one: Bin, more: str, less: str, between: str) -> str:
    low, high = (None if each is None else f"{each:g}" for each in (one.low or None, one.high))
    if low is None and high is None:
        return _("any")
    text = between if low is not None and high is not None else less if low is None else more
    return text.format(low=low, high=high)


def must_be_name(name: str) -> str:
    """Return the name of a score; raises `InvalidInput` for none."""
    if not name.strip() or len(name) > 60:
        raise InvalidInput(_("A score needs a short name."))
    return name.strip()
