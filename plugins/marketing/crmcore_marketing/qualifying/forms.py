"""Answers that others bring, such as a script on the telephone: kept as qualifications, and handed over (row S4-03)."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import func, select

from crmcore.api import Answered, InvalidInput, Kept, NotFound, NotifyTransaction, PluginReader, Sum, here
from crmcore_marketing.campaigns.finding import campaign_named
from crmcore_marketing.i18n import _
from crmcore_marketing.model.qualification import Qualification
from crmcore_marketing.qualifying.handing import Handed, hand_over
from crmcore_marketing.qualifying.judging import LATER, NONE, NOW, Answers
from crmcore_marketing.qualifying.keeping import Asked
from crmcore_marketing.qualifying.keeping import keep as keep_asked
from crmcore_marketing.tables import qualification


def keep(tx: NotifyTransaction, answers: Sequence[Answered]) -> Sequence[Kept]:
    """Keep answers in the campaign that each is about, and hand over who needs something now.

    What names no campaign is kept in none. As many statements as for a file of answers, for each campaign.
    """
    by_campaign: dict[str, list[int]] = defaultdict(list)
    for place, one in enumerate(answers):
        by_campaign[one.about.strip()].append(place)
    found: dict[int, Kept] = {}
    for about, places in by_campaign.items():
        asked = [_asked(answers[place], place + 1) for place in places]
        done = keep_asked(tx, asked, campaign_id=_campaign(tx, about), source=about)
        handed = hand_over(tx, done.qualifications)
        found |= {one.line - 1: Kept(problem=one.reason) for one in done.rejected}
        sound = [place for place in places if place not in found]
        found |= {place: _told(one, handed) for place, one in zip(sound, done.qualifications, strict=True)}
    return [found[place] for place in range(len(answers))]


def known(reader: PluginReader, contact_ids: Sequence[int]) -> Mapping[int, Mapping[str, Any]]:
    """Return what contacts said they need when they were asked last, where the day is not over: one statement."""
    c, today = qualification.c, here(reader).today
    last = select(func.max(c.id)).where(c.contact_id.in_(contact_ids)).group_by(c.contact_id)
    columns = select(c.contact_id, c.need, c.product, c.quantity, c.need_by, c.budget, c.currency, c.again_on)
    told: dict[int, Mapping[str, Any]] = {}
    for row in reader.rows(columns.where(c.id.in_(last), c.result != NONE)):
        days = {
            name: day
            for name, day in (("need_by", row.need_by), ("again_on", row.again_on))
            if day is not None and day >= today
        }
        said = {"need": row.need, "product": row.product, "quantity": row.quantity}
        money = {} if row.budget is None else {"budget": Sum(value=row.budget, currency=row.currency)}
        told[row.contact_id] = {**{name: value for name, value in said.items() if value}, **days, **money}
    return told


def _campaign(tx: NotifyTransaction, about: str) -> int | None:
    try:
        return campaign_named(tx, about) if about else None
    except (NotFound, InvalidInput):  # it is about something else than a campaign
        return None


def _asked(one: Answered, line: int) -> Asked:
    said, nothing = one.values, bool(one.values.get("none"))
    budget: Sum | None = said.get("budget")
    answers = Answers(again_on=said.get("again_on"))
    if not nothing:
        answers = Answers(
            need=said.get("need", ""),
            product=said.get("product", ""),
            quantity=said.get("quantity"),
            need_by=said.get("need_by"),
            budget=budget.value if budget else None,
            currency=budget.currency if budget else "",
            again_on=said.get("again_on"),
        )
    return Asked(
        contact_id=one.contact_id, answers=answers, agent_id=one.user_id, at=one.at, note=said.get("note", ""),
        line=line,
    )  # fmt: skip


def _told(one: Qualification, handed: Handed) -> Kept:
    return Kept(entity=qualification.name, id=one.id, result=one.result, sentence=_said(one, handed))


def _said(one: Qualification, handed: Handed) -> str:
    if one.result == LATER:
        return _("later: asked again on {day}").format(day=one.again_on)
    if one.result != NOW:
        return _("needs nothing")
    if one.id in handed.made:
        entity, record_id = handed.made[one.id]
        return _("now: {what} {id}").format(what=_(entity.rpartition("_")[2]), id=record_id)
    return _("now: nobody goes on with it yet") if handed.waiting else _("now: in hand already")
