"""What belongs to the whole process and not to a plugin: put back after its import."""

import locale
import os
import signal
import sys
import warnings
from collections.abc import Iterator
from contextlib import suppress
from threading import current_thread, main_thread
from typing import Any

from attrs import frozen

from crmcore.i18n import _

_OURS = "CRM_"


@frozen(kw_only=True)
class Surroundings:
    """The process as the host left it."""

    folder: str
    language: str
    variables: dict[str, str]
    streams: tuple[Any, Any, Any]
    on_error: tuple[Any, Any]
    filters: list[Any]
    show_warning: Any
    signals: dict[int, Any]


def _ours() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name.startswith(_OURS)}


def folder() -> str:
    """Return the working folder, empty when somebody removed it."""
    try:
        return os.getcwd()  # noqa: PTH109 # asked around every call of a hook
    except OSError:
        return ""


def go_back(to: str) -> None:
    """Return to a working folder, if it is still there."""
    with suppress(OSError):
        os.chdir(to)


def look() -> Surroundings:
    """Return the process as it is."""
    handled = signal.valid_signals() if current_thread() is main_thread() else ()
    return Surroundings(
        folder=folder(),
        language=locale.setlocale(locale.LC_ALL),
        variables=_ours(),
        streams=(sys.stdin, sys.stdout, sys.stderr),
        on_error=(sys.excepthook, sys.displayhook),
        filters=list(warnings.filters),
        show_warning=warnings.showwarning,
        signals={number: signal.getsignal(number) for number in handled},
    )


def put_back(before: Surroundings) -> list[str]:
    """Make the process what it was; return in words what was changed, but for what libraries may change as well."""
    warnings.filters[:] = before.filters  # type: ignore[index] # a list, whatever its type says
    warnings.showwarning = before.show_warning
    return list(_put_back(before))


def _put_back(before: Surroundings) -> Iterator[str]:
    if folder() != before.folder:
        go_back(before.folder)
        yield _("the working folder")
    if locale.setlocale(locale.LC_ALL) != before.language:
        locale.setlocale(locale.LC_ALL, before.language)
        yield _("the locale")
    if _ours() != before.variables:
        for name in _ours():
            del os.environ[name]
        os.environ.update(before.variables)
        yield _("the variables {names}...").format(names=_OURS)
    if (sys.stdin, sys.stdout, sys.stderr) != before.streams:
        sys.stdin, sys.stdout, sys.stderr = before.streams
        yield _("the standard streams")
    if (sys.excepthook, sys.displayhook) != before.on_error:
        sys.excepthook, sys.displayhook = before.on_error
        yield _("what happens on errors")
    changed = [number for number, handler in before.signals.items() if signal.getsignal(number) != handler]
    for number in changed:
        if before.signals[number] is not None:
            signal.signal(number, before.signals[number])
    if changed:
        yield _("how signals are handled")
