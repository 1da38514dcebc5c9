"""The five kinds of hook keep the promises of the table in `crmcore.hooks.kinds`; what fails is named."""

from contextlib import suppress
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from sqlalchemy import select

from crmcore.app import App
from crmcore.engine import clock
from crmcore.engine.tables import contact
from crmcore.errors import PluginError, Refused
from crmcore.hooks.formats import Format
from crmcore.hooks.kinds import impl
from crmcore.hooks.policy import Act, Objection
from crmcore.hooks.reading import Quality
from crmcore.model.change import Event
from crmcore.model.party import Contact
from crmcore.plugins.dispatch import Dispatcher
from crmcore.policy.permit import permit


def plugin(**hooks):
    return SimpleNamespace(**{name: impl(function) for name, function in hooks.items()})


def dispatcher(*plugins, enabled=None, strict=False):
    made = Dispatcher(strict=strict)
    for name, module in plugins:
        made.register(name, module)
    made.enable([name for name, _module in plugins] if enabled is None else enabled)
    return made


def crash(*_given):
    raise RuntimeError("boom")


def figure(title):
    return Quality(title=title, total=1, bad=0)


def paper(name):
    return Format(name=name, label=name, extensions=(), sniff=lambda head, name: 0, read=lambda source: iter(()))


def test_declare_a_plugin_that_crashes_is_quarantined_and_the_rest_runs():
    made = dispatcher(
        ("bad", plugin(crm_formats=lambda: crash(), crm_quality=lambda reader: [figure("bad")])),
        ("good", plugin(crm_formats=lambda: [paper("good")], crm_quality=lambda reader: [figure("good")])),
    )
    assert [each.name for each in made.declared("crm_formats")] == ["good"]
    assert [each.title for each in made.collect("crm_quality", reader=None)] == ["good"]
    assert not made.is_enabled("bad")
    assert [(f.plugin, f.hook, f.message) for f in made.failures] == [("bad", "crm_formats", "RuntimeError: boom")]


def test_collect_the_part_of_one_that_crashes_is_missing_and_reported():
    def half(reader):
        yield figure("first half")
        raise RuntimeError("boom")

    made = dispatcher(
        ("a", plugin(crm_quality=lambda reader: [figure("a")])),
        ("b", plugin(crm_quality=half)),
        ("c", plugin(crm_quality=lambda reader: [figure("c")])),
    )
    answers = made.collect_by_plugin("crm_quality", reader=None)
    assert [(name, each.title) for name, each in answers] == [("a", "a"), ("c", "c")]
    assert [f.plugin for f in made.failures] == ["b"]
    assert made.is_enabled("b")


def test_veto_all_run_all_refusals_are_raised_together_and_a_crash_refuses():
    made = dispatcher(
        ("a", plugin(crm_before_save=lambda changes: ["one", "two"])),
        ("b", plugin(crm_before_save=lambda changes: crash())),
        ("c", plugin(crm_before_save=lambda changes: None)),
        ("d", plugin(crm_before_save=lambda changes, tx: ["three"])),
    )
    with pytest.raises(Refused) as refused:
        made.veto("crm_before_save", changes=(), tx=None)
    assert refused.value.reasons == (
        "a: one", "a: two", "b: Plugin b failed in crm_before_save: RuntimeError: boom", "d: three",
    )  # fmt: skip


def test_apply_the_first_failure_aborts_and_names_the_plugin():
    seen = []
    made = dispatcher(
        ("a", plugin(crm_apply=lambda changes, tx: seen.append("a"))),
        ("b", plugin(crm_apply=lambda changes, tx: crash())),
        ("c", plugin(crm_apply=lambda changes, tx: seen.append("c"))),
    )
    with pytest.raises(PluginError, match="Plugin b failed in crm_apply: RuntimeError: boom") as failed:
        made.apply("crm_apply", changes=(), tx=None)
    assert seen == ["a"]
    assert failed.value.__cause__.__notes__ == ["in plugin b, hook crm_apply"]


def test_notify_each_in_a_transaction_of_its_own_and_a_failure_touches_nobody(workspace):
    def bad(event, tx):
        tx.add(Contact(name="from the one that fails"))
        raise RuntimeError("boom")

    def good(event, tx):
        tx.add(Contact(name=f"heard of {event.type}"))

    app = App(workspace, plugins=[("bad", plugin(crm_on_event=bad)), ("good", plugin(crm_on_event=good))])
    told = Event(at=clock.now(), actor="ann", cause="", type="bell.rung", entity="bell", subject_id=1, data={})
    for call in app.dispatcher.calls("crm_on_event"):
        with suppress(PluginError), app.transaction() as tx:
            app.dispatcher.call(call, event=told, tx=tx)
    with app.read() as reader:
        assert {row.name for row in reader.rows(select(contact.c.name))} == {"heard of bell.rung"}
    assert [(f.plugin, f.hook) for f in app.dispatcher.failures] == [("bad", "crm_on_event")]
    app.close()


