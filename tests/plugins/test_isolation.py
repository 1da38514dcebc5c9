"""What crosses to plugins cannot be changed; what they are lent ends nothing; what they do is counted."""

import copy
import json
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from sqlalchemy import Column, Integer, MetaData, Table, select, text

from crmcore.app import App
from crmcore.engine.tables import contact, finding, hook_time, journal
from crmcore.engine.tables import plugin as plugin_table
from crmcore.errors import PluginError, Refused
from crmcore.hooks.background import Schedule
from crmcore.hooks.deprecated import Deprecated
from crmcore.hooks.formats import Format
from crmcore.hooks.kinds import impl
from crmcore.hooks.policy import Act
from crmcore.hooks.reading import Quality
from crmcore.hooks.references import Reference
from crmcore.model.change import Change, Event
from crmcore.model.party import Contact
from crmcore.model.user import User
from crmcore.plugins.dispatch import Dispatcher
from crmcore.plugins.lending import crossed


def plugin(**hooks):
    return SimpleNamespace(**{name: impl(function) for name, function in hooks.items()})


def opened(workspace, **hooks):
    return App(workspace, plugins=[("tester", plugin(**hooks))])


CHANGE = Change(action="changed", entity="x", id=1, before={"a": [1, {"b": 2}]}, after={"a": [], "c": {"d": [3]}})


AS_IT_WAS = json.dumps([CHANGE.before, CHANGE.after])


@pytest.mark.parametrize(
    "change",
    [
        lambda one: one.after.__setitem__("a", 1),
        lambda one: one.after.update(a=1),
        lambda one: one.after.pop("a"),
        lambda one: one.after.clear(),
        lambda one: one.after.setdefault("z", 1),
        lambda one: one.before["a"].append(1),
        lambda one: one.before["a"].sort(),
        lambda one: one.before["a"][1].__setitem__("b", 1),
        lambda one: one.after["c"]["d"].__iadd__([4]),
        lambda one: one.after["c"]["d"].__delitem__(0),
        lambda one: one.after.__ior__({"a": 1}),
        lambda one: setattr(one, "after", {}),
    ],
)
def test_what_crosses_is_read_only_all_through(change):
    twin = crossed(CHANGE)
    with pytest.raises((TypeError, AttributeError)):
        change(twin)
    assert twin == CHANGE
    assert json.dumps([CHANGE.before, CHANGE.after]) == AS_IT_WAS


def test_what_crosses_can_be_copied_compared_and_written_as_json():
    twin = crossed(CHANGE)
    assert json.loads(json.dumps(twin.after)) == CHANGE.after
    mine = copy.deepcopy(twin.before)
    mine["a"].append(5)
    assert type(mine) is dict
    assert twin.before == CHANGE.before


def test_force_reaches_only_a_copy():
    event = Event(at=datetime.now(UTC), actor="a", cause="", type="t", entity="e", subject_id=1, data={"a": [1]})
    act = Act(kind="visit", at=datetime.now(UTC), contact_id=1)
    for one, name in ((event, "subject_id"), (act, "contact_id")):
        twin = crossed(one)
        assert twin == one
        object.__setattr__(twin, name, 99)
        assert getattr(one, name) == 1


def test_each_kind_of_hook_is_lent_what_it_may_do(workspace):
    lent = {}

    def note(kind):
        def noted(lender):
            lent[kind] = {name for name in dir(lender) if not name.startswith("_")}

        return noted

    app = opened(
        workspace,
        crm_quality=lambda reader: note("collect")(reader),
        crm_before_save=lambda tx: note("veto")(tx),
        crm_apply=lambda tx: note("apply")(tx),
        crm_on_event=lambda tx: note("notify")(tx),
    )
    with app.transaction() as tx:
        tx.add(Contact(name="Ida"))
    with app.read() as reader:
        app.dispatcher.collect("crm_quality", reader=reader)
    with app.transaction() as tx:
        app.dispatcher.call(app.dispatcher.calls("crm_on_event")[0], tx=tx)
    app.close()
    reads = {"rows", "first", "value", "actor", "now", "definitions", "ask"} & lent["collect"]
    assert {"rows", "first", "value", "actor", "now", "ask"} <= reads
    assert lent["veto"] - lent["collect"] == {"as_read", "cause", "caused_by"} | ({"definitions"} - lent["collect"])
    assert lent["apply"] - lent["veto"] == {"execute", "lock", "new_id"}
    assert {"add", "get", "load", "remove", "record", "flush", "permit", "permit_all"} <= lent["notify"] - lent["apply"]
    for names in lent.values():
        assert not names & {"commit", "rollback", "abandon", "release", "close", "connection", "dispatcher", "begin"}


