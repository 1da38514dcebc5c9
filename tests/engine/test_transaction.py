"""Everything in a transaction is stored together with its journal, or nothing is."""

from types import SimpleNamespace

import pytest
from sqlalchemy import func, insert, select
from sqlalchemy.exc import IntegrityError

from crmcore.app import App
from crmcore.engine.tables import contact, journal, metadata, plugin, user_account
from crmcore.errors import NotFound, PluginError, Refused
from crmcore.hooks.kinds import impl
from crmcore.model.party import Contact, ContactPoint, Customer
from crmcore.model.user import User


def counts(app):
    """Rows by table, but for the counter, which moves on."""
    with app.engine.connect() as connection:
        return {
            name: connection.execute(select(func.count()).select_from(table)).scalar_one()
            for name, table in metadata.tables.items()
            if name != "counter"
        }


def told(app):
    """The journal as (type, subject, data), in order."""
    with app.engine.connect() as connection:
        return [(row.type, row.subject_id, row.data) for row in connection.execute(select(journal).order_by("id"))]


def with_plugin(workspace, **hooks):
    return App(workspace, plugins=[("tester", SimpleNamespace(**{name: impl(f) for name, f in hooks.items()}))])


def test_an_exception_in_the_block_leaves_nothing(app):
    before = counts(app)
    with pytest.raises(ZeroDivisionError), app.transaction() as tx:
        tx.add(Contact(name="Ida"))
        tx.flush()
        tx.record("contact.met", "contact", 1, {})
        raise ZeroDivisionError
    assert counts(app) == before


def test_a_veto_leaves_nothing_and_its_reasons_are_raised(workspace):
    app = with_plugin(workspace, crm_before_save=lambda changes, tx: ["not on Sundays", "not in ink"])
    before = counts(app)
    with pytest.raises(Refused) as refused, app.transaction() as tx:
        tx.add(Contact(name="Ida"))
    assert refused.value.reasons == ("tester: not on Sundays", "tester: not in ink")
    assert counts(app) == before
    app.close()


def test_a_projection_that_fails_leaves_nothing_and_is_named(workspace):
    def crm_apply(changes, tx):
        tx.new_id()
        raise RuntimeError("projection broke")

    app = with_plugin(workspace, crm_apply=crm_apply)
    before = counts(app)
    with pytest.raises(PluginError, match="crm_apply: RuntimeError: projection broke"), app.transaction() as tx:
        tx.add(Contact(name="Ida"))
    assert counts(app) == before
    app.close()


def test_what_the_database_refuses_leaves_nothing(app):
    before = counts(app)
    with pytest.raises(IntegrityError), app.transaction() as tx:
        tx.add(Contact(name="Ida"))
        tx.add(User(login="ann", role="rep"))
    assert counts(app) == before


def test_what_the_database_refuses_at_commit_leaves_nothing(app):
    deferred = (
        "CREATE TABLE late (id BIGINT, CONSTRAINT fk_late FOREIGN KEY (id) REFERENCES contact (id)"
        " DEFERRABLE INITIALLY DEFERRED)"
    )
    with app.engine.begin() as connection:
        connection.exec_driver_sql(deferred)
    before = counts(app)
    with pytest.raises(IntegrityError), app.transaction() as tx:
        tx.add(Contact(name="Ida"))
        tx.connection.exec_driver_sql("INSERT INTO late VALUES (987654)")
    assert counts(app) == before
    with app.transaction() as tx:  # and the next one is not disturbed
        tx.add(Contact(name="Ida"))
    assert counts(app)["contact"] == before["contact"] + 1


