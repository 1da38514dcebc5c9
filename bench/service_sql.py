"""The questions about service, answered by SQL that is written by hand for each database."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from bench.load import instant
from bench.raw import Raw
from bench.tickets import NOW

_SHOWN = (
    "t.*, c.name AS contact_name, p.name AS customer_name, q.name AS queue_name, k.name AS category_name, "
    "l.name AS level_name, a.product AS asset_name, o.name AS contract_name, u.login, {late} FROM ({inner}) t "
    "LEFT JOIN contact c ON c.id = t.contact_id LEFT JOIN customer p ON p.id = t.customer_id "
    "LEFT JOIN service_queue q ON q.id = t.queue_id LEFT JOIN service_category k ON k.id = t.category_id "
    "LEFT JOIN service_level l ON l.id = t.level_id LEFT JOIN service_asset a ON a.id = t.asset_id "
    "LEFT JOIN service_contract o ON o.id = t.contract_id LEFT JOIN user_account u ON u.id = t.owner_id"
)
_CLOCKS = (("owner", "owner_due", "assigned_at"), ("response", "response_due", "responded_at"),
           ("resolution", "resolution_due", "resolved_at"))  # fmt: skip
_INSTANTS = {
    "ticket": ("entered_at", "opened_at", "assigned_at", "responded_at", "resolved_at", "closed_at", "owner_due",
               "response_due", "resolution_due", "paused_at", "next_step_at", "created_at", "updated_at"),
    "breach": ("due",),
}  # fmt: skip
"""Columns that SQLite keeps as text."""
_NAMED = ("contact", "customer", "queue", "category", "level", "asset", "contract")
"""What a ticket is told with, each by id and name."""
_DOCUMENTS = ("custom", "details", "remaining")


class Hand:
    """A connection, and the questions; sums are in whole units of the currency."""

    def __init__(self, raw: Raw) -> None:
        self._raw = raw
        self._sqlite = raw.dialect == "sqlite"
        self._unit = Decimal("0.0001") if self._sqlite else Decimal(1)
        self._now = instant(raw, NOW)

    def _rows(self, statement: str, values: Sequence[Any] = ()) -> list[Any]:
        return list(self._raw.execute(self._raw.sql(statement), values).fetchall())

    def _values(self, table: str, statement: str, values: Sequence[Any]) -> list[dict[str, Any]]:
        """Return rows by the names of their columns, with instants and documents as such."""
        found = self._raw.execute(self._raw.sql(statement), values)
        names = [each[0] for each in found.description]
        rows = [dict(zip(names, row, strict=True)) for row in found.fetchall()]
        for name in _INSTANTS[table] if self._sqlite else ():
            for row in rows:
                if row[name] is not None:
                    row[name] = datetime.fromisoformat(row[name]).replace(tzinfo=UTC)
        for name in _DOCUMENTS if self._sqlite and table == "ticket" else ():
            for row in rows:
                row[name] = json.loads(row[name])
        return rows

    def listed(self, queue_id: int, limit: int) -> Any:
        """Return open tickets of a queue, with all that a list tells: (id, subject, contact, thread, due, late)."""
        inner = "SELECT * FROM service_ticket WHERE queue_id = ? AND closed_at IS NULL ORDER BY id LIMIT ?"
        late = ", ".join(f"coalesce(t.{end}, t.resolved_at, t.closed_at, ?) > t.{due} AS {name}_late"
                         for name, due, end in _CLOCKS)  # fmt: skip
        shown = _SHOWN.format(inner=inner, late=late)
        rows = self._values("ticket", f"SELECT {shown} ORDER BY t.id", (*[self._now] * len(_CLOCKS), queue_id, limit))
        posts = (
            f"SELECT p.ticket_id, p.interaction_id FROM ({inner}) t JOIN service_post p ON p.ticket_id = t.id "
            "ORDER BY p.at, p.id"
        )
        threads: dict[int, list[int]] = {}
        for key, interaction in self._rows(posts, (queue_id, limit)):
            threads.setdefault(key, []).append(interaction)
        for row in rows:
            for name in _NAMED:
                key = row[f"{name}_id"]
                row[name] = None if key is None else {"id": key, "name": row[f"{name}_name"]}
            row["number"], row["interactions"] = f"T{row['id']}", threads.get(row["id"], [])
            row["breaches"] = [name for name, _due, _end in _CLOCKS if row[f"{name}_late"]]
            row["breached"] = bool(row["breaches"])
        return [
            (row["id"], row["subject"], row["contact"]["name"], row["interactions"], row["resolution_due"],
             row["breaches"])
            for row in rows
        ]  # fmt: skip

    def queues(self) -> Any:
        """Return (open, nobody's, late, unresolved by user) by queue."""
        late = " OR ".join(f"coalesce({end}, resolved_at, closed_at, ?) > {due}" for _name, due, end in _CLOCKS)
        rows = self._rows(
            "SELECT queue_id, u.login, f.n, f.late, f.unresolved FROM (SELECT queue_id, owner_id, count(*) AS n, "
            f"count(*) FILTER (WHERE {late}) AS late, count(*) FILTER (WHERE resolved_at IS NULL) AS unresolved, "
            "min(opened_at) FILTER (WHERE resolved_at IS NULL) AS oldest FROM service_ticket WHERE closed_at IS NULL "
            "GROUP BY queue_id, owner_id) f LEFT JOIN user_account u ON u.id = f.owner_id",
            [self._now] * len(_CLOCKS),
        )
        found: dict[int, tuple[int, int, int, dict[str, int]]] = {}
        for key, login, n, breached, unresolved in rows:
            held = found.get(key, (0, 0, 0, {}))
            people = {**held[3], login: unresolved} if login else held[3]
            found[key] = held[0] + n, held[1] + (0 if login else unresolved), held[2] + breached, people
        return found

    def breaches(self, limit: int) -> Any:
        """Return (key, ticket, due, minutes, customer) of the clocks that are overdue, the longest first."""
        parts = [
            f"SELECT * FROM (SELECT {rank} AS rank, '{name}' AS clock, 'T' || t.id AS number, t.id, t.{due} AS due, "
            f"t.subject, t.priority, t.status, t.queue_id, t.owner_id, t.customer_id FROM service_ticket t "
            f"WHERE t.closed_at IS NULL AND t.{end} IS NULL AND t.resolved_at IS NULL AND t.{due} <= ? "
            f"ORDER BY t.{due}, t.id LIMIT ?) AS c{rank}"
            for rank, (name, due, end) in enumerate(_CLOCKS)
        ]
        parts.append(
            "SELECT * FROM (SELECT 3 AS rank, 'visit' AS clock, 'W' || w.id AS number, w.id, w.due_at AS due, "
            "w.subject, coalesce(t.priority, ''), w.status, t.queue_id, w.owner_id, w.customer_id "
            "FROM service_work_order w LEFT JOIN service_ticket t ON t.id = w.ticket_id "
            "WHERE w.closed_at IS NULL AND w.visited_at IS NULL "
            "AND w.done_at IS NULL AND w.due_at <= ? ORDER BY w.due_at, w.id LIMIT ?) AS c3"
        )
        minutes = (
            "CAST((julianday(?) - julianday(b.due)) * 1440 + 0.0001 AS INTEGER)"
            if self._sqlite
            else "CAST(floor(extract(epoch FROM ? - b.due) / 60) AS INTEGER)"
        )
        rows = self._values(
            "breach",
            f"SELECT b.*, b.clock || ':' || b.id AS key, {minutes} AS minutes, q.name AS queue_name, "
            f"p.name AS customer_name, u.login FROM ({' UNION ALL '.join(parts)} ORDER BY due, rank, id LIMIT ?) b "
            "LEFT JOIN service_queue q ON q.id = b.queue_id LEFT JOIN customer p ON p.id = b.customer_id "
            "LEFT JOIN user_account u ON u.id = b.owner_id ORDER BY b.due, b.rank, b.id",
            [self._now, *[self._now, limit] * 4, limit],
        )
        return [(row["key"], row["id"], row["due"], row["minutes"], row["customer_name"]) for row in rows]

    def statement(self, by: str) -> Any:
        """Return (spent, gained, claimed) by queue, or by product."""
        key, more = "t.queue_id", ""
        if by == "product":
            key, more = "coalesce(a.product, '')", "LEFT JOIN service_asset a ON a.id = t.asset_id"
        spent = self._rows(
            f"SELECT {key}, c.what, sum(c.worth), count(*) FROM service_cost c LEFT JOIN service_ticket t "
            f"ON t.id = c.ticket_id {more} WHERE c.day >= '2024-01-01' GROUP BY 1, c.what"
        )
        brought = self._rows(
            f"SELECT {key}, g.kind, g.status, sum(g.worth), count(*) FROM service_gain g LEFT JOIN service_ticket t "
            f"ON t.id = g.ticket_id {more} WHERE g.day >= '2024-01-01' AND g.status <> 'rejected' "
            "GROUP BY 1, g.kind, g.status"
        )
        found: dict[Any, list[int]] = {key: [0, 0, 0] for key, *_rest in (*spent, *brought)}
        for place, _what, worth, _n in spent:
            found[place][0] += self._whole(worth)
        for place, _kind, status, worth, _n in brought:
            found[place][1 if status == "confirmed" else 2] += self._whole(worth)
        return {place: tuple(sums) for place, sums in found.items()}

    def months(self) -> Any:
        """Return (spent, gained) by month."""
        month = "strftime('%Y-%m', day)" if self._sqlite else "to_char(day, 'YYYY-MM')"
        spent = self._rows(f"SELECT {month}, what, sum(worth), count(*) FROM service_cost GROUP BY 1, 2")
        brought = self._rows(
            f"SELECT {month}, kind, sum(worth), count(*) FROM service_gain WHERE status = 'confirmed' GROUP BY 1, 2"
        )
        found: dict[str, list[int]] = {key: [0, 0] for key, *_rest in (*spent, *brought)}
        for place, rows in enumerate((spent, brought)):
            for key, _what, worth, _n in rows:
                found[key][place] += self._whole(worth)
        return {key: tuple(sums) for key, sums in found.items()}

    def _whole(self, worth: Any) -> int:
        return int(Decimal(str(worth)) * self._unit * 100)

    def resolved(self) -> Any:
        """Return how many tickets were resolved by queue."""
        return self._counted("count(*)")

    def response_met(self) -> Any:
        """Return the share of tickets that were answered in time, by queue."""
        ended = "coalesce(t.responded_at, t.resolved_at)"
        return self._asked(
            f"round(100.0 * count(*) FILTER (WHERE {ended} <= t.response_due) / count(*), 1)",
            f"t.response_due IS NOT NULL AND ({ended} IS NOT NULL OR t.response_due < coalesce(t.closed_at, ?))",
        )

    def first_contact(self) -> Any:
        """Return the share of tickets that took one request, by queue."""
        asked = (
            "(SELECT count(*) FROM service_post s WHERE s.ticket_id = t.id AND s.direction = 'in' AND NOT s.automatic)"
        )
        return self._counted(f"round(100.0 * count(*) FILTER (WHERE t.reopened = 0 AND {asked} <= 1) / count(*), 1)")

    def hours(self) -> Any:
        """Return the mean hours until tickets were resolved, by queue."""
        seconds = (
            "strftime('%s', t.resolved_at) - strftime('%s', t.opened_at)"
            if self._sqlite
            else "extract(epoch FROM t.resolved_at - t.opened_at)"
        )
        return self._counted(f"round(avg({seconds}) / 3600, 1)")

    def _counted(self, value: str) -> Any:
        return self._asked(value, "t.resolved_at IS NOT NULL")

    def _asked(self, value: str, condition: str) -> Any:
        rows = self._rows(
            f"SELECT q.name, f.value FROM (SELECT t.queue_id, {value} AS value FROM service_ticket t WHERE {condition} "
            "AND t.merged_into_id IS NULL AND t.status <> 'cancelled' GROUP BY t.queue_id) f "
            "LEFT JOIN service_queue q ON q.id = f.queue_id",
            [self._now] * condition.count("?"),
        )
        return {name: float(found) for name, found in rows}

    def peace(self, contact_ids: Sequence[int], days: int) -> Any:
        """Return whom of some people a ticket of theirs, or of their customer, gives peace."""
        since = instant(self._raw, NOW - timedelta(days=days))
        ids = ", ".join(map(str, contact_ids))
        rows = self._rows(
            "SELECT DISTINCT c.contact_id FROM position c JOIN service_ticket t ON t.customer_id = c.customer_id "
            f"WHERE c.contact_id IN ({ids}) AND c.ended IS NULL AND t.status <> 'cancelled' "
            "AND t.merged_into_id IS NULL AND t.opened_at <= ? "
            "AND (coalesce(t.resolved_at, t.closed_at) IS NULL OR coalesce(t.resolved_at, t.closed_at) > ?)",
            (self._now, since),
        )
        return {key for (key,) in rows}
