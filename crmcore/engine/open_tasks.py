"""Which open tasks and promises are about a party: found through the index of each link, not among all open ones."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, bindparam, select, union_all

from crmcore.engine.tables import task
from crmcore.engine.types import Id

_KEY = bindparam("id", type_=Id)


def open_of(customers: Collection[int], contacts: Collection[int]) -> ColumnElement[bool]:
    """Return the condition that a task is open and about one of these customers or contacts."""
    return _either(task.c.customer_id.in_(customers), task.c.contact_id.in_(contacts))


def _either(*about: ColumnElement[bool]) -> ColumnElement[bool]:
    # One select for each link: with OR, SQLite would read every open task of the workspace.
    found: list[Any] = [select(task.c.id).where(one, task.c.status == "open") for one in about]
    return task.c.id.in_(union_all(*found)) if len(found) > 1 else task.c.id.in_(found[0])


OPEN_ABOUT = {
    "contact": _either(task.c.contact_id == _KEY),
    "customer": _either(
        task.c.customer_id == _KEY,
        task.c.contact_id.in_(bindparam("people", expanding=True)) & task.c.customer_id.is_(None),
    ),
}
"""By what a brief is about: the condition with the parameters `id` and, for a customer, `people` (its contacts)."""
