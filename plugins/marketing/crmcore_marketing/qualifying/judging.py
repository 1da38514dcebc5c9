"""What follows from the answers of the form: a need now, one to ask about again on a day, or none (row S4-03)."""

from datetime import date, timedelta
from decimal import Decimal

from attrs import field, frozen

from crmcore.api import InvalidInput
from crmcore_marketing.i18n import _

NOW, LATER, NONE = "now", "later", "none"
_NO = frozenset(
    {"", "no", "none", "nothing", "no need", "n", "-", "–", "否", "无", "没有", "不需要", "无需求", "没有需求"}
)


@frozen(kw_only=True)
class Answers:
    """What somebody said in the form: what is needed, how much of what, by when, for what money.

    `again_on` is a day they named to be asked again. Without a need, a product or a quantity there is none.
    """

    need: str = ""
    product: str = ""
    quantity: Decimal | None = None
    need_by: date | None = None
    budget: Decimal | None = None
    currency: str = ""
    again_on: date | None = None

    @property
    def needs(self) -> bool:
        """Whether anything is needed."""
        return self.need.strip().casefold() not in _NO or bool(self.product.strip()) or bool(self.quantity)


@frozen(kw_only=True)
class Rule:
    """The days within which a need is one for now, and after which is asked again where no day follows from it."""

    within: int
    again: int


@frozen(kw_only=True)
class Judged:
    """Now, later (to be asked again on a day) or none."""

    result: str
    again_on: date | None = field(default=None)


def judge(answers: Answers, rule: Rule, today: date) -> Judged:
    """Return what follows from answers that are given on a day.

    A need by a day within the rule's days is one for now. A later one is asked about again so many days before it, on
    the day they named, or after a while where neither is known. Raises `InvalidInput` for days that are over.
    """
    for name, day in ((_("need by"), answers.need_by), (_("again on"), answers.again_on)):
        if day is not None and day < today:
            raise InvalidInput(_("{name} {day} is over on {today}.").format(name=name, day=day, today=today))
    if answers.needs and answers.need_by is not None and answers.again_on is None:
        ahead = (answers.need_by - today).days
        if ahead <= rule.within:
            return Judged(result=NOW)
        return Judged(result=LATER, again_on=answers.need_by - timedelta(days=rule.within))
    if answers.again_on is not None:
        return Judged(result=LATER, again_on=answers.again_on)
    if answers.needs:
        return Judged(result=LATER, again_on=today + timedelta(days=rule.again))
    return Judged(result=NONE)
