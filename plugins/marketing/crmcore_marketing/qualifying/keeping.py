"""Keeping what people answered: each a qualification, with a task to ask again, a touch, and a lead where it is one."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from attrs import field, frozen
from sqlalchemy import ColumnElement, or_

from crmcore.api import (
    Here,
    InvalidInput,
    NotFound,
    NotifyTransaction,
    Rejection,
    Task,
    Transaction,
    currency,
    here,
    names,
    tables,
)
from crmcore_marketing.campaigns.members import customers_of, join, move_on
from crmcore_marketing.campaigns.touching import Touch, touch
from crmcore_marketing.i18n import _
from crmcore_marketing.model.campaign import Member
from crmcore_marketing.model.qualification import Qualification
from crmcore_marketing.qualifying.judging import LATER, NONE, NOW, Answers, Judged, Rule, judge
from crmcore_marketing.tables import member, qualification

_RESPONDED = "responded"

AnyTransaction = Transaction | NotifyTransaction


@frozen(kw_only=True)
class Asked:
    """A contact, what it answered, whom and when it told that; `line` is where in a file that stands."""

    contact_id: int
    answers: Answers
    agent_id: int | None = None
    at: datetime | None = None
    note: str = ""
    line: int = 0


@frozen(kw_only=True)
class Kept:
    """What became of answers: how many need something now, later, nothing; those rejected, with the reason."""

    now: int = 0
    later: int = 0
    none: int = 0
    qualifications: Sequence[Qualification] = ()
    rejected: Sequence[Rejection] = field(default=())


def rule(tx: AnyTransaction) -> Rule:
    """Return the days that count, as this workspace has set them."""
    return Rule(within=int(tx.setting("marketing.need_days")), again=int(tx.setting("marketing.again_days")))


def keep(tx: AnyTransaction, asked: Sequence[Asked], *, campaign_id: int | None = None, source: str = "") -> Kept:
    """Keep what contacts answered, in the campaign they were asked for; they are its members then, and have responded.

    A need later is a task of who asked, due on the day to ask again; a task of an earlier answer in that campaign is
    done. What is not sound is rejected and said; nothing else is held up by it. Ten statements for up to 5,000 answers,
    and their journal.
    """
    place, limits = here(tx), rule(tx)
    sound: list[tuple[Asked, Judged]] = []
    rejected: list[Rejection] = []
    people = names(tx, tables.contact, (one.contact_id for one in asked))
    seen: dict[int, int] = {}
    for one in asked:
        try:
            _must_be_first(one, seen)
            sound.append((one, _judged(one, people, limits, place, tx.now)))
        except (InvalidInput, NotFound) as error:
            rejected.append(Rejection(line=one.line, reason=str(error), raw=str(one.contact_id)))
    members = _members(tx, campaign_id, [one.contact_id for one, _judgement in sound], source)
    _done(tx, campaign_id, [one.contact_id for one, _judgement in sound])
    customers = customers_of(tx, [one.contact_id for one, _judgement in sound])
    usual = currency(tx)
    kept = [
        tx.add(
            Qualification(
                contact_id=one.contact_id,
                customer_id=customers.get(one.contact_id),
                campaign_id=campaign_id,
                member_id=members.get(one.contact_id),
                agent_id=one.agent_id or tx.actor.user_id or None,
                at=one.at or tx.now,
                need=one.answers.need.strip() if judgement.result != NONE else "",
                product=one.answers.product.strip(),
                quantity=one.answers.quantity,
                need_by=one.answers.need_by,
                budget=one.answers.budget,
                currency=one.answers.currency or usual,
                result=judgement.result,
                again_on=judgement.again_on,
                note=one.note,
                source=source,
            )
        )
        for one, judgement in sound
    ]
    _ask_again(tx, kept, people)
    tx.flush()
    touch(tx, [_touch(one, tx.now) for one in kept])
    counts = {result: sum(one.result == result for one in kept) for result in (NOW, LATER, NONE)}
    return Kept(**counts, qualifications=kept, rejected=rejected)


def _must_be_first(one: Asked, seen: dict[int, int]) -> None:
    before = seen.setdefault(one.contact_id, one.line)
    if before != one.line:
        raise InvalidInput(_("contact {id} stands in line {line} already").format(id=one.contact_id, line=before))


def _judged(one: Asked, people: Mapping[int, str], limits: Rule, place: Here, now: datetime) -> Judged:
    if one.contact_id not in people:
        raise NotFound(_("There is no contact {id}.").format(id=one.contact_id))
    if one.at is not None and one.at > now:
        raise InvalidInput(
            _("{at} is still to come.").format(at=one.at.astimezone(place.zone).isoformat(" ", "minutes"))
        )
    return judge(one.answers, limits, (one.at or now).astimezone(place.zone).date())


def _members(tx: AnyTransaction, campaign_id: int | None, contact_ids: Sequence[int], source: str) -> Mapping[int, int]:
    """Return the members that contacts are in a campaign, who have responded now and are no longer to be handled."""
    if campaign_id is None or not contact_ids:
        return {}
    joined = join(tx, campaign_id, contact_ids, status=_RESPONDED, source=source, touched=False)
    wanted = set(contact_ids)
    members = {contact: key for contact, key in joined.members.items() if contact in wanted}
    c = member.c
    waiting = or_(c.handled_at.is_(None), c.responded_at.is_(None))
    for record in tx.load(Member, c.id.in_(list(members.values())), waiting):
        record.handled_at = record.handled_at or tx.now
        if record.responded_at is None:
            move_on(record, record.status, tx.now)
            record.responded_at = tx.now
    return members


def _done(tx: AnyTransaction, campaign_id: int | None, contact_ids: Sequence[int]) -> None:
    """Close the tasks to ask these contacts again: they were."""
    c = qualification.c
    same: ColumnElement[bool] = c.campaign_id.is_(None) if campaign_id is None else c.campaign_id == campaign_id
    ids = [
        one.task_id
        for one in tx.load(Qualification, c.contact_id.in_(contact_ids), c.task_id.is_not(None), same)
        if one.task_id is not None
    ]
    for task in tx.load(Task, tables.task.c.id.in_(ids), tables.task.c.status == "open") if ids else ():
        task.status, task.closed_at = "done", tx.now


def _ask_again(tx: AnyTransaction, kept: Iterable[Qualification], people: Mapping[int, str]) -> None:
    made = []
    for one in kept:
        if one.result == LATER:
            what = " ".join(part for part in (one.need, _amount(one)) if part)
            name = people.get(one.contact_id or 0, "")
            task = tx.add(
                Task(
                    subject=_("Ask {name} again: {need}").format(name=name, need=what).rstrip(": "),
                    due=one.again_on,
                    owner_id=one.agent_id,
                    contact_id=one.contact_id,
                    customer_id=one.customer_id,
                    source="marketing",
                )
            )
            made.append((one, task))
    for one, task in made:
        one.task_id = task.id


def _amount(one: Qualification) -> str:
    many = "" if one.quantity is None else f"{one.quantity.normalize():f}"
    return " ".join(part for part in (many, one.product) if part)


def _touch(one: Qualification, now: datetime) -> Touch:
    return Touch(
        campaign_id=one.campaign_id, kind="qualified", at=one.at or now, contact_id=one.contact_id,
        customer_id=one.customer_id, product=one.product, engaging=one.result != NONE, entity=qualification.name,
        record_id=one.id,
    )  # fmt: skip
