"""What a figure of the profit and loss is made of: the entries of a ledger, one by one."""

from datetime import date

from crmcore.api import Reader
from crmcore.reports.report import Report
from crmcore_service.i18n import _
from crmcore_service.returns.costs import WHAT, ledger
from crmcore_service.returns.gains import CLAIMED, CONFIRMED, RENEWAL, SALE, SAVE, gains
from crmcore_service.returns.telling import costs_report, gains_report, words

_KINDS = {"renewals": RENEWAL, "saves": SAVE, "sales": SALE, "gains": "", "claims": ""}


def opened_report(
    reader: Reader, what: str, since: date | None, until: date | None, *, limit: int, after: int | None
) -> Report:
    """Return what `labour`, `costs`, `renewals`, `gains`, `claims` and so on are made of in a span of days.

    Added up over all pages the worth of the entries is the figure itself.
    """
    if what in (*WHAT, "costs"):
        kind = what if what in WHAT else ""
        spent = ledger(reader, limit=limit, after=after, what=kind, since=since, until=until)
        return costs_report(spent, words()[kind] if kind else _("Costs"))
    status = CLAIMED if what == "claims" else CONFIRMED
    brought = gains(
        reader, limit=limit, after=after, kind=_KINDS[what], status=status, since=since, until=until
    )  # fmt: skip
    titles = {"gains": _("Gains"), "claims": _("Claims")}
    return gains_report(brought, titles.get(what) or words()[_KINDS[what]])