def test_a_flush_writes_and_a_later_edit_writes_only_the_rest(app):
    with app.transaction() as tx:
        ida = tx.add(Contact(name="Ida", note="first"))
        bob = tx.add(Contact(name="Bob"))
        tx.flush()
        assert tx.value(select(contact.c.note).where(contact.c.id == ida.id)) == "first"
        ida.note = "second"
        tx.flush()
        ida.given = "Ida"
    with app.engine.connect() as connection:
        row = connection.execute(select(contact).where(contact.c.id == ida.id)).one()
        assert (row.note, row.given, row.version, ida.version) == ("second", "Ida", 3, 3)
        assert connection.execute(select(contact.c.version).where(contact.c.id == bob.id)).scalar() == 1
    assert told(app)[-4:] == [
        ("contact.created", ida.id, {}),
        ("contact.created", bob.id, {}),
        ("contact.changed", ida.id, {"note": ["first", "second"]}),
        ("contact.changed", ida.id, {"given": ["", "Ida"]}),
    ]


def test_committing_in_the_block_stores_once(app):
    with app.transaction() as tx:
        tx.add(Contact(name="Ida"))
        tx.commit()
        tx.add(Contact(name="Bob"))
    assert [kind for kind, _id, _data in told(app)] == ["contact.created"] * 2


def test_released_records_are_written_told_and_let_go(app):
    with app.transaction() as tx:
        ida = tx.add(Contact(name="Ida"))
        tx.release()
        ida.name = "Somebody else"
        assert tx.get(Contact, ida.id) is not ida
    with app.read() as reader:
        assert reader.value(select(contact.c.name)) == "Ida"
    assert told(app) == [("contact.created", ida.id, {})]


def test_what_is_abandoned_never_happened_and_the_block_goes_on(app):
    before = counts(app)
    with app.transaction() as tx:
        lost = tx.add(Contact(name="Lost"))
        tx.record("contact.met", "contact", lost.id, {})
        tx.flush()
        lost.note = "edited after the flush"
        tx.abandon()
        kept = tx.add(Contact(name="Kept"))
    after = counts(app)
    assert (after["contact"], after["journal"]) == (before["contact"] + 1, before["journal"] + 1)
    assert told(app) == [("contact.created", kept.id, {})]


def test_an_abandoned_conflict_does_not_disturb_what_follows(app):
    with app.transaction() as tx:
        ida = tx.add(Contact(name="Ida", note="old"))
        bob = tx.add(Contact(name="Bob"))
    with app.transaction() as tx:
        tx.get(Contact, bob.id).note = "edited"
        tx.flush()
        tx.abandon()
        tx.get(Contact, ida.id).note = "new"
        tx.flush()
    with app.read() as reader:
        assert {row.name: row.note for row in reader.rows(select(contact))} == {"Ida": "new", "Bob": ""}


def test_details_edited_in_place_are_noticed(app):
    with app.transaction() as tx:
        ida = tx.add(Contact(name="Ida", details={"shoe": {"size": 40}}))
        tx.flush()
        ida.details["shoe"]["size"] = 41
    with app.transaction() as tx:
        tx.get(Contact, ida.id).details["hat"] = "green"
    with app.read() as reader:
        assert reader.value(select(contact.c.details)) == {"shoe": {"size": 41}, "hat": "green"}
    sizes = {"shoe": {"size": 40}}, {"shoe": {"size": 41}}
    assert told(app)[-2][2] == {"details": list(sizes)}
    assert told(app)[-1][2] == {"details": [sizes[1], {"shoe": {"size": 41}, "hat": "green"}]}