def test_a_handler_does_with_records_what_the_core_does_and_it_is_journalled(workspace):
    def hear(event, tx):
        made = tx.add(Contact(name="made"))
        tx.flush()
        assert tx.value(select(contact.c.name).where(contact.c.id == made.id)) == "made"
        tx.get(Contact, made.id).note = "changed"
        (ann,) = tx.load(User)
        tx.record("bell.rung", "contact", made.id, {"by": ann.login})

    app = opened(workspace, crm_on_event=hear)
    event = Event(at=datetime.now(UTC), actor="a", cause="", type="t", entity="e", subject_id=1, data={})
    with app.transaction() as tx:
        app.dispatcher.call(app.dispatcher.calls("crm_on_event")[0], event=event, tx=tx)
    with app.read() as reader:
        assert reader.value(select(contact.c.note)) == "changed"
        told = [row.type for row in reader.rows(select(journal.c.type).order_by(journal.c.id))]
    app.close()
    assert {"contact.created", "bell.rung"} <= set(told)


def test_a_statement_that_fails_in_one_part_of_a_brief_spoils_no_other(workspace):
    def bad(reader):
        reader.rows(select(text("x")).select_from(text("no_such_table")))

    def quiet(reader):
        try:
            bad(reader)
        except Exception:  # noqa: BLE001 # and says nothing
            return [Quality(title="quiet", total=1, bad=0)]

    def good(reader):
        return [Quality(title="good", total=reader.value(select(contact.c.id)) or 0, bad=0)]

    names = {"bad": bad, "good": good, "quiet": quiet, "last": lambda reader: good(reader)}
    app = App(workspace, plugins=[(name, plugin(crm_quality=each)) for name, each in names.items()])
    with app.read() as reader:
        found = [title for title, _one in app.dispatcher.collect_by_plugin("crm_quality", reader=reader)]
        assert {"good", "last"} <= set(found)
        assert reader.rows(select(contact.c.id)) == []
    assert "bad" in {failure.plugin for failure in app.dispatcher.failures}
    app.close()


def enabled(app, name):
    with app.engine.begin() as connection:
        row = {"name": name, "distribution": name, "version": "1.0", "enabled": True, "tables": []}
        connection.execute(plugin_table.insert().values(**row, at=datetime.now(UTC)))


def test_a_plugin_that_keeps_failing_is_no_longer_asked_but_still_heard_when_it_refuses(workspace):
    asked = []

    def crash(reader):
        asked.append(1)
        raise RuntimeError("boom")

    def refuse(changes):
        return ["never"]

    for turn in range(7):
        app = opened(workspace, crm_quality=crash, crm_before_save=refuse)
        if not turn:
            enabled(app, "tester")
        with app.read() as reader:
            app.dispatcher.collect("crm_quality", reader=reader)
        app.close()
    assert len(asked) == 5, "counted over processes"
    app = opened(workspace, crm_quality=crash, crm_before_save=refuse)
    with app.engine.connect() as connection:
        reason = connection.execute(select(plugin_table.c.quarantined)).scalar_one()
        (row,) = connection.execute(select(finding).where(finding.c.hook == "crm_quality")).all()
        told = connection.execute(select(journal.c.type).where(journal.c.entity == "plugin")).scalars().all()
    assert "failed 5 times" in reason
    assert "boom" in reason
    assert (row.kind, row.count, row.severity) == ("failed", 5, "error")
    assert list(told) == ["plugin.quarantined"]
    with pytest.raises(Refused, match="tester: never"), app.transaction() as tx:
        tx.add(Contact(name="Ida"))
    app.close()


def test_what_is_found_never_delays_a_command_while_somebody_writes(workspace):
    app = opened(workspace, crm_quality=lambda reader: 1 / 0)
    with app.read() as reader:
        app.dispatcher.collect("crm_quality", reader=reader)
    other = App(workspace)
    with other.transaction() as tx:
        tx.begin()
        tx.connection.execute(plugin_table.select())
        if app.engine.dialect.name == "postgresql":
            tx.connection.execute(text("LOCK TABLE finding IN ACCESS EXCLUSIVE MODE"))
        start = datetime.now(UTC)
        app.close()
        assert (datetime.now(UTC) - start).total_seconds() < 10  # and not 30, as whoever writes
    with other.engine.connect() as connection:
        assert connection.execute(select(finding)).all() == []
    assert [one.plugin for one in app.dispatcher.notes.ledger] == ["tester"], "it is kept for another time"
    app.close()
    with other.engine.connect() as connection:
        assert [row.plugin for row in connection.execute(select(finding))] == ["tester"]
        assert [(row.plugin, row.calls) for row in connection.execute(select(hook_time))] == [("tester", 1)]
    other.close()


