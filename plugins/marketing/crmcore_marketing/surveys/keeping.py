"""Surveys, and answers as they come in, one or a file of them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any

from attrs import evolve, field, frozen
from sqlalchemy import func, select

from crmcore.api import (
    InvalidInput,
    PluginReader,
    Reader,
    Rejection,
    TableRow,
    Transaction,
    party_ids,
    record_named,
    tables,
)
from crmcore_marketing.campaigns.members import customers_of, join
from crmcore_marketing.campaigns.touching import Touch, touch
from crmcore_marketing.i18n import _
from crmcore_marketing.model.survey import Answer, Survey
from crmcore_marketing.surveys.judging import sentiment
from crmcore_marketing.tables import answer, survey

CONTACT = ("contact", "contact id", "email", "e-mail", "name", "联系人", "邮箱", "电子邮件", "姓名")
PRODUCT, QUESTION = ("product", "产品"), ("question", "问题")
SENTIMENT, SCORE = ("sentiment", "opinion", "态度", "意见"), ("score", "rating", "评分", "分数")
VERBATIM = ("verbatim", "answer", "comment", "text", "原话", "回答", "评论", "意见内容")
WHEN, CHANNEL, KEY = ("at", "date", "time", "日期", "时间"), ("channel", "渠道"), ("id", "answer id", "编号")


@frozen(kw_only=True)
class Said:
    """What somebody answered, as it came; `line` is where in the file. Without a contact nobody is named."""

    contact: str = ""
    contact_id: int | None = None
    at: datetime | None = None
    question: str = ""
    product: str = ""
    sentiment: str = ""
    score: int | None = None
    verbatim: str = ""
    channel: str = ""
    key: str = ""
    line: int = 0


@frozen(kw_only=True)
class Taken:
    """What became of a file of answers: read = taken + known already + rejected."""

    read: int = 0
    taken: int = 0
    known: int = 0
    unjudged: int = 0
    rejected: Sequence[Rejection] = field(default=())


def add_survey(tx: Transaction, name: str, fields: Mapping[str, Any]) -> Survey:
    """Add a survey; raises `InvalidInput` for a name that another has."""
    if tx.first(select(survey.c.id).where(func.lower(survey.c.name) == name.strip().lower())):
        raise InvalidInput(_("There is a survey {name} already.").format(name=name))
    return tx.add(Survey(name=name.strip(), **fields))


def survey_named(reader: Reader | PluginReader, text: str) -> int:
    """Return the id of the survey that `text` names: its id or name; raises `NotFound`."""
    return record_named(reader, survey, text, called=_("survey"))


def said_in(row: TableRow) -> Said:
    """Return what a row of a table says; raises `InvalidInput` for a cell that is not what its heading says."""
    score = row.number(*SCORE)
    if score is not None and score != int(score):
        raise InvalidInput(_("score cannot be {value}: it is to be a whole number").format(value=score))
    day = row.instant(*WHEN)
    return Said(
        contact=row.text(*CONTACT), at=day, question=row.text(*QUESTION), product=row.text(*PRODUCT),
        sentiment=row.text(*SENTIMENT), score=None if score is None else int(score), verbatim=row.text(*VERBATIM),
        channel=row.text(*CHANNEL), key=row.text(*KEY), line=row.line,
    )  # fmt: skip


def take(tx: Transaction, survey_id: int, answers: Sequence[Said], *, source: str = "") -> Taken:
    """Take answers, each once however often its file is read: six statements for up to 5,000, and their journal.

    Whose contact is not known, or who says nothing at all, is rejected with the reason. Each answer of somebody we know
    is a touch with the survey's campaign. Nobody else adds answers to the survey meanwhile.
    """
    record = tx.get(Survey, survey_id)
    tx.lock(Survey, survey_id)
    rejected: list[Rejection] = []
    meant = party_ids(tx, tables.contact, [one.contact for one in answers if one.contact])
    good: dict[str, Said] = {}
    for one in answers:
        problem = meant.problems.get(one.contact, "") or _lack(one)
        if problem:
            rejected.append(Rejection(line=one.line, reason=problem, raw=one.contact or one.verbatim))
            continue
        good.setdefault(_key(survey_id, one), evolve(one, contact_id=one.contact_id or meant.ids.get(one.contact)))
    known = _known(tx, good)
    highest = max((one.score for one in good.values() if one.score is not None), default=5)
    employers = customers_of(tx, [one.contact_id for one in good.values() if one.contact_id])
    made = [
        _answer(record, key, one, employers, max(highest, 5), tx.now, source)
        for key, one in good.items()
        if key not in known
    ]
    for each in made:
        tx.add(each)
    tx.flush()
    answered = {one.contact_id for one in made if one.contact_id is not None}
    if record.campaign_id is not None and answered:
        join(tx, record.campaign_id, answered, status="responded", source=source, touched=False)
    touch(
        tx,
        [
            Touch(
                contact_id=one.contact_id, customer_id=one.customer_id, campaign_id=record.campaign_id,
                at=one.at or tx.now, kind="answer", channel=one.channel, product=one.product,
                entity=answer.name, record_id=one.id,
            )
            for one in made
            if one.contact_id is not None
        ],
    )  # fmt: skip
    return Taken(
        read=len(answers),
        taken=len(made),
        known=len(answers) - len(made) - len(rejected),
        unjudged=sum(not one.sentiment for one in made),
        rejected=tuple(rejected),
    )


def judge(tx: Transaction, answer_ids: Iterable[int], said: str) -> int:
    """Say how the people who gave these answers feel; raises `NotFound` for an answer that is not there."""
    count = 0
    for key in answer_ids:
        tx.get(Answer, key).sentiment = said
        count += 1
    return count


def _lack(one: Said) -> str:
    if one.sentiment or one.verbatim or one.score is not None:
        return ""
    return _("The answer says nothing: no score, no opinion, no words.")


def _key(survey_id: int, one: Said) -> str:
    told = one.key or "\x1f".join((one.contact, str(one.at), one.question, one.product, str(one.score), one.verbatim))
    return sha256(f"{survey_id}\x1f{told}".encode()).hexdigest()[:32]


def _known(tx: Transaction, keys: Mapping[str, Said]) -> set[str]:
    wanted = list(keys)
    found: set[str] = set()
    for start in range(0, len(wanted), 5_000):
        some = answer.c.external_id.in_(wanted[start : start + 5_000])
        found.update(row.external_id for row in tx.rows(select(answer.c.external_id).where(some)))
    return found


def _answer(
    record: Survey, key: str, one: Said, employers: Mapping[int, int], highest: int, now: datetime, source: str
) -> Answer:
    return Answer(
        survey_id=record.id, contact_id=one.contact_id, customer_id=employers.get(one.contact_id or 0),
        at=one.at or now, question=one.question, product=one.product,
        sentiment=sentiment(one.sentiment, score=one.score, highest=highest, verbatim=one.verbatim), score=one.score,
        verbatim=one.verbatim or one.sentiment, channel=one.channel, external_id=key, source=source,
    )  # fmt: skip
