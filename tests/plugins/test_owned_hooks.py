"""Hooks that plugins own keep the promises of their kinds; who asks, answers or misuses one is known by name."""

import json
from collections.abc import Iterable
from time import perf_counter, sleep
from types import FunctionType, ModuleType, SimpleNamespace
from typing import Any

import pytest
from attrs import frozen
from sqlalchemy import func, literal, select

from crmcore.api import Plugin, Quality, impl, tables
from crmcore.app import App
from crmcore.conformance.keeping import purged
from crmcore.conformance.subject import Subject
from crmcore.errors import NotFound, PluginError, Refused
from crmcore.hooks.kinds import APPLY, COLLECT, DECLARE, VETO, hook
from crmcore.plugins import discovery
from crmcore.plugins.dispatch import Dispatcher
from crmcore.plugins.limits import Limits


@frozen(kw_only=True)
class Sign:
    name: str


def spec(**functions):
    """Return a module that holds specifications, as `own_kind=function`."""
    module = ModuleType("a_specification")
    for name, (kind, function) in functions.items():
        own = FunctionType(function.__code__, function.__globals__, name)  # marking changes the function
        own.__annotations__, own.__doc__ = function.__annotations__, function.__doc__
        setattr(module, name, hook(kind)(own))
    return module


def own_scales() -> Iterable[Sign]:
    """Declare scales."""


def own_signs(word: str, reader: Any) -> Iterable[Sign]:
    """Tell signs."""


def own_doubts(word: str, tx: Any) -> Iterable[str]:
    """Say doubts."""


OWN = {"own_scales": (DECLARE, own_scales), "own_signs": (COLLECT, own_signs), "own_doubts": (VETO, own_doubts)}


def owner(**hooks):
    return plugin("own", Plugin(name="own", title="Owns", hooks=(spec(**OWN),)), **hooks)


def plugin(name, manifest=None, **hooks):
    said = manifest or Plugin(name=name, title=name, requires=("own",))
    return name, SimpleNamespace(PLUGIN=said, **{key: impl(function) for key, function in hooks.items()})


def dispatcher(*plugins, enabled=None, **options):
    made = Dispatcher(**options)
    for name, module in plugins:
        made.register(name, module)
    made.enable([name for name, _module in plugins] if enabled is None else enabled)
    return made


def crash(*_given):
    raise RuntimeError("boom")


def test_the_life_of_hooks_between_two_distributions(here, workspace):
    here.environment["CRM_DATABASE_URL"] = workspace
    here.install("rating", "letters")
    here.crm("contact", "add", "Ida Lovelace-Byron")
    here.crm("plugin", "enable", "letters")
    hooks = {one["name"]: one for one in json.loads(here.crm("hook", "list", "--json").stdout)}
    ours = {name: (one["owner"], one["kind"], one["implemented_by"]) for name, one in hooks.items() if "rating" in name}
    assert ours == {
        "rating_scales": ("rating", "declare", ["letters"]), "rating_signs": ("rating", "collect", ["letters"]),
        "rating_doubts": ("rating", "veto", ["letters"]),
    }  # fmt: skip
    assert hooks["crm_brief"]["owner"] == "core"
    told = json.loads(here.crm("hook", "explain", "rating_signs", "--json").stdout)
    assert (told["owner"], told["since"]) == ("rating", "0.1")
    assert told["returns"].endswith("Iterable[crmcore_rating.signs.Sign]")
    assert told["explanation"].endswith("Read them with one statement.")
    assert [each["plugin"] for each in told["implemented_by"]] == ["letters"]

    blocks = {one["title"]: one for one in json.loads(here.crm("brief", "Ida", "--json").stdout)["blocks"]}
    assert blocks["Rating"]["rows"] == [["length", "10 of 10"]]
    refused = here.crm("contact", "add", "Bo", code=1).stderr
    assert "rating: letters: too short a name" in refused
    if workspace.startswith("sqlite"):  # the check has workspaces of its own
        here.crm("plugin", "check", "letters", PYTHONPATH=str(here.folder))

    here.crm("plugin", "disable", "letters")
    assert json.loads(here.crm("hook", "explain", "rating_signs", "--json").stdout)["implemented_by"] == []
    here.crm("contact", "add", "Bo")
    here.crm("plugin", "enable", "letters")
    here.crm("plugin", "disable", "rating", "--with-dependants")
    assert "no hook rating_signs" in here.crm("hook", "explain", "rating_signs", code=1).stderr
    here.crm("plugin", "enable", "letters")
    here.remove("rating")  # whose hooks it implements is gone: it contributes nothing, and the host works
    assert "Rating" not in here.crm("brief", "Ida").stdout