def test_a_deprecated_hook_or_argument_is_told_with_the_name_of_the_plugin():
    going = Deprecated(hooks={"crm_quality": "use crm_metrics"}, arguments={("crm_brief", "now"): "the reader has it"})
    made = Dispatcher(deprecated=going)
    made.register("old", plugin(crm_quality=lambda reader: [], crm_brief=lambda subject, now: []), "1.2")
    found = list(made.notes.ledger)
    assert [(each.plugin, each.version, each.hook, each.kind, each.severity, each.message) for each in found] == [
        ("old", "1.2", "crm_brief", "deprecated", "warning",
         "crm_brief: the argument now will go: the reader has it"),
        ("old", "1.2", "crm_quality", "deprecated", "warning", "crm_quality will go: use crm_metrics"),
    ]  # fmt: skip


def _int_reader(reader: int):
    return []


def _wrong_answer(changes) -> int:
    return 1


def _right(reader) -> list[Quality]:
    return []


@pytest.mark.parametrize(
    ("hooks", "said"),
    [
        ({"crm_before_save": _wrong_answer}, "crm_before_save: the answer is"),
        ({"crm_quality": lambda *reader: []}, "not a plain one"),
        ({"crm_quality": lambda reader, colour=None: []}, "crm_quality has no argument colour"),
        ({"crm_brief": lambda subjekt: []}, "did you mean subject?"),
    ],
)
def test_a_signature_that_cannot_be_right_is_refused_at_load(hooks, said):
    with pytest.raises(PluginError, match=r"Plugin wrong 2\.0: ") as refused:
        Dispatcher().register("wrong", plugin(**hooks), "2.0")
    assert said in str(refused.value)


def test_annotations_that_agree_are_fine():
    made = Dispatcher()
    made.register("right", plugin(crm_quality=_right))
    made.enable(["right"])
    assert made.collect("crm_quality", reader=None) == []


def test_two_that_claim_one_name_are_both_named_and_the_first_has_it():
    def paper(label):
        return Format(
            name="paper", label=label, extensions=(), sniff=lambda head, name: 0, read=lambda source: iter(())
        )

    made = Dispatcher()
    for name in ("one", "two"):
        made.register(name, plugin(crm_formats=formats_of(paper(name))))
    made.enable(["one", "two"])
    assert [each.label for each in made.declared("crm_formats")] == ["one"]
    assert [(f.plugin, f.message) for f in made.failures] == [("two", "both one and two declare “paper”")]
    assert not made.is_enabled("two")


def formats_of(one):
    return lambda: [one]


def test_a_table_that_is_not_the_plugins_own_is_not_its_to_declare():
    made = Dispatcher()
    made.register("sales", plugin(crm_references=lambda: [Reference(table=contact, column="id", target="contact")]))
    theirs = Table("sales_extra_one", MetaData(), Column("id", Integer))
    made.register("sales_extra", plugin(crm_references=lambda: []))
    made.register("other", plugin(crm_references=lambda: [Reference(table=theirs, column="id", target="contact")]))
    made.enable(["sales", "sales_extra", "other"])
    assert made.declared("crm_references") == []
    assert [f.message for f in made.failures] == [
        "the table “contact” is not its own: those begin with “sales_”",
        "the table “sales_extra_one” is not its own: those begin with “other_”",
    ]
    assert not made.owns("sales", "sales_extra_one")
    assert made.owns("sales_extra", "sales_extra_one")


def test_what_a_plugin_hands_in_is_called_as_its_hooks_are(workspace):
    """A schedule's work gets a transaction on loan; what it raises has its name."""
    seen = []

    def work(tx):
        seen.append(type(tx).__name__)
        tx.add(Contact(name="by schedule"))
        if len(seen) > 1:
            raise RuntimeError("boom")

    app = opened(workspace, crm_schedules=lambda: [Schedule(name="daily", cron="0 8 * * *", run=work)])
    (daily,) = app.dispatcher.declared("crm_schedules")
    with app.transaction() as tx:
        daily.run(tx)
    said = "Plugin tester failed in schedule daily: RuntimeError: boom"
    with pytest.raises(PluginError, match=said), app.transaction() as tx:
        daily.run(tx)
    assert seen == ["NotifyTransaction"] * 2
    with app.read() as reader:
        assert len(reader.rows(select(contact.c.id))) == 1
    app.close()
