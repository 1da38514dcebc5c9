"""Tables of Salesforce, Zendesk and Freshdesk: what they say is what is stored, with its thread, and nothing twice."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from crmcore_service.tables import category, post, queue, ticket
from sqlalchemy import select

from crmcore.api import tables

DATA = Path(__file__).parent / "data"


@pytest.fixture
def run(crm_app, crm_run):
    """Import a table; gives what was counted, without what is nought, and why what was not taken."""
    app = crm_app("service")
    crm_run("user", "add", "sam", "--role", "service")

    def imported(name):
        said = crm_run("import", DATA / name, "--json").json
        assert said["read"] == sum(said[each] for each in ("created", "updated", "unchanged", "rejected")), said
        counts = {each: said[each] for each in ("created", "updated", "unchanged", "rejected") if said[each]}
        return counts, [one["reason"] for one in said["rejections"]]

    imported.app = app
    return imported


def rows(app, *columns, order):
    with app.read() as reader:
        return [tuple(row) for row in reader.rows(select(*columns).order_by(order))]


def test_cases_with_their_comments(run):
    app, t = run.app, ticket.c
    assert run("Case.csv") == (
        {"created": 2, "rejected": 1},
        ["it does not say when it was opened: a column CreatedDate or Created at says it"],
    )
    assert run("CaseComment.csv")[0] == {"created": 3}
    known = rows(app, t.subject, t.status, t.priority, t.channel, t.cause, t.closed_at, t.details, order=t.id)
    assert known == [
        ("Generator will not start", "closed", "P2", "call", "Installation", datetime(2026, 3, 5, 10, tzinfo=UTC),
         {"CaseNumber": "00001026", "Serial__c": "SN-1"}),
        ("Leak", "open", "P4", "form", "", None, {"CaseNumber": "00001027", "Serial__c": "SN-2"}),
    ]  # fmt: skip
    thread = select(post.c.direction, tables.interaction.c.body).join_from(post, tables.interaction)
    with app.read() as reader:
        said = reader.rows(
            thread.join(ticket, t.id == post.c.ticket_id).where(t.status == "closed").order_by(post.c.at)
        )
        assert [tuple(row) for row in said] == [
            ("in", "It makes a noise, then nothing."), ("out", "We send somebody tomorrow."),
            ("", "The customer is angry."), ("in", "Thank you."),
        ]  # fmt: skip
    for name in ("Case.csv", "CaseComment.csv"):
        assert set(run(name)[0]) <= {"unchanged", "rejected"}
    assert len(rows(app, post.c.id, order=post.c.id)) == 5


def test_tables_of_help_desks_in_english_and_chinese(run, crm_run):
    app, t = run.app, ticket.c
    assert run("zendesk.csv") == ({"created": 2, "rejected": 1}, ["it is deleted there"])
    assert run("freshdesk.csv")[0] == {"created": 1}
    known = rows(app, t.subject, t.status, t.priority, t.channel, t.responded_at, t.reopened, order=t.id)
    assert known == [
        ("打印机卡纸", "resolved", "P1", "email", datetime(2026, 10, 1, 1, 12, tzinfo=UTC), 0),
        ("Password reset", "waiting", "P3", "form", None, 1),
        ("发票抬头", "closed", "P3", "call", datetime(2026, 9, 1, 2, 20, tzinfo=UTC), 0),
    ]
    assert [name for (name,) in rows(app, queue.c.name, order=queue.c.id)] == ["Support", "Billing"]
    assert [name for (name,) in rows(app, category.c.name, order=category.c.id)] == ["Incident", "Question", "发票"]
    assert "打印机卡纸" in crm_run("search", "打印机").out


def test_what_is_written_is_read_again_as_what_it_was(run, crm_run, tmp_path):
    run("Case.csv")
    run("CaseComment.csv")
    run("freshdesk.csv")
    app = run.app
    with app.transaction(app.actor("ann")) as tx:  # one that was begun here has no id elsewhere
        from crmcore_service.model.ticket import Ticket

        tx.add(Ticket(subject="Begun here", opened_at=datetime(2026, 11, 20, 8, tzinfo=UTC), channel="call"))
    before = [rows(app, table, order=table.c.id) for table in (ticket, post, tables.interaction, tables.contact)]
    for what, name in (("tickets", "out-tickets.csv"), ("comments", "out-comments.csv")):
        crm_run("service", "export", what, "--out", tmp_path / name)
        crm_run("service", "export", what, "--out", tmp_path / name, code=1)
        said = crm_run("import", tmp_path / name, "--json").json
        assert (said["created"], said["rejected"]) == (0, 0), said
    assert [len(each) for each in before] == [
        len(rows(app, table, order=table.c.id)) for table in (ticket, post, tables.interaction, tables.contact)
    ]
