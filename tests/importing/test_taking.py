"""A few records taken in within a transaction: matched as an import matches them, refused by themselves."""

from datetime import UTC, datetime
from types import ModuleType

from sqlalchemy import func, select

from crmcore.api import App, Job, Plugin, impl, run_job
from crmcore.engine import tables
from crmcore.importing.taking import take_in
from crmcore.model.incoming import IncomingContact, IncomingInteraction, IncomingParticipant, Point


def test_who_is_known_is_not_made_twice_and_a_bad_one_spoils_nothing(app):
    li = IncomingContact(line=1, name="李伟", points=(Point(kind="email", value="li@example.cn"),))
    nobody = IncomingContact(line=2, name=" ")
    with app.transaction() as tx:
        told = take_in(tx, [li, nobody], source="form demo")
    assert (told.created, told.rejected) == (1, 1)
    assert told.rejections[0].line == 2
    with app.transaction() as tx:
        again = take_in(tx, [li], source="form demo")
    assert (again.created, again.unchanged) == (0, 1)
    with app.read() as reader:
        assert reader.value(select(func.count()).select_from(tables.contact)) == 1
        assert reader.value(select(tables.contact.c.source)) == "form demo:1"


def test_a_plugins_job_takes_records_in_as_well(workspace):
    li = IncomingContact(line=1, name="李伟", points=(Point(kind="email", value="li@example.cn"),))
    letter = IncomingInteraction(
        line=2, channel="email", external_id="1@example.cn", at=datetime(2026, 11, 22, tzinfo=UTC), subject="询价",
        participants=(IncomingParticipant(role="from", name="李伟", address="li@example.cn"),),
    )  # fmt: skip
    told = []

    def run(desk):
        with desk.transaction() as tx:
            told.append(take_in(tx, [li], source="mail"))
            told.append(take_in(tx, [letter, IncomingContact(line=3, name="")], source="mail", scheme="email"))
        return False

    module = ModuleType("taker")
    module.PLUGIN = Plugin(name="taker", title="Taker")

    def crm_jobs():
        return (Job(name="take", run=run),)

    module.crm_jobs = impl(crm_jobs)
    app = App(workspace, plugins=[("taker", module)], strict=True)
    run_job(app, "taker", "take", seconds=10)
    assert [(one.created, one.rejected) for one in told] == [(1, 0), (1, 1)]
    with app.read() as reader:
        assert reader.value(select(tables.interaction.c.contact_id)) == reader.value(select(tables.contact.c.id))
    app.close()
