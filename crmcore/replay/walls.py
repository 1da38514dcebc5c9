"""The walls of a sandbox: what runs in it reaches no network, no other program, and no other SQLite file.

Python's audit hooks see these before they happen. They are no defence against malice; they keep a plugin that sends
mail or opens the live workspace by itself from doing so in a rehearsal.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from crmcore.i18n import _

_REFUSED = frozenset({
    "socket.connect", "socket.sendto", "socket.bind", "subprocess.Popen", "os.system", "os.exec", "os.posix_spawn",
    "os.fork", "os.forkpty",
})  # fmt: skip
_inside: list[Path] = []
_is_built: list[bool] = []


@contextmanager
def walled(folder: Path) -> Iterator[None]:
    """Refuse, with `PermissionError`, whatever would leave a folder, for as long as the block runs."""
    if not _is_built:
        sys.addaudithook(_look)  # can never be taken away again; it is idle outside of a block
        _is_built.append(True)
    _inside.append(folder.resolve())
    try:
        yield
    finally:
        _inside.pop()


def _look(event: str, arguments: tuple[Any, ...]) -> None:
    if not _inside:
        return
    if event in _REFUSED or (event == "sqlite3.connect" and not _is_within(arguments[0])):
        raise PermissionError(_("a sandbox lets nothing out ({event})").format(event=event))


def _is_within(database: Any) -> bool:
    path = database.decode() if isinstance(database, bytes) else str(database)
    return path == ":memory:" or Path(path.removeprefix("file:").partition("?")[0]).resolve().is_relative_to(
        _inside[-1]
    )
