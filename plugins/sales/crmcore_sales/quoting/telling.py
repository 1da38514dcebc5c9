"""Telling reps and their manager of two prices for one product: by tasks, when it is held and when it is settled.

Tasks name no prices: not everybody who sees a task sees prices.
"""

from collections.abc import Sequence
from decimal import Decimal

from crmcore.api import NotifyTransaction, Task, Transaction, here, logins, names, tables
from crmcore_sales.catalogue.products import titles
from crmcore_sales.i18n import _
from crmcore_sales.model.quote import Quote
from crmcore_sales.quoting.coherence import Conflict
from crmcore_sales.quoting.people import managers

Writing = Transaction | NotifyTransaction


def tell_of_hold(tx: Transaction, record: Quote, found: Sequence[Conflict]) -> None:
    """Give a task to the quote's owner, to those whose quotes it contradicts, and to their managers."""
    note = _("Held: crm sales quote send {number} --reason WHY lets it replace the other, quote revise changes it.")
    _tell(tx, record, _subject(tx, record, found), note.format(number=record.number), _concerned(tx, record, found))


def tell_of_end(tx: Transaction, record: Quote, found: Sequence[Conflict]) -> None:
    """Tell those whose quotes gave way to another, and the managers, that it replaced them and why."""
    subject = _("Quote {numbers} gave way to {number} of {login}: {reason}").format(
        numbers=", ".join(dict.fromkeys(one.earlier.number for one in found)),
        number=record.number,
        login=logins(tx, [record.owner_id]).get(record.owner_id or 0, "?"),
        reason=record.reason,
    )
    told = [each for each in _concerned(tx, record, found) if each != record.owner_id]
    _tell(tx, record, subject, _subject(tx, record, found), told, source="sales")


def tell_of_meeting(tx: NotifyTransaction, record: Quote, found: Sequence[Conflict]) -> None:
    """Tell the owners and their managers of two prices that met because two customers were merged."""
    note = _("The customers were merged; both quotes are open. Withdraw one, or revise it: crm sales quote conflicts")
    _tell(tx, record, _subject(tx, record, found), note, _concerned(tx, record, found))


def settle(tx: Transaction, record: Quote) -> None:
    """Let the tasks about a quote be done: nothing holds it any more."""
    c = tables.task.c
    about = (c.customer_id == record.customer_id, c.status == "open", c.source == source_of(record))
    for task in tx.load(Task, *about):
        task.status, task.closed_at = "done", tx.now


def source_of(record: Quote) -> str:
    """Return what the tasks are found by that are done when nothing holds a quote any more."""
    return f"sales quote {record.number}"


def differing(percent: Decimal) -> str:
    """Return in words by how much a price is less than another, or more."""
    return _("{n}% less").format(n=percent) if percent >= 0 else _("{n}% more").format(n=-percent)


def _concerned(tx: Writing, record: Quote, found: Sequence[Conflict]) -> list[int]:
    """Return the owners of the quotes, then their managers."""
    owners = [each for each in (record.owner_id, *(one.earlier.owner_id for one in found)) if each is not None]
    return list(dict.fromkeys((*owners, *managers(tx, owners).values())))


def _tell(tx: Writing, record: Quote, subject: str, note: str, users: Sequence[int], source: str = "") -> None:
    for each in users:
        tx.add(
            Task(
                subject=subject,
                due=here(tx).today,
                owner_id=each,
                customer_id=record.customer_id,
                note=note,
                source=source or source_of(record),
            )
        )


def _subject(tx: Writing, record: Quote, found: Sequence[Conflict]) -> str:
    products = titles(tx, (one.later.product_id for one in found))
    users = logins(tx, (record.owner_id, *(one.earlier.owner_id for one in found)))
    pairs = "; ".join(
        _("{product} in {other} ({second}) is {percent} than in {one} ({first})").format(
            product=products.get(each.later.product_id, ("?",))[0],
            other=each.later.number,
            second=users.get(record.owner_id or 0, "?"),
            percent=differing(each.percent),
            one=each.earlier.number,
            first=users.get(each.earlier.owner_id or 0, "?"),
        )
        for each in found
    )
    customer = names(tx, tables.customer, [record.customer_id]).get(record.customer_id or 0, "")
    return _("Two prices for {customer}: {pairs}").format(customer=customer, pairs=pairs)
