"""Training a card: bins counted in SQL on one half of the people, points learned, and measured on the other half."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from attrs import field, frozen
from sqlalchemy import func, select

from crmcore.api import InvalidInput, NotifyTransaction, PluginReader, Reader, Transaction
from crmcore_marketing.i18n import _
from crmcore_marketing.model.qualification import ScoreModel
from crmcore_marketing.scoring import card as cards
from crmcore_marketing.scoring.binning import counted, first_bins, place, points
from crmcore_marketing.scoring.card import Card, Factor
from crmcore_marketing.scoring.cohort import ACCEPTED, BOUGHT, HELD_OUT, TRAIN, Cohort, cohort, must_tell, part_of
from crmcore_marketing.scoring.facts import Fact, asked, facts
from crmcore_marketing.scoring.learning import Cell, chosen, learned, weighed
from crmcore_marketing.scoring.measuring import Counted, Measured, bands, kept, measured

MOST = 80
"""Fields and traits that people may be told apart by."""
_SAMPLE = 20_000
_HALF_A_YEAR = 182


@frozen(kw_only=True)
class Wanted:
    """What a card is to tell: the `target`; among whom; by which fields and traits beside what marketing knows itself.

    `days` is how long ago what is known is looked at, for who bought since; `since` is a day instead.
    """

    target: str = BOUGHT
    among: str = ""
    names: tuple[str, ...] = field(default=())
    own: bool = True
    days: int = _HALF_A_YEAR
    since: date | None = None


@frozen(kw_only=True)
class Trained:
    """A card, what it reached, and how many it was learned from."""

    card: Card
    measured: Measured
    people: int
    positives: int


def train(reader: Reader | PluginReader, wanted: Wanted, zone: Any) -> Trained:
    """Learn a card and measure it; raises `InvalidInput` where there is too little to learn from, or nothing tells.

    Seven statements, however many people there are and however much is known of them, and those that fields need.
    """
    if len(wanted.names) > MOST:
        raise InvalidInput(
            _("{n} fields and traits are too many; {most} are enough.").format(n=len(wanted.names), most=MOST)
        )
    at = moment(reader, wanted, zone)
    people = cohort(reader, wanted.target, at=at, among=wanted.among)
    size, positives = _sizes(reader, people, TRAIN)
    must_tell(size, positives, wanted.target)
    found = known_facts(reader, wanted, at)
    if not found:
        raise InvalidInput(_("Say by which fields or traits people are told apart."))
    seen = people.people(found, TRAIN)
    told = [learned(one, size, positives) for one in counted(reader, first_bins(reader, found, seen), seen, at)]
    best = chosen(told, size, positives)
    if not best:
        raise InvalidInput(
            _("Nothing that is known of people tells who is looked for: {target}.").format(target=wanted.target)
        )
    by_name = {one.name: one for one in found}
    factors, base = weighed(best, _cells(reader, people, best, [by_name[one.name] for one in best], at, size))
    used = [by_name[one.name] for one in factors]
    learned_from = _histogram(reader, people, factors, used, at, TRAIN)
    reached = measured(_histogram(reader, people, factors, used, at, HELD_OUT))
    card = Card(factors=tuple(factors), bands=tuple(bands(learned_from)), base=base)
    return Trained(card=card, measured=reached, people=size, positives=positives)


def moment(reader: Reader | PluginReader, wanted: Wanted, zone: Any) -> datetime:
    """Return as of when people are looked at: some time ago for who bought since then, else now."""
    if wanted.target != BOUGHT:
        return reader.now
    if wanted.since is None:
        return reader.now - timedelta(days=wanted.days)
    return datetime.combine(wanted.since, datetime.min.time(), zone)


def known_facts(reader: Reader | PluginReader, wanted: Wanted, at: datetime) -> list[Fact]:
    """Return what people are told apart by; a decision on a lead tells nothing of itself."""
    own = [one for one in facts(reader, at) if wanted.target != ACCEPTED or one.name != "lead"] if wanted.own else []
    return [*own, *asked(reader, wanted.names, at)]


def _sizes(reader: Reader | PluginReader, people: Cohort, half: int) -> tuple[int, int]:
    each = people.people((), half)
    statement: Any = select(func.count().label("people"), func.sum(each.c.positive).label("yes")).select_from(each)
    row = reader.first(statement)
    return (0, 0) if row is None else (int(row.people), int(row.yes or 0))


def _cells(
    reader: Reader | PluginReader,
    people: Cohort,
    factors: Sequence[Factor],
    known: Sequence[Fact],
    at: datetime,
    size: int,
) -> list[Cell]:
    """Return how many people are in which bins together, of about 20,000 of the people at most."""
    some = people.people(known, TRAIN, part_of(_SAMPLE, size))
    bins = [
        place(factor, some.c[f"value_{number}"], at).label(f"bin_{number}") for number, factor in enumerate(factors)
    ]
    each = select(*bins, some.c.positive.label("positive")).subquery()
    groups = [each.c[f"bin_{number}"] for number in range(len(factors))]
    rows = reader.rows(
        select(*groups, func.count().label("people"), func.sum(each.c.positive).label("yes")).group_by(*groups)
    )
    return [
        Cell(bins=tuple(row[: len(factors)]), people=int(row.people), positives=int(row.yes))
        for row in rows
        if all(number >= 0 for number in row[: len(factors)])
    ]


def _histogram(
    reader: Reader | PluginReader,
    people: Cohort,
    factors: Sequence[Factor],
    known: Sequence[Fact],
    at: datetime,
    half: int,
) -> list[Counted]:
    """Return how many people have which score, of one half: one statement."""
    some = people.people(known, half)
    total: Any = sum_of([points(factor, some.c[f"value_{place}"], at) for place, factor in enumerate(factors)])
    each = select(total.label("points"), some.c.positive.label("positive")).subquery()
    rows = reader.rows(
        select(each.c.points, func.count().label("people"), func.sum(each.c.positive).label("yes")).group_by(
            each.c.points
        )
    )
    return [Counted(points=int(row.points), people=int(row.people), positives=int(row.yes)) for row in rows]


def sum_of(parts: Sequence[Any]) -> Any:
    """Return the sum of expressions."""
    total = parts[0]
    for one in parts[1:]:
        total = total + one
    return total


def keep(tx: Transaction | NotifyTransaction, name: str, wanted: Wanted, found: Trained, *, active: bool) -> ScoreModel:
    """Keep a card under its name, in place of the one that has it; an active one is what `marketing.score` tells.

    The first card is active by itself.
    """
    others = tx.load(ScoreModel)
    record = next((one for one in others if one.name == name), None)
    if record is None:
        record = tx.add(ScoreModel(name=name, target=wanted.target, active=active or not others))
    if active:
        for one in others:
            one.active = one is record
        record.active = True
    record.target = wanted.target
    record.asked = {
        "among": wanted.among, "names": list(wanted.names), "own": wanted.own, "days": wanted.days,
        "since": wanted.since.isoformat() if wanted.since else "",
    }  # fmt: skip
    record.factors = cards.kept(found.card)
    record.base = found.card.base
    record.people, record.positives = found.people, found.positives
    record.measured = kept(found.measured, found.card.bands)
    record.trained_at = tx.now
    return record


def wanted_of(record: Any) -> Wanted:
    """Return what the card of a model is to tell, as it was asked."""
    asked_for = record.asked
    since = str(asked_for.get("since") or "")
    return Wanted(
        target=record.target,
        among=str(asked_for.get("among") or ""),
        names=tuple(asked_for.get("names") or ()),
        own=bool(asked_for.get("own", True)),
        days=int(asked_for.get("days") or _HALF_A_YEAR),
        since=date.fromisoformat(since) if since else None,
    )


def card_of(record: Any) -> Card:
    """Return the card of a model."""
    return cards.read(record.factors, record.measured.get("bands", ()), record.base)
