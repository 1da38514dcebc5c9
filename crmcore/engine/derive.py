"""Columns computed from a record when it is written: sort keys, match keys, search text."""

from datetime import UTC, datetime, time

from crmcore.hooks.entities import Row
from crmcore.model.names import name_key, search_text, sort_key


def party_columns(row: Row) -> None:
    """Fill a customer's or contact's keys: for sorting, for matching, for substring search."""
    name = row["name"]
    row["sort_key"] = sort_key(name, row.get("family", ""), row.get("given", ""))
    row["name_key"] = name_key(name)
    row["search"] = search_text(name)


def interaction_columns(row: Row) -> None:
    """Fill an interaction's place in time: its instant, or a date's midnight in UTC, or else when it was recorded."""
    if row["at"] is not None:
        row["moment"] = row["at"]
    elif row["day"] is not None:
        row["moment"] = datetime.combine(row["day"], time(), UTC)
    else:
        row["moment"] = row["created_at"]


def process_item_columns(row: Row) -> None:
    """Fill when an item entered its state: when it was made."""
    row["entered_at"] = row["entered_at"] or row["created_at"]
