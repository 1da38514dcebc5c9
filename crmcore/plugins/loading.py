"""Importing a plugin: timed, cut off when it hangs, and without leave to change the host or its process."""

from time import perf_counter
from typing import Any, NoReturn

from attrs import frozen

from crmcore.errors import PluginError
from crmcore.hooks.kinds import DECLARE
from crmcore.i18n import _
from crmcore.plugins import surroundings, tampering, watchdog
from crmcore.plugins.calling import Call, call_all
from crmcore.plugins.findings import Spent
from crmcore.plugins.lending import Borrower
from crmcore.plugins.limits import IMPORT_SECONDS, SECONDS
from crmcore.plugins.manifest import Plugin
from crmcore.plugins.running import CutOff, here
from crmcore.plugins.said import said_by

HOOK = "import"
"""Stands for the import where a finding names a hook."""


@frozen(kw_only=True)
class Imported:
    """A plugin's manifest and module; `notes` say what its import did that an administrator should know of."""

    plugin: Plugin
    module: Any
    notes: tuple[str, ...] = ()


_IMPORTED: dict[tuple[str, str], Imported] = {}
_REFUSED: dict[tuple[str, str], str] = {}
"""By name and version: why a plugin is not imported again; what it did once is enough, or took too long to repeat."""


def notes_of(name: str, version: str) -> tuple[str, ...]:
    """Return what is to be noted of a plugin's import in this process."""
    known = _IMPORTED.get((name, version))
    return known.notes if known is not None else ()


def import_plugin(name: str, version: str, entry_point: Any) -> Imported:
    """Import a plugin, once; raises `PluginError` when that fails, takes too long or changes the host.

    What it prints goes to standard error. Folder, locale, signals, streams and `CRM_` variables of the process are put
    back; so are functions of the host and of the libraries that keep plugins apart, and then the plugin is refused.
    """
    key = name, version
    if key in _IMPORTED:
        return _IMPORTED[key]
    if key in _REFUSED:
        raise PluginError(_REFUSED[key])
    try:
        found = _imported(name, version, entry_point)
    except _Lasting as error:
        _REFUSED[key] = str(error)
        raise PluginError(str(error)) from error
    _IMPORTED[key] = found
    return found


class _Lasting(Exception):
    """A failure that would be the same, or worse, the next time."""


def _imported(name: str, version: str, entry_point: Any) -> Imported:
    found: list[tuple[Any, Any]] = []

    def bring() -> None:
        module = entry_point.load()
        found.append((module, module.PLUGIN))

    watchdog.watch(here.running)  # before the look: its signal handlers are the host's, and stay
    before, functions, start = surroundings.look(), tampering.snapshot(), perf_counter()
    error: BaseException | None = None
    moved: list[str] = []
    try:
        call_all(
            (_call(name, version, bring),), {}, failed=_raise, noted=_measured_here,
            moved=lambda _calls: moved.append(_("the working folder")),
        )  # fmt: skip
    except KeyboardInterrupt:
        raise
    except BaseException as raised:  # noqa: BLE001 # whatever an import raises is told in one sentence
        error = raised
    finally:
        took = perf_counter() - start
        changed = tampering.restore(functions)
        moved += surroundings.put_back(before)
    if changed:
        raise _Lasting(
            _("Plugin {name} {version} is refused: its import changed {what}, which was put back.").format(
                name=name, version=version, what=", ".join(changed[:5])
            )
        )
    if error is not None:
        said = _("Plugin {name} {version} does not load: {error}").format(
            name=name, version=version, error=said_by(error)
        )
        raise _Lasting(said) if isinstance(error, CutOff) else PluginError(said) from error
    module, plugin = found[0]
    if not isinstance(plugin, Plugin) or plugin.name != name:
        raise PluginError(_("Plugin {name} does not declare itself as “{name}”.").format(name=name))
    return Imported(plugin=plugin, module=module, notes=tuple(_notes(took, moved)))


def _notes(took: float, moved: list[str]) -> list[str]:
    notes = []
    if took > IMPORT_SECONDS:
        notes.append(_("its import took {seconds:.1f} s").format(seconds=took))
    if moved:
        notes.append(_("its import changed {what}, put back since").format(what=", ".join(moved)))
    return notes


def _call(name: str, version: str, bring: Any) -> Call:
    return Call(
        plugin=name, version=version, hook=HOOK, kind=DECLARE, deadline=SECONDS[DECLARE], function=bring, arguments=(),
        answers=None, lent="", borrower=Borrower(plugin=name, version=version, hook=HOOK, kind=DECLARE), spent=Spent(),
    )  # fmt: skip


def _measured_here(_call: Call, _took: float) -> None:
    """Say nothing: an import has a measure of its own."""


def _raise(_call: Call, error: BaseException) -> NoReturn:
    raise error