def test_each_kind_keeps_its_promise_and_failures_have_the_name_of_who_answers():
    made = dispatcher(
        owner(),
        plugin("a", own_scales=lambda: [Sign(name="a")], own_signs=lambda word: [Sign(name=word)]),
        plugin("b", own_signs=lambda word, reader: crash(), own_doubts=lambda word: ["no", word]),
        plugin("c", own_scales=lambda: [Sign(name="a"), Sign(name="c")], own_signs=lambda: ["a text"]),
        plugin("d", own_scales=lambda: crash(), own_doubts=lambda word: crash()),
    )
    assert [each.name for each in made.ask("own_signs", None, {"word": "x"})] == ["x"]
    with pytest.raises(Refused) as refused:
        made.ask("own_doubts", None, {"word": "x"})
    assert refused.value.reasons == ("b: no", "b: x", "d: Plugin d failed in own_doubts: RuntimeError: boom")
    assert [each.name for each in made.ask("own_scales", None, {})] == ["a"]  # c claims a's name, d crashes
    assert not any(made.is_enabled(each) for each in "cd")
    assert {(each.plugin, each.hook) for each in made.failures} == {
        ("b", "own_signs"), ("c", "own_signs"), ("c", "own_scales"), ("d", "own_doubts"), ("d", "own_scales"),
    }  # fmt: skip
    made.quarantine({"a": "too often"})
    assert made.ask("own_signs", None, {"word": "x"}) == []
    made.enable("ab")
    assert made.calls("own_doubts") == ()  # whose hook it is does not run here


@pytest.mark.parametrize(
    ("manifest", "hooks", "why"),
    [
        ({"requires": ()}, {"own_signs": lambda word: ()}, "own_signs is a hook of own; say in PLUGIN.requires"),
        ({}, {"own_sings": lambda word: ()}, "there is no hook own_sings; did you mean own_signs"),
        ({}, {"own_signs": lambda words: ()}, "own_signs has no argument words; did you mean word"),
        ({"hooks": (ModuleType("empty"),)}, {}, "PLUGIN.hooks names empty, in which no function is marked"),
        ({"hooks": (spec(her_signs=(COLLECT, own_signs)),)}, {}, "the hook her_signs is to begin with his_"),
        (
            {"hooks": (spec(his_trace=(APPLY, own_doubts)),)},
            {},
            "his_trace is of the kind apply; a plugin's own can be",
        ),
        ({"hooks": (spec(his_x=(COLLECT, lambda: ())),)}, {}, "his_x has no docstring"),
        ({"hooks": (spec(his_x=(DECLARE, own_signs)),)}, {}, "his_x of the kind declare has no arguments"),
        ({"hooks": (spec(his_x=(COLLECT, own_doubts)),)}, {}, "his_x of the kind collect cannot lend tx"),
        ({"hooks": (spec(his_x=(VETO, own_scales)),)}, {}, "his_x of the kind veto answers reasons"),
    ],
)
def test_what_is_declared_or_implemented_wrongly_is_refused_at_load(manifest, hooks, why):
    made = dispatcher(owner())
    said = Plugin(**{"name": "his", "title": "His", "requires": ("own",), **manifest})
    with pytest.raises(PluginError, match=why):
        made.register(*plugin("his", said, **hooks))
    unmarked = SimpleNamespace(PLUGIN=Plugin(name="u", title="U", requires=("own",)), own_signs=lambda word: ())
    with pytest.raises(PluginError, match="own_signs is not marked with @impl"):
        made.register("u", unmarked)
    imported = SimpleNamespace(PLUGIN=unmarked.PLUGIN, own_signs=made.specification("own_signs"))
    made.register("u", imported)  # the specification itself, imported to read its types, is no implementation


