"""What the methods in use find in deals: which of their questions are answered, by whom, and the red flags."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from attrs import frozen

from crmcore.api import PluginReader, Reader
from crmcore_sales.methods.deals import deals
from crmcore_sales.methods.spec import Deal, Finding, Question
from crmcore_sales.methods.using import installed, used


@frozen(kw_only=True)
class Answer:
    """A question of a method to a deal, and what answers it: text, who said it and when; `by` is empty if nothing."""

    key: str
    question: str
    answered: bool
    by: str = ""
    on: date | None = None


@frozen(kw_only=True)
class Flag:
    """A red flag: what is wrong, and about whom."""

    key: str
    text: str
    about: str = ""
    contact_id: int | None = None


@frozen(kw_only=True)
class Check:
    """A deal as one method sees it."""

    deal: Deal
    method: str
    title: str
    answers: tuple[Answer, ...]
    flags: tuple[Flag, ...]

    @property
    def answered(self) -> int:
        """How many of the questions are answered."""
        return sum(one.answered for one in self.answers)


def checks(reader: Reader | PluginReader, ids: Sequence[int]) -> list[Check]:
    """Return what every method in use says of these opportunities, deal by deal.

    The plugins are asked once for all deals; what one says of a deal it was not asked about is left out. Nothing is
    read where no plugin brings a method.
    """
    known = installed(reader)
    chosen = used(reader, ids) if known and ids else {}
    seen = deals(reader, [each for each in ids if known.keys() & chosen.get(each, ())])
    by_method: dict[str, list[Deal]] = defaultdict(list)
    for deal in seen:
        for name in chosen[deal.id]:
            if name in known:
                by_method[name].append(deal)
    flags: dict[tuple[int, str], list[Flag]] = defaultdict(list)
    if by_method:
        asked = {name: tuple(each) for name, each in by_method.items()}
        for one in reader.ask("sales_findings", deals=asked):
            if one.method in known and one.flag in known[one.method].flags:
                flags[one.deal_id, one.method].append(_flag(one, known[one.method].flags[one.flag]))
    return [
        Check(
            deal=deal,
            method=name,
            title=known[name].title,
            answers=tuple(_answer(question, deal) for question in known[name].questions),
            flags=tuple(flags[deal.id, name]),
        )
        for deal in seen
        for name in chosen[deal.id]
        if name in known
    ]


def _flag(one: Finding, text: str) -> Flag:
    return Flag(key=one.flag, text=text, about=one.about, contact_id=one.contact_id)


def _answer(question: Question, deal: Deal) -> Answer:
    people = deal.holding(*question.roles)
    said = deal.of(*question.kinds)
    if people:
        by, on = ", ".join(one.name for one in people), None
    elif said:
        last = said[-1]
        by, on = f"{last.text} ({last.name})" if last.name else last.text, last.on
    else:
        by, on = "", None
    return Answer(key=question.key, question=question.text, answered=bool(people or said), by=by, on=on)
