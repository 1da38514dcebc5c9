"""Where one stands in the journal: late commits, several windows, another database after a restore."""

from threading import Thread

import pytest
from sqlalchemy import select, text, update

from crmcore.api import deliver
from crmcore.engine import positions, tables
from crmcore.model.party import Contact

from .conftest import contacts, plugin, rename, rows

journal, subscription = tables.journal, tables.subscription


@pytest.fixture
def heard():
    return []


@pytest.fixture
def app(opened, heard):
    return opened(plugin("a", lambda event, tx: heard.append((event.id, event.subject_id)), ("contact.*",)))


def told(app):
    return rows(app, journal, "id", "subject_id")


def only_postgresql(app):
    if app.engine.dialect.name == "sqlite":
        pytest.skip("SQLite has one writer at a time")


def test_who_drew_a_number_early_and_commits_late_is_not_missed(app, heard):
    only_postgresql(app)
    late = app.transaction()
    with app.engine.connect() as slow:
        slow.begin()
        slow.execute(
            journal.insert().values(
                at=late.now, actor="x", cause="", type="contact.created", entity="contact", subject_id=7, data={}
            )
        )  # it has its number, and is not committed
        early = contacts(app, "Ann", "Bob")
        deliver(app)
        deliver(app)
        assert heard == []  # they come later: who is before them is not known yet
        slow.commit()
    late.__exit__(None, None, None)
    deliver(app)
    assert [subject for _id, subject in heard] == [7, *early]
    assert [event for event, _subject in heard] == sorted(event for event, _subject in heard)
    deliver(app)
    assert len(heard) == 3


def test_changes_of_one_record_are_told_in_their_order_whoever_began_first(app, heard):
    only_postgresql(app)
    (ann,) = contacts(app, "Ann")
    deliver(app)
    with app.engine.connect() as first:
        first.begin()
        first.execute(text("SELECT pg_current_xact_id()"))  # an early transaction number
        rename(app, ann, "Anna")
        first.execute(update(tables.contact).where(tables.contact.c.id == ann).values(note="later"))
        at = first.execute(select(journal.c.at).limit(1)).scalar()
        first.execute(
            journal.insert().values(
                at=at, actor="x", cause="later", type="contact.changed", entity="contact", subject_id=ann, data={}
            )
        )
        first.commit()
    deliver(app)
    ids = [event for event, _subject in heard]
    assert ids == sorted(ids)
    assert len(ids) == 3


def test_who_began_early_and_changed_last_is_told_last_though_another_still_runs_between(app, heard):
    only_postgresql(app)
    (ann,) = contacts(app, "Ann")
    deliver(app)
    number = text("SELECT pg_current_xact_id()")
    with app.engine.connect() as first, app.engine.connect() as between:
        first.begin()
        first.execute(number)
        between.begin()
        between.execute(number)
        rename(app, ann, "Anna")
        at = first.execute(select(journal.c.at).limit(1)).scalar()
        first.execute(
            journal.insert().values(
                at=at, actor="x", cause="later", type="contact.changed", entity="contact", subject_id=ann, data={}
            )
        )
        first.commit()
        deliver(app)
        assert len(heard) == 1  # what was changed before it is not to be told yet
        between.commit()
    deliver(app)
    ids = [event for event, _subject in heard]
    assert ids == sorted(ids)
    assert len(ids) == 3


def test_a_long_backlog_is_gone_through_in_batches(app, heard):
    with app.transaction() as tx:
        for n in range(950):
            tx.add(Contact(name=f"contact {n}"))
    contacts(app, "Ann")
    assert deliver(app).handled == 951
    assert [event for event, _subject in heard] == [event for event, _subject in told(app)]


def test_many_writers_and_readers_at_once_miss_nothing(app, opened, heard):
    only_postgresql(app)

    def write(n):
        for step in range(15):
            contacts(app, f"contact {n} {step}")

    writers = [Thread(target=write, args=(n,)) for n in range(4)]
    for one in writers:
        one.start()
    while any(one.is_alive() for one in writers):
        deliver(app, seconds=0.05)
    deliver(app)
    assert sorted(heard) == sorted(told(app))
    assert len(heard) == 60


def test_after_a_restore_what_waited_is_told_and_nothing_twice(app, heard):
    contacts(app, "Ann", "Bob")
    deliver(app)
    before = contacts(app, "Carol", "Dan")
    with app.engine.begin() as connection:  # as if it came from a database that is far ahead
        if connection.dialect.name == "sqlite":
            connection.execute(update(journal).values(xid=5_000_000_000 + journal.c.id))
            seen = 5_000_000_000 + heard[-1][0]
            connection.execute(update(subscription).values(xid=seen + 1, until=seen + 1, event_id=0))
        else:
            connection.execute(update(journal).values(xid=journal.c.xid + 5_000_000_000))
            c = subscription.c
            connection.execute(update(subscription).values(xid=c.xid + 5_000_000_000, until=c.until + 5_000_000_000))
        positions.renumber(connection)
    del heard[:]
    after = contacts(app, "Eve")
    deliver(app)
    assert [subject for _id, subject in heard] == [*before, *after]
    contacts(app, "Frank")
    deliver(app)
    assert len(heard) == 4


def test_a_backup_of_sqlite_goes_on_in_postgresql(app, heard):
    only_postgresql(app)
    made = contacts(app, "Ann", "Bob", "Carol")
    first = told(app)[0][0]
    with app.engine.begin() as connection:
        connection.execute(update(journal).values(xid=0))
        connection.execute(update(subscription).values(xid=0, until=positions.OPEN, event_id=first))
        positions.renumber(connection)
    made += contacts(app, "Dan")
    deliver(app)
    assert [subject for _id, subject in heard] == made[1:]


def test_the_plan_goes_along_the_key(app):
    """A window is read in the order of ids, without sorting; its beginning is found by the index over transactions."""
    position = positions.Position(xid=5, until=10**9, event_id=25_000)
    statement = select(journal.c.id).where(position.rest()).order_by(journal.c.id).limit(200)
    sql = str(statement.compile(app.engine, compile_kwargs={"literal_binds": True}))
    with app.engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            plan = " ".join(str(row) for row in connection.execute(text(f"EXPLAIN QUERY PLAN {sql}")))
            assert "INTEGER PRIMARY KEY" in plan
            assert "TEMP B-TREE" not in plan
            return
        connection.execution_options(isolation_level="AUTOCOMMIT")
        connection.execute(
            text(
                "INSERT INTO journal (at, actor, cause, type, entity, subject_id, data)"
                " SELECT now(), '', '', 'contact.created', 'contact', n, '{}' FROM generate_series(1, 50000) n"
            )
        )
        connection.execute(text("ANALYZE journal"))
        plan = " ".join(row[0] for row in connection.execute(text(f"EXPLAIN {sql}")))
        assert "pk_journal" in plan
        assert "Sort" not in plan
        newest = connection.execute(select(journal.c.xid).order_by(journal.c.id.desc()).limit(1)).scalar_one()
        first = f"SELECT min(id + 0) FROM journal WHERE xid >= {newest + 1} AND xid < {newest + 10} AND xid <> 0"
        plan = " ".join(row[0] for row in connection.execute(text(f"EXPLAIN {first}")))
        assert "ix_journal_xid" in plan
