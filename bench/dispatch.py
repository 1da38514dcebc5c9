"""Hook dispatch: our dispatcher, which names and times who fails, beside bare pluggy; 20 plugins that do nothing."""

from collections.abc import Callable, Iterator
from functools import partial

import pluggy

from bench.noop import saver
from bench.result import Result
from bench.scale import Scale
from bench.timing import compared, in_turns
from crmcore.hooks import SPECIFICATIONS
from crmcore.hooks.kinds import PROJECT
from crmcore.plugins.dispatch import Dispatcher

GOAL = 2.0
_PLUGINS, _TIMES = 20, 50


def run(scale: Scale) -> Iterator[Result]:
    """Measure a call of each kind of hook."""
    dispatcher, bare = Dispatcher(), pluggy.PluginManager(PROJECT)
    for module in SPECIFICATIONS:
        bare.add_hookspecs(module)
    names = [f"noop{n}" for n in range(_PLUGINS)]
    for name in names:
        dispatcher.register(name, saver())
        bare.register(saver(), name)
    dispatcher.enable(names)
    save = {"changes": (), "tx": None}
    read = {"subject": None, "now": None, "reader": None}
    for kind, call, hook, given in (
        ("veto", dispatcher.veto, "crm_before_save", save),
        ("apply", dispatcher.apply, "crm_apply", save),
        ("collect", dispatcher.collect, "crm_brief", read),
    ):
        times = in_turns(
            {"floor": _often(partial(getattr(bare.hook, hook), **given)), "ours": _often(partial(call, hook, **given))},
            rounds=scale.rounds,
            calls=scale.calls,
        )
        yield compared(
            f"dispatch of {hook} ({kind})", "-", times["floor"], times["ours"], GOAL,
            f"{_PLUGINS} no-op plugins, {_TIMES} calls, beside bare pluggy",
        )  # fmt: skip


def _often(call: Callable[[], object]) -> Callable[[], None]:
    def work() -> None:
        for _ in range(_TIMES):
            call()

    return work