def test_the_journal_tells_parts_under_their_parent_and_what_is_removed_in_full(app):
    with app.transaction() as tx:
        ida = tx.add(Contact(name="Ida", note="met in Pécs", details={"shoe": 40}))
        tx.add(ContactPoint(kind="phone", value="1", contact_id=ida.id))
    with app.transaction(cause="a test") as tx:
        mail = tx.add(ContactPoint(kind="email", value="ida@x.hu", normal="ida@x.hu", contact_id=ida.id))
    with app.transaction() as tx:
        tx.get(ContactPoint, mail.id).label = "work"
    with app.transaction() as tx:
        tx.remove(tx.get(ContactPoint, mail.id))
        tx.remove(tx.get(Contact, ida.id))
    part = {"kind": "email", "value": "ida@x.hu", "contact_id": ida.id, "normal": "ida@x.hu", "preferred": False}
    assert told(app) == [
        ("contact.created", ida.id, {}),
        ("contact_point.created", ida.id, {**part, "id": mail.id}),
        ("contact_point.changed", ida.id, {"id": mail.id, "label": ["", "work"]}),
        ("contact_point.removed", ida.id, {**part, "id": mail.id, "label": "work"}),
        ("contact.removed", ida.id, {
            "id": ida.id, "name": "Ida", "private": False, "note": "met in Pécs", "details": {"shoe": 40},
        }),
    ]  # fmt: skip


def test_the_journal_says_when_who_and_why(app):
    with app.transaction(app.actor("ann"), cause="crm contact add") as tx:
        tx.add(Contact(name="Ida"))
    with app.engine.connect() as connection:
        row = connection.execute(select(journal)).one()
    assert (row.actor, row.cause, row.entity, row.at) == ("ann", "crm contact add", "contact", tx.now)


def test_a_removed_record_is_out_of_reach_before_it_is_written(app):
    with app.transaction() as tx:
        ida = tx.add(Contact(name="Ida"))
    with app.transaction() as tx:
        tx.remove(tx.get(Contact, ida.id))
        assert tx.load(Contact) == []
        with pytest.raises(NotFound):
            tx.get(Contact, ida.id)


def test_a_statement_given_to_the_connection_is_kept_when_writing_begins_later(app):
    before = counts(app)
    with app.transaction() as tx:
        tx.connection.execute(insert(plugin).values(name="noted", enabled=False, at=tx.now, tables=[]))
        tx.add(Contact(name="Ida"))
    assert (counts(app)["plugin"], counts(app)["contact"]) == (before["plugin"] + 1, 1)


def test_reading_before_writing_does_not_stop_the_writing(app):
    with app.transaction() as tx:
        assert tx.rows(select(contact)) == []
        with app.transaction() as other:
            other.add(Contact(name="Bob"))
        tx.add(Contact(name="Ida"))
    assert counts(app)["contact"] == 2


def test_a_block_that_committed_once_may_read_and_write_again(app):
    with app.transaction() as tx:
        tx.add(Contact(name="Ida"))
        tx.commit()
        assert len(tx.rows(select(contact))) == 1
        with app.transaction() as other:
            other.add(Contact(name="Bob"))
        tx.add(Contact(name="Eve"))
    assert counts(app)["contact"] == 3


def test_parts_go_before_what_they_are_parts_of(app):
    with app.transaction() as tx:
        acme = tx.add(Customer(name="Acme"))
        point = tx.add(ContactPoint(kind="phone", value="1", customer_id=acme.id))
    with app.transaction() as tx:
        found, part = tx.get(Customer, acme.id), tx.get(ContactPoint, point.id)
        tx.remove(found)
        tx.remove(part)
    assert (counts(app)["customer"], counts(app)["contact_point"]) == (0, 0)


@pytest.mark.parametrize("hook", ["crm_before_save", "crm_apply"])
def test_a_hook_that_adds_while_saving_is_refused_not_ignored(workspace, hook):
    app = with_plugin(workspace, **{hook: lambda changes, tx: [tx.add(Customer(name="from the hook")).name]})
    before = counts(app)
    with pytest.raises((PluginError, Refused), match="Plugin tester has no add in crm_"), app.transaction() as tx:
        tx.add(Contact(name="Ida"))
    assert counts(app) == before
    app.close()


def test_values_are_checked_on_assignment(app):
    with app.transaction() as tx:
        user = tx.load(User, user_account.c.login == "ann")[0]
        with pytest.raises(Exception, match="User needs a role"):
            user.role = " "
