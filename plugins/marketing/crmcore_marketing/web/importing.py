"""Taking the visits of an access log: pages that people looked at, and everything that came by a campaign's address."""

from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

from attrs import define, field
from sqlalchemy import insert, select

from crmcore.api import Rejection, Transaction
from crmcore_marketing.tables import visit
from crmcore_marketing.web.logs import Request, requests
from crmcore_marketing.web.tags import campaign_of, campaigns_tagged

_AT_ONCE = 5_000
_SHOWN = 1_000


@define(kw_only=True)
class Taken:
    """What became of a log: read = taken + known + passed over + rejected.

    Of the requests read, `tagged` came by a campaign's address, `machines` were no persons'. Passed over is what is no
    page, or a machine's without a tag. `rejections` are the first thousand.
    """

    read: int = 0
    taken: int = 0
    known: int = 0
    passed_over: int = 0
    rejected: int = 0
    tagged: int = 0
    machines: int = 0
    untied: int = 0
    rejections: list[Rejection] = field(factory=list)


def take(path: Path, transaction: Callable[[], Transaction], show: Callable[[int], None] = lambda _n: None) -> Taken:
    """Take the visits of a log, each once however often the file is read: three statements for each 5,000 lines.

    Each portion is a transaction of its own, so that what is cut off goes on where it stopped when it is read again.
    `untied` counts tagged visits whose tag names no campaign of ours.
    """
    told = Taken()
    for portion in _portions(requests(path)):
        wanted = []
        for one in portion:
            told.read += 1
            if isinstance(one, Rejection):
                told.rejected += 1
                if len(told.rejections) < _SHOWN:
                    told.rejections.append(one)
                continue
            told.tagged += bool(one.utm)
            told.machines += one.machine
            if one.utm or (one.is_page and not one.machine):
                wanted.append(one)
            else:
                told.passed_over += 1
        if wanted:
            with transaction() as tx:
                _write(tx, wanted, path.name, told)
        show(told.read)
    return told


def _portions(found: Iterator[Request | Rejection]) -> Iterator[list[Request | Rejection]]:
    while portion := list(islice(found, _AT_ONCE)):
        yield portion


def _write(tx: Transaction, wanted: list[Request], source: str, told: Taken) -> None:
    tx.begin()  # nobody else takes the same lines between the look and the writing
    keys = visit.c.external_id.in_([one.key for one in wanted])
    known = {row.external_id for row in tx.rows(select(visit.c.external_id).where(keys))}
    fresh = [one for one in wanted if one.key not in known]
    campaigns = campaigns_tagged(tx, [one.utm for one in fresh if one.utm])
    rows = [
        {
            "id": tx.new_id(), "visitor_id": None, "at": one.at, "path": one.path, "referrer": one.referrer,
            "product": "", "campaign_id": campaign_of(one.utm, campaigns), "utm": one.utm, "machine": one.machine,
            "external_id": one.key, "source": f"{source}:{one.line}",
        }
        for one in fresh
    ]  # fmt: skip
    if rows:
        tx.execute(insert(visit), rows)
    told.taken += len(rows)
    told.known += len(known)
    told.untied += sum(bool(row["utm"]) and row["campaign_id"] is None for row in rows)
