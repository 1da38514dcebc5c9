"""How a pair of records that may be one is shown to people, on a terminal of 80 columns."""

from collections.abc import Iterable

from crmcore.cli.output import print_table
from crmcore.i18n import _
from crmcore.matching.record import Evidence, MatchRecord
from crmcore.review.queue import Proposal

_ALIKE = 0.99


def row_of(pair: Proposal) -> tuple[str, str, str, str]:
    """Return the row of a list: score, both ids, both names, the evidence in words, strongest first."""
    strongest = sorted(pair.evidence, key=lambda one: -abs(one.weight))
    told = ", ".join(_in_words(one) for one in strongest)
    return _percent(pair.score), f"{pair.a}\n{pair.b}", "\n".join(pair.names), told


def print_pair(pair: Proposal, records: tuple[MatchRecord, MatchRecord]) -> None:
    """Print two records side by side, and the evidence with its weight in bits."""
    title = _("{score} that these are one {kind}").format(score=_percent(pair.score), kind=_(pair.kind))
    if pair.state:
        title = _("{title} ({state})").format(title=title, state=_(pair.state))
    first, second = (dict(_fields(record)) for record in records)
    rows = [(name, first[name], second[name]) for name in first if first[name] or second[name]]
    print_table(["", str(pair.a), str(pair.b)], rows, title=title)
    reasons = [
        (f"{one.weight:+.1f}", _(one.feature), _agreement(one), one.a, one.b)
        for one in sorted(pair.evidence, key=lambda one: -one.weight)
    ]
    print_table([_("weight"), _("evidence"), _("agree"), str(pair.a), str(pair.b)], reasons, title="\n" + _("Evidence"))


def _percent(score: float) -> str:
    return f"{int(score * 1000) / 10:.1f}%"  # never rounded up to certainty


def _in_words(one: Evidence) -> str:
    if one.agreement >= _ALIKE:
        return f"{_(one.feature)} = {one.a}"
    sign = "~" if one.weight > 0 else "≠"
    return f"{_(one.feature)} {one.a} {sign} {one.b}"


def _agreement(one: Evidence) -> str:
    return "=" if one.agreement >= _ALIKE else f"{one.agreement:.0%}"


def _fields(record: MatchRecord) -> Iterable[tuple[str, str]]:
    yield _("name"), record.name
    yield _("organisation"), record.organisation
    yield _("e-mail"), "\n".join(record.emails)
    yield _("phone"), "\n".join(record.phones)
    yield _("web"), "\n".join(record.urls)
    place = f"{record.postcode} {record.city}".strip()
    yield _("address"), "\n".join(part for part in (record.street, place, record.region, record.country) if part)
    yield _("birthday"), record.birthday
    yield _("number"), "\n".join(record.identifiers)
