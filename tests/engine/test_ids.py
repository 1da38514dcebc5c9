"""An id is handed out once, whatever is rolled back and however many threads ask."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select

from crmcore.app import App
from crmcore.engine.tables import contact
from crmcore.model.party import Contact


def test_ids_of_a_rolled_back_transaction_never_reach_one_that_commits(app):
    first = app.transaction()
    first.add(Contact(name="lost"))
    second = app.transaction()
    with pytest.raises(ZeroDivisionError), first:
        raise ZeroDivisionError
    with second:
        second.add(Contact(name="kept"))
    with app.transaction() as third:
        for number in range(40):
            third.add(Contact(name=f"later {number}"))
    with app.read() as reader:
        assert len(reader.rows(select(contact))) == 41


def test_what_is_left_of_a_block_is_used_by_the_next_transaction(app):
    ids = []
    for number in range(6):
        with app.transaction() as tx:
            ids.append(tx.add(Contact(name=str(number))).id)
    assert ids == list(range(ids[0], ids[0] + 6))


def test_two_workspaces_opened_on_one_database_share_no_id(workspace):
    one, two = App(workspace), App(workspace)
    ids = []
    for app in (one, two, one, two):
        with app.transaction() as tx:
            ids += [tx.add(Contact(name=f"{number}")).id for number in range(10)]
    assert len(set(ids)) == 40
    one.close()
    two.close()


def test_threads_that_share_an_app_get_every_id_once_and_wait_for_each_other(app):
    def work(worker):
        ids = []
        for turn in range(6):
            try:
                with app.transaction() as tx:
                    ids += [tx.add(Contact(name=f"{worker}/{turn}/{n}")).id for n in range(3)]
                    if turn % 3 == 2:
                        raise ZeroDivisionError  # some are rolled back
            except ZeroDivisionError:
                del ids[-3:]
        return ids

    with ThreadPoolExecutor(20) as pool:
        ids = [number for part in pool.map(work, range(20)) for number in part]
    assert len(ids) == len(set(ids)) == 20 * 4 * 3
    with app.read() as reader:
        assert {row.id for row in reader.rows(select(contact.c.id))} == set(ids)
