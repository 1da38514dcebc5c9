"""What plugins declare: whether it is theirs to declare, and how the functions they hand in are called."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Protocol

import attrs

from crmcore.hooks.background import Action, Schedule
from crmcore.hooks.entities import EntityType, Fact
from crmcore.hooks.formats import Format, Source
from crmcore.hooks.forms import Form
from crmcore.hooks.handing import Taker
from crmcore.hooks.kinds import APPLY, COLLECT, NOTIFY, VETO
from crmcore.hooks.pages import Page
from crmcore.hooks.selecting import Trait
from crmcore.hooks.settings import Setting
from crmcore.i18n import _

CORE = "core."

_NAMED = frozenset(
    {"crm_formats", "crm_processes", "crm_actions", "crm_metrics", "crm_takers", "crm_forms", "crm_outcomes"}
)
"""The core's hooks whose items have a name that only one plugin can have; in hooks of plugins all items with a name."""


class Run(Protocol):
    """Calls a function of a plugin as its hooks are called: on loan, watched, named. What it raises is named, too.

    Of the kind `collect` it answers None instead of raising.
    """

    def __call__(self, what: str, kind: str, function: Callable[..., Any], *given: Any) -> Any:
        """Return what the function answers; `what` says in messages which one it is."""
        ...


def sifted(
    hook: str, found: Iterable[tuple[str, Any]], owns: Callable[[str, str], bool]
) -> Iterator[tuple[str, Any, str]]:
    """Yield (plugin, item, problem): the problem says why an item is not the plugin's to declare, else it is empty.

    `owns(plugin, table)` tells whose a table is. Of two that claim one name the first has it.
    """
    taken: dict[Any, str] = {}
    for plugin, item in found:
        problem = "" if plugin.startswith(CORE) else _not_its_own(plugin, item, owns)
        for key in () if problem else _keys(hook, plugin, item):
            other = taken.setdefault(key, plugin)
            if other != plugin:
                problem = _("both {one} and {other} declare “{name}”").format(one=other, other=plugin, name=key)
        yield plugin, item, problem


def kept_name(plugin: str, one: Setting) -> str:
    """Return the name under which a setting of a plugin, or of a feature of the core, is kept."""
    return one.name if plugin.startswith(CORE) else one.kept_as or f"{plugin}.{one.name}"


def _keys(hook: str, plugin: str, item: Any) -> list[Any]:
    if isinstance(item, EntityType):
        return [item.name, item.cls.__qualname__]
    if isinstance(item, Setting):
        return [kept_name(plugin, item)]
    if isinstance(item, Page):
        return list(item.keys)
    if hook in _NAMED:
        return [item.name]
    name = None if hook.startswith("crm_") else getattr(item, "name", None)
    return [name] if isinstance(name, str) else []


def _not_its_own(plugin: str, item: Any, owns: Callable[[str, str], bool]) -> str:
    table = getattr(item, "table", None)
    if table is None or owns(plugin, table.name):
        return ""
    return _("the table “{table}” is not its own: those begin with “{plugin}_”").format(table=table.name, plugin=plugin)


def guarded(item: Any, run: Run) -> Any:
    """Return a declared item with its functions wrapped, so that they are called as hooks are."""
    if isinstance(item, Schedule):
        return attrs.evolve(item, run=_through(run, f"schedule {item.name}", NOTIFY, item.run))
    if isinstance(item, Action):
        return attrs.evolve(item, run=_through(run, f"action {item.name}", NOTIFY, item.run))
    if isinstance(item, Taker):
        return attrs.evolve(item, take=_through(run, f"taker {item.name}", NOTIFY, item.take))
    if isinstance(item, Form):
        what = f"form {item.name}"
        return attrs.evolve(
            item,
            keep=_through(run, what, NOTIFY, item.keep),
            known=_through(run, what, COLLECT, item.known) if item.known else None,
        )
    if isinstance(item, Setting) and item.check is not None:
        return attrs.evolve(item, check=_through(run, f"setting {item.name}", VETO, item.check))
    if isinstance(item, Trait) and item.by is not None:
        return attrs.evolve(item, by=_through(run, f"trait {item.name}", VETO, item.by))
    if isinstance(item, EntityType):
        facts = {name: _fact(run, f"fact {name} of {item.name}", one) for name, one in item.facts.items()}
        return attrs.evolve(item, derive=_through(run, f"entity {item.name}", APPLY, item.derive), facts=facts)
    if isinstance(item, Format):
        what = f"format {item.name}"
        asked = _sniffing(run, what, item.headings) if item.headings else None
        return attrs.evolve(
            item,
            sniff=_sniffing(run, what, item.sniff),
            read=_reading(run, what, item.read),
            headings=asked,
            take=_through(run, what, NOTIFY, item.take) if item.take else None,
        )
    return item


def _through(run: Run, what: str, kind: str, function: Callable[..., Any]) -> Callable[..., Any]:
    def called(*given: Any) -> Any:
        return run(what, kind, function, *given)

    return called


def _fact(run: Run, what: str, fact: Fact) -> Fact:
    def answered(reader: Any, ids: Sequence[int]) -> Mapping[int, Any]:
        found = fact.of(reader, ids)
        if not isinstance(found, Mapping):
            raise TypeError(f"it answers {type(found).__name__}, not a mapping by id")
        return found

    return attrs.evolve(fact, of=_through(run, what, VETO, answered))


def _sniffing(run: Run, what: str, sniff: Callable[..., int]) -> Callable[..., int]:
    def sniffing(*seen: Any) -> int:
        answer = run(what, COLLECT, sniff, *seen)
        return answer if isinstance(answer, int) else 0  # one that fails does not read the file

    return sniffing


def _reading(run: Run, what: str, read: Callable[[Source], Iterator[Any]]) -> Callable[[Source], Iterator[Any]]:
    end = object()

    def reading(source: Source) -> Iterator[Any]:
        records = run(what, NOTIFY, lambda given: iter(read(given)), source)
        while (record := run(what, NOTIFY, lambda: next(records, end))) is not end:
            yield record

    return reading
