"""What service costs, from a row of a table: time sheets, an accountant's list, our own."""

from collections.abc import Iterator
from decimal import Decimal

from crmcore.api import Incoming, IncomingRecord, IncomingReference, InvalidInput, TableRow
from crmcore_service.formats import headings as h
from crmcore_service.i18n import _

_WHAT = {
    "labour": ("labour", "labor", "time", "hours", "work", "人工", "工时"),
    "parts": ("parts", "part", "material", "materials", "spare parts", "配件", "备件", "材料"),
    "travel": ("travel", "trip", "mileage", "transport", "差旅", "交通"),
}
"""By our word: what others write for it; anything else is another cost."""


def cost(row: TableRow, currency: str) -> Iterator[Incoming]:
    """Yield an entry of the ledger; one that said the same before is the same. `currency` is the workspace's own."""
    amount, day = row.amount(*h.COST_AMOUNT), row.day(*h.COST_DAY)
    if amount is None or not amount.value:
        raise InvalidInput(_("it needs an amount"))
    if day is None:
        raise InvalidInput(_("it needs the day on which it was spent"))
    code = row.text(*h.COST_CURRENCY).upper() or amount.currency or currency
    minutes = row.number(*h.COST_MINUTES)
    yield IncomingRecord(
        line=row.line,
        entity="service_cost",
        external_id=row.text(*h.COST_ID),
        values={
            "amount": amount.value,
            "day": day,
            "what": _kind(row.text(*h.COST_KIND)),
            "minutes": None if minutes is None else int(minutes),
            "currency": code,
            "rate": _rate(row, code, currency),
            "note": row.text(*h.COST_NOTE),
        },
        references=_references(row),
    )


def _kind(said: str) -> str:
    return next((name for name, words in _WHAT.items() if said.casefold() in words), "other")


def _rate(row: TableRow, code: str, currency: str) -> Decimal:
    if code == currency or not currency:
        return Decimal(1)
    said = row.number(*h.COST_RATE)
    if said is None or said <= 0:
        raise InvalidInput(
            _("it is in {currency}; a column Rate says what one was worth in {base}").format(
                currency=code, base=currency
            )
        )
    return said


def _references(row: TableRow) -> dict[str, IncomingReference]:
    """Return what a cost is about; a ticket is named by its id in the system it came from, or by its subject."""
    ticket, contract = row.text(*h.COST_TICKET), row.text(*h.COST_CONTRACT)
    return {
        "ticket_id": IncomingReference(
            entity="service_ticket", external_id=ticket, text=ticket, by=("subject",), optional=not ticket
        ),
        "contract_id": IncomingReference(
            entity="service_contract", external_id=contract, text=contract, by=("number", "name"), optional=not contract
        ),
        "customer_id": IncomingReference(entity="customer", text=row.text(*h.CUSTOMER), optional=True),
        "user_id": IncomingReference(entity="user_account", text=row.text(*h.COST_USER), optional=True),
    }
