"""Taking in a few records at once, matched as an import matches them, in a transaction that somebody has open."""

from collections.abc import Iterable
from typing import cast

from crmcore.engine.lent import NotifyTransaction, host_of
from crmcore.engine.transaction import Transaction
from crmcore.engine.workspace import settings
from crmcore.importing import lookup
from crmcore.importing.clean import clean
from crmcore.importing.context import Options, Step
from crmcore.importing.portion import write_portion
from crmcore.importing.proposals import propose
from crmcore.importing.report import Report
from crmcore.model.incoming import Incoming


def take_in(
    tx: Transaction | NotifyTransaction, records: Iterable[Incoming], *, source: str, scheme: str = ""
) -> Report:
    """Take in records that came in one by one, such as a form of a web page: no person is made twice.

    They are matched with what is stored as in `crm import`; possible duplicates are put to be looked at. `source` says
    where they came from, `scheme` which system their ids belong to. What is refused is in the report, with its reason;
    the rest of the transaction goes on. For thousands there is `crm import`.
    """
    if isinstance(tx, NotifyTransaction):
        with host_of(tx) as host:
            return _taken(cast(Transaction, host), records, source, scheme)
    return _taken(tx, records, source, scheme)


def _taken(tx: Transaction, records: Iterable[Incoming], source: str, scheme: str) -> Report:
    tx.begin()
    said = settings(tx.connection)
    region = str(said.get("region") or "")
    step = Step(
        tx=tx,
        batch_id=None,
        file=source,
        scheme=scheme,
        region=region,
        settings=said,
        users=lookup.users(tx, region),
        owners=lookup.writable_owners(tx),
        options=Options(reading={"region": region, "zone": str(said.get("zone") or "UTC")}),
        report=Report(),
    )
    created = write_portion(step, [(clean(one),) for one in records])
    tx.flush()
    propose(tx, created, step.report)
    return step.report
