"""Where the winner of a merge of customers stands among parents and subsidiaries: never below itself."""

from typing import Any

from sqlalchemy import Connection, Table, select

from crmcore.engine.tables import customer
from crmcore.model.party import Customer


def survivor(connection: Connection, party: Table, record_id: int) -> int:
    """Return the record that holds what belonged to this one: itself, or whom it was merged into, over all merges."""
    while True:
        into = connection.execute(select(party.c.merged_into_id).where(party.c.id == record_id)).scalar()
        if into is None:
            return record_id
        record_id = into


def above(connection: Connection, customer_id: int) -> set[int]:
    """Return the ids of all customers above this one."""
    line = select(customer.c.id, customer.c.parent_id).where(customer.c.id == customer_id).cte(recursive=True)
    line = line.union(select(customer.c.id, customer.c.parent_id).join(line, customer.c.id == line.c.parent_id))
    statement = select(line.c.parent_id).where(line.c.parent_id.is_not(None))
    return set(connection.execute(statement).scalars())


def place(connection: Connection, winner: Customer, loser: Customer) -> dict[str, list[Any]]:
    """Give the winner the loser's parent where it has none, or where the loser stood above it.

    Returns the parent before and after, under `parent_id`, if it changed.
    """
    higher = above(connection, winner.id)
    if loser.id in higher:
        parent = None if loser.parent_id == winner.id else loser.parent_id
    elif winner.parent_id is None and winner.id not in above(connection, loser.id):
        parent = loser.parent_id
    else:
        return {}
    before, winner.parent_id = winner.parent_id, parent
    return {} if before == parent else {"parent_id": [before, parent]}


def displace(connection: Connection, winner: Customer, placed: list[Any]) -> None:
    """Give the winner its former parent back, if its parent is still the one the merge gave it."""
    before, after = placed
    if winner.parent_id == (after if after is None else survivor(connection, customer, after)):
        winner.parent_id = before
