"""Whether a customer is about to leave us: from silence and from fewer orders, each sign explained."""

from datetime import date, timedelta
from itertools import pairwise
from statistics import median

from attrs import frozen

from crmcore.api import PluginReader, Reader
from crmcore_sales.i18n import _
from crmcore_sales.quoting.history import last_talk, orders

LOW, MEDIUM, HIGH = "low", "medium", "high"
SILENCE = 90
"""Days without a word after which silence is a sign."""
OVERDUE = 1.5
"""How many times its usual interval a customer may stay without an order."""
_YEAR = timedelta(days=365)


@frozen(kw_only=True)
class Churn:
    """How likely a customer is to leave: low, medium (one sign) or high (two signs or more), and the signs."""

    risk: str
    signs: tuple[str, ...]


def churn(reader: Reader | PluginReader, customer_id: int, today: date) -> Churn:
    """Return the risk that a customer leaves. Three statements."""
    signs = []
    talk = last_talk(reader, customer_id)
    bought = orders(reader, customer_id, today - _YEAR, today - 2 * _YEAR)
    if talk is None:
        signs.append(_("no word with them is on record"))
    elif (today - talk).days > SILENCE:
        signs.append(_("no word for {days} days").format(days=(today - talk).days))
    if bought.before and bought.recent < bought.before:
        signs.append(
            _("{n} orders in the last 12 months, {before} in the 12 before").format(
                n=bought.recent, before=bought.before
            )
        )
    usual = _usual(bought.days)
    if usual and (today - bought.days[0]).days > OVERDUE * usual:
        signs.append(
            _("the last order was {days} days ago, usually they order every {usual}").format(
                days=(today - bought.days[0]).days, usual=usual
            )
        )
    return Churn(risk=HIGH if len(signs) > 1 else MEDIUM if signs else LOW, signs=tuple(signs))


def _usual(days: tuple[date, ...]) -> int:
    """Return the usual number of days between two orders; 0 where there are too few to tell."""
    gaps = [(later - earlier).days for later, earlier in pairwise(days)]
    return round(median(gaps)) if len(gaps) > 1 else 0
