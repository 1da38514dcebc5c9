"""The best answers to questions: earlier solved tickets and what other plugins know, those that helped before first."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from math import log2

from attrs import evolve, frozen
from sqlalchemy import Select, func, select

from crmcore.api import Reader, Transaction
from crmcore_service.answers.cleaning import unnamed
from crmcore_service.answers.indexing import CONFIRMED, PUBLIC, SOLVED
from crmcore_service.answers.searching import TOGETHER, Match, matches
from crmcore_service.answers.spec import Question
from crmcore_service.tables import deflection, public_answer, ticket

BEST = 3
_LOOKED_AT = 30
"""How many of the tickets that are about a question are read."""
_LEAST, _LEAST_PUBLIC = 0.15, 0.25
"""What is less like a question is not offered; a customer is spared more that is beside the point than we are."""
_AGAIN = 0.3
"""What each of two more tickets with the same resolution adds to the likeness of the best."""


@frozen(kw_only=True)
class Answer:
    """An answer that may be offered; `entity` and `id` name its record, `place` is 1 for the best.

    `confirmed` and `refused` are how often it was offered and helped, or did not.
    """

    place: int = 0
    entity: str
    id: int
    title: str
    text: str
    likeness: float
    url: str = ""
    confirmed: int = 0
    refused: int = 0

    @property
    def rank(self) -> float:
        """Return by what answers are ordered: likeness, raised by what they helped and lowered where they did not."""
        helped = 1 + 0.25 * log2(1 + self.confirmed)
        return self.likeness * helped * (1 - 0.5 * self.refused / (self.confirmed + self.refused + 2))


def suggest(
    reader: Reader | Transaction, texts: Sequence[str], *, public: bool, limit: int = BEST, without: int | None = None
) -> list[list[Answer]]:
    """Return for each question the best answers that who asks may see; `without` is a ticket that is none.

    Where they are for a customer (`public`) only what was published is among them. Answers that say the same count as
    one. Four statements, and those of other plugins, for each sixteen questions.
    """
    found: list[list[Answer]] = []
    for start in range(0, len(texts), TOGETHER):
        some = texts[start : start + TOGETHER]
        tickets = _tickets(reader, some, public, without)
        for place, articles in _articles(reader, some, public, limit).items():
            tickets[place] += articles
        used = _used(reader, {(one.entity, one.id) for each in tickets for one in each})
        found += [_best([_with_use(one, used) for one in each], limit) for each in tickets]
    return found


def _tickets(
    reader: Reader | Transaction, texts: Sequence[str], public: bool, without: int | None
) -> list[list[Answer]]:
    shelves = (PUBLIC,) if public else (SOLVED, CONFIRMED)
    least = _LEAST_PUBLIC if public else _LEAST
    liked = [
        [one for one in some[:_LOOKED_AT] if one.likeness >= least and one.ticket_id != without]
        for some in matches(reader, texts, shelves)
    ]
    ids = {one.ticket_id for some in liked for one in some}
    rows = {row.id: row for row in reader.rows(_told(ids, public))} if ids else {}

    def answer(one: Match) -> Answer:
        row = rows[one.ticket_id]
        return Answer(entity=ticket.name, id=row.id, title=row.title, text=row.text, likeness=one.likeness)

    return [_folded(answer(one) for one in some if one.ticket_id in rows) for some in liked]


def _told(ids: Iterable[int], public: bool) -> Select[tuple[int, str, str]]:
    t, a = ticket.c, public_answer.c
    if public:
        return select(a.ticket_id.label("id"), a.title, a.text).where(a.ticket_id.in_(ids))
    told = select(t.id, t.subject.label("title"), t.resolution.label("text"))
    return told.where(t.id.in_(ids), t.resolution != "", t.resolved_at.is_not(None))


def _folded(answers: Iterable[Answer]) -> list[Answer]:
    """Return the best of those that say the same, more like where others say so too."""
    same: dict[str, list[Answer]] = defaultdict(list)
    for one in answers:
        same[" ".join(one.text.casefold().split())].append(one)
    return [
        evolve(best, likeness=best.likeness + _AGAIN * sum(one.likeness for one in others[:2]))
        for best, *others in same.values()
    ]


def _articles(reader: Reader | Transaction, texts: Sequence[str], public: bool, limit: int) -> dict[int, list[Answer]]:
    asked = tuple(Question(key=place, text=unnamed(text), public=public) for place, text in enumerate(texts))
    found: dict[int, list[Answer]] = defaultdict(list)
    for one in reader.ask("service_answers", questions=asked, limit=limit):
        if 0 <= one.question < len(texts) and (one.public or not public):
            told = Answer(
                entity=one.entity, id=one.id, title=one.title, text=one.text, url=one.url, likeness=one.likeness
            )
            found[one.question].append(told)
    return found


def _used(reader: Reader | Transaction, answers: Iterable[tuple[str, int]]) -> dict[tuple[str, int], tuple[int, int]]:
    d = deflection.c
    ids = {key for _entity, key in answers}
    if not ids:
        return {}
    counted = (
        select(
            d.answer_kind,
            d.answer_id,
            func.count().filter(d.status == "confirmed").label("confirmed"),
            func.count().filter(d.status != "confirmed").label("refused"),
        )
        .where(d.answer_id.in_(ids), d.answer_kind != "")
        .group_by(d.answer_kind, d.answer_id)
        .limit(2 * len(ids))
    )
    return {(row.answer_kind, row.answer_id): (row.confirmed, row.refused) for row in reader.rows(counted)}


def _with_use(one: Answer, used: Mapping[tuple[str, int], tuple[int, int]]) -> Answer:
    confirmed, refused = used.get((one.entity, one.id), (0, 0))
    return evolve(one, confirmed=confirmed, refused=refused)


def _best(answers: Iterable[Answer], limit: int) -> list[Answer]:
    ranked = sorted(answers, key=lambda one: (-one.rank, one.entity, -one.id))[:limit]
    return [evolve(one, place=place) for place, one in enumerate(ranked, 1)]