def test_a_hook_is_its_owners_to_ask_and_with_its_own_arguments(workspace):
    def ask(hook, **given):
        def brief(reader):
            return [Quality(title=f"{each}", total=1, bad=0) for each in reader.ask(hook, **given)]

        return brief

    app = App(
        workspace,
        plugins=[
            owner(crm_quality=ask("own_signs", words="x")),
            plugin("thief", crm_quality=ask("own_signs", word="x")),
            plugin("odd", crm_quality=ask("crm_quality")),
        ],
    )
    with app.read() as reader:
        app.dispatcher.collect("crm_quality", reader=reader)
        assert reader.ask("own_signs", word="x") == []
        with pytest.raises(NotFound, match="no hook own_nothing"):
            reader.ask("own_nothing")
        with pytest.raises(PluginError, match="crm_quality is asked by its owner, core"):
            reader.ask("crm_quality")
    assert [(each.plugin, each.message.removeprefix("PluginError: ")) for each in app.dispatcher.failures] == [
        ("own", "own_signs is asked by its owner, own, with word, reader; not with words, reader."),
        ("thief", "Plugin thief, crm_quality: own_signs is not its own to ask."),
        ("odd", "Plugin odd, crm_quality: crm_quality is not its own to ask."),
    ]
    app.close()


def test_who_answers_badly_is_named_and_who_asked_goes_on(workspace):
    """A statement that fails spoils a transaction on PostgreSQL: it is mended, and the asker is not blamed."""
    c = tables.contact.c

    def figures(reader):
        total = reader.value(select(literal(7)))
        return [Quality(title=one.name, total=total, bad=0) for one in reader.ask("own_signs", word="x")]

    app = App(
        workspace,
        plugins=[
            owner(crm_quality=figures),
            plugin("good", own_signs=lambda reader: [Sign(name=f"good {reader.value(select(literal(1)))}")]),
            plugin("writer", own_signs=lambda reader: reader.execute(None)),
            plugin("bad", own_signs=lambda reader: reader.rows(select(func.no_function(c.id)))),
        ],
    )
    with app.read() as reader:
        told = app.dispatcher.collect_by_plugin("crm_quality", reader=reader)
    assert [(one.title, one.total) for name, one in told if name == "own"] == [("good 1", 7)]
    assert [each.plugin for each in app.dispatcher.failures] == ["writer", "bad"]
    app.close()


def test_the_time_of_who_answers_is_not_counted_against_who_asks():
    made = dispatcher(
        owner(
            crm_quality=lambda: [Quality(title=f"{len(made.ask('own_signs', None, {'word': 'x'}))}", total=1, bad=0)]
        ),
        plugin("slow", own_signs=lambda word: sleep(0.5) or [Sign(name="slow")]),
        plugin("slower", own_signs=lambda word: sleep(9) or [Sign(name="slower")]),
        limits=Limits(by_kind={COLLECT: 1.4}),
    )
    begun = perf_counter()
    assert [each.title for each in made.collect("crm_quality", reader=None)] == ["1"]
    assert perf_counter() - begun < 8
    assert [each.plugin for each in made.failures] == ["slower"]


def test_a_plugin_that_stands_on_another_is_examined_beside_it(here, tmp_path):
    """What the other one keeps is not left behind by this one."""
    here.install("dummy", "needs_dummy")
    discovery.installed.cache_clear()
    assert list(purged(Subject("needs_dummy", lambda: f"sqlite:///{tmp_path}/beside.db"))) == []
