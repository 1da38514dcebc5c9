"""W4: the first 50 contacts whose names contain a text.

The floor searches the best index by hand that we know of. On SQLite: FTS5 over padded runs of three characters with
stored prefixes, read in the order of ids, so that it stops at fifty. On PostgreSQL: a GIN index over the same runs in
the contact's own row. (FTS5's and pg_trgm's own trigrams find nothing by two characters.) Then it reads what a list
shows beside the name, in two more queries: points and customers.
"""

from collections.abc import Callable, Iterator

from bench.data import QUERIES
from bench.load import Shape, loaded
from bench.place import LOGIN, Place
from bench.raw import Raw
from bench.result import Result
from bench.scale import Scale
from bench.timing import Times, compared, in_turns
from crmcore.app import App
from crmcore.directory.contacts import page
from crmcore.model.names import search_text
from crmcore.search.terms import query_terms

GOAL, LONGEST = 2.0, 0.2
_PAGE = 50


def run(place: Place, scale: Scale) -> Iterator[Result]:
    """Measure W4 for each kind of query, and the p95 of all of them together."""
    url = loaded(place, Shape(customers=max(scale.contacts // 10, 1), contacts=scale.contacts))
    raw, app = Raw(url), App(url)
    everything = Times(wall=[], cpu=[])
    for kind, sought in QUERIES.items():
        by_hand, ours = _by_hand(raw, sought), _by_page(app, sought)
        if by_hand() != ours():
            raise RuntimeError(f"the floor and crmcore disagree on “{sought}”")
        times = in_turns({"floor": by_hand, "ours": ours}, rounds=scale.rounds, calls=scale.calls // 4 or 1)
        note = f"p95 {times['ours'].p95 * 1e3:.1f} ms, the floor's {times['floor'].p95 * 1e3:.1f} ms"
        yield compared(f"W4 names: {kind}, “{sought}”", place.database, times["floor"], times["ours"], GOAL, note)
        everything.wall.extend(times["ours"].wall)
    yield Result(
        work=f"W4 p95 of all queries, {scale.contacts:,} contacts", database=place.database, ours=everything.p95,
        goal=LONGEST, unit="s",
    )  # fmt: skip
    raw.close()
    app.close()
    place.drop(url)


def _by_page(app: App, sought: str) -> Callable[[], list[int]]:
    actor = app.actor(LOGIN)

    def work() -> list[int]:
        with app.read(actor) as reader:
            return [one.id for one in page(reader, limit=_PAGE, name=sought)]

    return work


_SQLITE = """
SELECT c.id, c.name FROM floor_name n JOIN floor_contact c ON c.id = n.rowid
WHERE floor_name MATCH ? AND {like} ORDER BY n.rowid LIMIT 50
"""
_POSTGRESQL = """
SELECT id, name FROM floor_contact WHERE terms @@ ?::tsquery AND {like} ORDER BY id LIMIT 50
"""
_POINTS = "SELECT contact_id, kind, value FROM floor_contact_point WHERE contact_id IN ({marks}) ORDER BY id"
_CUSTOMERS = """
SELECT c.id, u.name FROM floor_contact c JOIN floor_customer u ON u.id = c.customer_id WHERE c.id IN ({marks})
"""


def _by_hand(raw: Raw, sought: str) -> Callable[[], list[int]]:
    words = search_text(sought).split()
    like = " AND ".join("search LIKE ?" for _ in words)
    patterns = [f"%{word}%" for word in words]
    wanted = query_terms(sought)
    if raw.dialect == "sqlite":
        match = " AND ".join(f'"{term}"' + ("*" if prefix else "") for term, prefix in wanted)
        statement = _SQLITE.format(like=like)
    else:
        match = " & ".join(f"'{term}'" + (":*" if prefix else "") for term, prefix in wanted)
        statement = raw.sql(_POSTGRESQL.format(like=like))
    parameters = (match, *patterns)

    def work() -> list[int]:
        ids = [key for key, _name in raw.execute(statement, parameters).fetchall()]
        if ids:
            marks = ", ".join("?" * len(ids))
            raw.execute(raw.sql(_POINTS.format(marks=marks)), ids).fetchall()
            raw.execute(raw.sql(_CUSTOMERS.format(marks=marks)), ids).fetchall()
        return ids

    return work
