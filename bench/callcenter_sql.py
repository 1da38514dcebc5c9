"""The figures of calls, answered by SQL that is written by hand for each database."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from bench.calls import DAYS, NOW
from bench.load import instant
from bench.raw import Raw

_OFFERED = "c.direction = 'in' AND (c.answered OR c.status = 'ended') AND (NOT c.abandoned OR c.wait_seconds >= 5)"
_COUNTED = (
    "count(*), count(*) FILTER (WHERE c.direction = 'in'), count(*) FILTER (WHERE c.direction = 'out'), "
    "count(*) FILTER (WHERE c.direction = 'in' AND c.answered), "
    f"count(*) FILTER (WHERE {_OFFERED}), "
    "count(*) FILTER (WHERE c.direction = 'in' AND c.answered AND c.wait_seconds <= coalesce(q.answer_seconds, 20)), "
    "count(*) FILTER (WHERE c.direction = 'in' AND c.abandoned AND c.wait_seconds >= 5), "
    "count(*) FILTER (WHERE c.direction = 'in' AND c.abandoned AND c.wait_seconds < 5), "
    "sum(c.talk_seconds), sum(c.hold_seconds), sum(c.transfers)"
)
_SAME = (
    "SELECT 1 FROM callcenter_call {o} WHERE {o}.direction = 'in' AND {o}.contact_id = c.contact_id AND {when}",
    "SELECT 1 FROM callcenter_call {o} WHERE c.contact_id IS NULL AND {o}.direction = 'in' AND {o}.contact_id IS NULL "
    "AND {o}.from_normal = c.from_normal AND {when}",
)
_PERIOD = "c.started_at >= ? AND c.started_at < ?"
_INSTANTS = ("started_at", "queued_at", "answered_at", "ended_at", "wrapped_at", "created_at", "updated_at")
_LEG_INSTANTS = ("rang_at", "answered_at", "ended_at")


class Hand:
    """A connection, and the questions."""

    def __init__(self, raw: Raw) -> None:
        self._raw = raw
        self._sqlite = raw.dialect == "sqlite"
        self._now = instant(raw, NOW)
        begin, end = (datetime.combine(each, time(), ZoneInfo("Asia/Shanghai")).astimezone(UTC) for each in DAYS)
        self._period = instant(raw, begin), instant(raw, end)

    def _rows(self, statement: str, values: Sequence[Any] = ()) -> list[Any]:
        return list(self._raw.execute(self._raw.sql(statement), values).fetchall())

    def _seconds(self, column: str) -> str:
        if self._sqlite:
            return f"CAST(strftime('%s', {column}) AS INTEGER)"
        return f"CAST(floor(extract(epoch FROM {column})) AS BIGINT)"

    def _moved(self, column: str, days: int) -> str:
        if self._sqlite:
            return f"strftime('%Y-%m-%d %H:%M:%f000', {column}, '{days} days')"
        return f"({column} + interval '{days} days')"

    def _hour(self, column: str) -> str:
        local = f"({self._seconds(column)} + 28800)"
        return f"{local} / 3600 - {local} / 86400 * 24"

    def report(self, by: str) -> Any:
        """Return by queue, user or hour: counts, answer time, wrap-up, first contacts, callbacks, busy seconds."""
        key = {"queue": "c.queue_id", "agent": "c.owner_id", "hour": self._hour("c.started_at")}[by]
        found: dict[Any, dict[str, Any]] = {}

        def note(name: str, rows: Sequence[Any]) -> None:
            for at, *values in rows:
                found.setdefault(at, {})[name] = tuple(int(one) for one in values)

        queued = f"callcenter_call c LEFT JOIN callcenter_call_queue q ON q.id = c.queue_id WHERE {_PERIOD}"
        note("counted", self._rows(f"SELECT {key}, {_COUNTED} FROM {queued} GROUP BY 1", self._period))
        note("answer", self._answers(key))
        until = f"{'min' if self._sqlite else 'least'}(p.until_at, ?)"
        note("wrapped", self._rows(
            f"SELECT {key}, count(DISTINCT c.id), sum({self._seconds(until)} - {self._seconds('p.from_at')}) "
            "FROM callcenter_presence p JOIN callcenter_call c ON c.id = p.call_id WHERE p.state = 'wrapping' "
            f"AND p.from_at <= ? AND {_PERIOD} GROUP BY 1", (self._now, self._now, *self._period)
        ))  # fmt: skip
        note("first", self._first(key))
        key = {"queue": "b.queue_id", "agent": "b.owner_id", "hour": self._hour("b.asked_at")}[by]
        note("callbacks", self._rows(
            f"SELECT {key}, count(*), count(*) FILTER (WHERE b.status = 'done' AND b.done_at <= b.due_at) "
            "FROM callcenter_callback b WHERE b.status <> 'open' OR b.due_at < ? GROUP BY 1", (self._now,)
        ))  # fmt: skip
        if by == "agent":
            note("busy", self._busy())
        if by == "hour":
            note("busy", self._busy_by_hour())
        return found

    def _answers(self, key: str) -> list[Any]:
        timed = f"c.direction = 'in' AND c.answered AND {_PERIOD}"
        if not self._sqlite:
            return self._rows(
                f"SELECT {key}, count(*), sum(c.wait_seconds), "
                "percentile_disc(0.5) WITHIN GROUP (ORDER BY c.wait_seconds), "
                "percentile_disc(0.95) WITHIN GROUP (ORDER BY c.wait_seconds) "
                f"FROM callcenter_call c WHERE {timed} GROUP BY 1",
                self._period,
            )
        return self._rows(
            "SELECT k, max(n), sum(w), min(w) FILTER (WHERE 2 * r >= n), min(w) FILTER (WHERE 100 * r >= 95 * n) FROM ("
            f"SELECT {key} AS k, c.wait_seconds AS w, row_number() OVER (PARTITION BY {key} ORDER BY c.wait_seconds) "
            f"AS r, count(*) OVER (PARTITION BY {key}) AS n FROM callcenter_call c WHERE {timed}) GROUP BY k",
            self._period,
        )

    def _first(self, key: str) -> list[Any]:
        before = " OR ".join(
            f"EXISTS ({one.format(o='o', when='o.started_at < c.started_at AND o.started_at >= ' + since)})"
            for since in [self._moved("c.started_at", -7)]
            for one in _SAME
        )
        again = " OR ".join(
            f"EXISTS ({one.format(o='o', when='o.started_at > c.started_at AND o.started_at <= ' + until)})"
            for until in [self._moved("c.started_at", 7)]
            for one in _SAME
        )
        came = (
            "CASE WHEN w.means = 'resolved' THEN 1 WHEN w.means = 'callback' THEN 0 "
            f"WHEN {again} THEN 0 WHEN {self._moved('c.started_at', 7)} <= ? THEN 1 END"
        )
        return self._rows(
            f"SELECT k, count(*), sum(r) FROM (SELECT {key} AS k, {came} AS r FROM callcenter_call c "
            f"LEFT JOIN callcenter_wrap_code w ON w.id = c.wrap_code_id WHERE {_PERIOD} AND c.direction = 'in' "
            f"AND c.answered AND (c.contact_id IS NOT NULL OR c.from_normal <> '') AND NOT ({before})) f "
            "WHERE r IS NOT NULL GROUP BY k",
            (self._now, *self._period),
        )

    def _busy(self) -> list[Any]:
        until = f"{'min' if self._sqlite else 'least'}(p.until_at, ?)"
        seconds = f"{self._seconds(until)} - {self._seconds('p.from_at')}"
        return self._rows(
            f"SELECT a.user_id, sum({seconds}), "
            f"coalesce(sum({seconds}) FILTER (WHERE p.state <> 'available'), 0) FROM callcenter_presence p "
            "JOIN callcenter_call_agent a ON a.id = p.agent_id "
            "WHERE p.state IN ('talking', 'ringing', 'wrapping', 'available') AND p.from_at < ? GROUP BY 1",
            (self._now, self._now, self._now),
        )

    def _busy_by_hour(self) -> list[Any]:
        """Return the same by hour of the day: a period is cut where the hours change, if they do."""
        last, first = ("min", "max") if self._sqlite else ("least", "greatest")
        begun = f"{self._seconds('p.from_at')} + 28800"
        ended = f"{self._seconds(f'{last}(p.until_at, ?)')} + 28800"
        hours = ", ".join(f"({n})" for n in range(24))
        return self._rows(
            f"WITH f AS MATERIALIZED (SELECT p.state <> 'available' AS busy, {begun} AS b, {ended} AS u "
            "FROM callcenter_presence p WHERE p.state IN ('talking', 'ringing', 'wrapping', 'available') "
            f"AND p.from_at < ?), later(n) AS (VALUES {hours}), cut AS ("
            "SELECT busy, b / 3600 AS h, u - b AS s FROM f WHERE u / 3600 = b / 3600 UNION ALL "
            f"SELECT busy, b / 3600 + n, {last}(u, (b / 3600 + n + 1) * 3600) - {first}(b, (b / 3600 + n) * 3600) "
            "FROM f JOIN later ON n <= u / 3600 - b / 3600 WHERE u / 3600 > b / 3600) "
            "SELECT h - h / 24 * 24, sum(s), coalesce(sum(s) FILTER (WHERE busy), 0) FROM cut GROUP BY 1",
            (self._now, self._now),
        )

    def listed(self, queue_id: int, limit: int) -> Any:
        """Return calls of a queue, the latest first, with all that a list tells."""
        inner = "SELECT * FROM callcenter_call WHERE queue_id = ? ORDER BY started_at DESC, id DESC LIMIT ?"
        shown = (
            f"SELECT c.*, n.name AS contact_name, f.name AS customer_name, q.name AS queue_name, w.name AS wrap_name, "
            f"u.login FROM ({inner}) c LEFT JOIN contact n ON n.id = c.contact_id "
            "LEFT JOIN customer f ON f.id = c.customer_id LEFT JOIN callcenter_call_queue q ON q.id = c.queue_id "
            "LEFT JOIN callcenter_wrap_code w ON w.id = c.wrap_code_id LEFT JOIN user_account u ON u.id = c.owner_id "
            "ORDER BY c.started_at DESC, c.id DESC"
        )
        rows = self._values(shown, (queue_id, limit), _INSTANTS)
        legs: dict[int, list[dict[str, Any]]] = {}
        parts = (
            f"SELECT l.*, a.name AS agent_name, a.extension FROM ({inner}) c JOIN callcenter_leg l ON l.call_id = c.id "
            "LEFT JOIN callcenter_call_agent a ON a.id = l.agent_id ORDER BY l.call_id, l.place"
        )
        for one in self._values(parts, (queue_id, limit), _LEG_INSTANTS):
            legs.setdefault(one["call_id"], []).append(one)
        keys: dict[int, list[str]] = {}
        named = (
            f"SELECT k.call_id, k.value FROM ({inner}) c JOIN callcenter_call_key k ON k.call_id = c.id ORDER BY k.id"
        )
        for call_id, value in self._rows(named, (queue_id, limit)):
            keys.setdefault(call_id, []).append(value)
        for row in rows:
            if self._sqlite:
                row["details"], row["custom"] = json.loads(row["details"]), json.loads(row["custom"])
            row["external_ids"] = keys.get(row["id"], [])
            row["talked_to"] = [one["number"] for one in legs.get(row["id"], ()) if one["answered"]]
        return [
            (row["id"], row["external_ids"], row["contact_name"], row["login"] or "", row["talked_to"],
             row["started_at"])
            for row in rows
        ]  # fmt: skip

    def _values(self, statement: str, values: Sequence[Any], instants: Sequence[str]) -> list[dict[str, Any]]:
        """Return rows by the names of their columns, with instants as such."""
        found = self._raw.execute(self._raw.sql(statement), values)
        names = [each[0] for each in found.description]
        rows = [dict(zip(names, row, strict=True)) for row in found.fetchall()]
        for name in instants if self._sqlite else ():
            for row in rows:
                if row[name] is not None:
                    row[name] = datetime.fromisoformat(row[name]).replace(tzinfo=UTC)
        return rows

    def last(self, customer_id: int) -> Any:
        """Return the last calls of a customer, and the callbacks owed."""
        calls = self._rows(
            "SELECT c.id, c.direction, c.status, c.started_at, c.answered, c.abandoned, c.reason, c.talk_seconds, "
            "c.wait_seconds, CASE WHEN c.direction = 'in' THEN c.from_number ELSE c.to_number END, n.name, u.login, "
            "q.name, w.name FROM callcenter_call c LEFT JOIN contact n ON n.id = c.contact_id "
            "LEFT JOIN user_account u ON u.id = c.owner_id LEFT JOIN callcenter_call_queue q ON q.id = c.queue_id "
            "LEFT JOIN callcenter_wrap_code w ON w.id = c.wrap_code_id WHERE c.customer_id = ? "
            "ORDER BY c.started_at DESC, c.id DESC LIMIT 6",
            (customer_id,),
        )
        owed = self._rows(
            "SELECT b.id, b.number, b.note, b.asked_at, b.due_at, b.attempts, b.call_id, n.name, u.login, q.name "
            "FROM callcenter_callback b LEFT JOIN contact n ON n.id = b.contact_id "
            "LEFT JOIN user_account u ON u.id = b.owner_id LEFT JOIN callcenter_call_queue q ON q.id = b.queue_id "
            "WHERE b.status = 'open' AND b.customer_id = ? ORDER BY b.due_at, b.id LIMIT 6",
            (customer_id,),
        )
        return [row[0] for row in owed], [row[0] for row in calls]