def test_an_answer_of_the_wrong_kind_is_the_plugins_failure():
    made = dispatcher(
        ("a", plugin(crm_quality=lambda reader: ["a text"])),
        ("b", plugin(crm_quality=lambda reader: 7)),
        ("c", plugin(crm_before_save=lambda changes: "no")),
    )
    assert made.collect("crm_quality", reader=None) == []
    assert [f.plugin for f in made.failures] == ["a", "b"]
    with pytest.raises(Refused, match="answered one text where a list is expected"):
        made.veto("crm_before_save", changes=(), tx=None)


def test_plugins_are_called_in_the_order_of_registration():
    names = ["zeta", "alpha", "mid"]

    def named(name):
        return plugin(crm_quality=lambda reader: [figure(name)])

    made = dispatcher(*[(name, named(name)) for name in names])
    assert [each.title for each in made.collect("crm_quality", reader=None)] == names


def everything():
    """A plugin that joins in every hook there is, and crashes in each."""
    return plugin(**{each.name: crashing_with(each.arguments) for each in Dispatcher().hooks()})


def crashing_with(arguments):
    made = {}
    exec(f"def function({', '.join(arguments)}): raise RuntimeError('boom')", made)  # noqa: S102 # our own names
    return made["function"]


def test_a_disabled_plugin_contributes_nothing_in_any_hook():
    made = dispatcher(("off", everything()), enabled=[], strict=True)
    assert [made.calls(each.name) for each in made.hooks()] == [()] * len(made.hooks())
    assert all(each.implemented_by == () for each in made.hooks())


def test_every_hook_has_a_kind_and_a_sentence_and_names_who_joins_in():
    made = dispatcher(("on", everything()))
    assert len(made.hooks()) > 10
    for each in made.hooks():
        assert each.kind in {"declare", "collect", "veto", "apply", "notify"}
        assert each.scope == ("process" if each.kind == "declare" else "workspace")
        assert bool({"tx", "reader"} & set(each.arguments)) == (each.scope == "workspace")
        assert each.summary.endswith(".")
        assert each.since
        assert each.implemented_by == ("on",)


@pytest.mark.parametrize(
    ("module", "said"),
    [
        (plugin(crm_breif=lambda subject: []), "crm_breif"),
        (plugin(crm_brief=lambda subject, colour: []), "colour"),
        (SimpleNamespace(crm_brief=impl(tryfirst=True)(lambda subject: [])), "tryfirst"),
        (SimpleNamespace(crm_brief=impl(trylast=True)(lambda subject: [])), "trylast"),
        (SimpleNamespace(crm_breif=impl(optionalhook=True)(lambda subject: [])), "optionalhook"),
    ],
    ids=["misspelt", "unknown argument", "tryfirst", "trylast", "optionalhook"],
)
def test_what_a_plugin_gets_wrong_is_an_error_at_load_that_names_it(module, said):
    made = dispatcher(("fine", plugin(crm_quality=lambda reader: [figure("fine")])))
    with pytest.raises(PluginError, match=rf"Plugin wrong: .*{said}"):
        made.register("wrong", module)
    made.enable(["fine", "wrong"])
    assert [each.title for each in made.collect("crm_quality", reader=None)] == ["fine"]
    assert made.calls("crm_brief") == ()
    made.register("later", plugin(crm_quality=lambda reader: [figure("later")]))  # nothing pending is left behind


def test_a_plugin_may_not_wrap_others():
    @impl(wrapper=True)
    def new(reader):
        return (yield)

    @impl(hookwrapper=True)
    def old(reader):
        yield

    for wrapping in (new, old):
        with pytest.raises(PluginError, match="wrong"):
            dispatcher(("wrong", SimpleNamespace(crm_quality=wrapping)))


def test_strict_lets_every_failure_through_with_a_note():
    made = dispatcher(("bad", plugin(crm_quality=lambda reader: crash())), strict=True)
    with pytest.raises(RuntimeError, match="boom") as failed:
        made.collect("crm_quality", reader=None)
    assert failed.value.__notes__ == ["in plugin bad, hook crm_quality"]


def test_objections_of_several_and_of_one_that_crashes_are_all_heard(workspace):
    app = App(
        workspace,
        plugins=[
            ("a", plugin(crm_objections=lambda acts: crash())),
            ("b", plugin(crm_objections=lambda acts: [Objection(act=acts[0], reason="rather not", blocks=False)])),
        ],
    )
    with app.transaction() as tx:
        ida = tx.add(Contact(name="Ida"))
        tx.flush()
        decision = permit(tx, Act(kind="visit", at=datetime(2026, 11, 22, 9, tzinfo=UTC), contact_id=ida.id))
    assert not decision.allowed
    assert decision.reasons == ("Plugin a failed in crm_objections: RuntimeError: boom", "rather not")
    app.close()
