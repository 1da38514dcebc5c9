"""`crm` as processes of their own that begin at once: forked from one that has imported what commands need.

Each is a fresh process: nothing of crmcore has run in it but the imports. Only the half second these take is saved.
"""

import atexit
import gc
import importlib
import json
import os
import runpy
import socket
import subprocess
import sys
import time
import traceback
from collections.abc import Iterable, Mapping
from contextlib import suppress
from functools import cache
from pathlib import Path
from tempfile import TemporaryFile

_LIBRARIES = (
    "alembic.command", "alembic.script", "psycopg", "rich.console", "rich.table", "rich._emoji_codes",
    "sqlalchemy.dialects.postgresql.psycopg", "sqlalchemy.dialects.sqlite",
)  # fmt: skip


class Processes:
    """Runs commands as processes, one after the other; `close` ends the one they are forked from."""

    def __init__(self) -> None:
        self._door, theirs = socket.socketpair()
        environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
        self._server = subprocess.Popen(  # noqa: S603 # this module
            [sys.executable, "-P", "-m", __name__, str(theirs.fileno())],
            env=environment, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL,
        )  # fmt: skip
        theirs.close()

    def run(
        self, arguments: Iterable[object], *, environment: Mapping[str, str], folder: Path
    ) -> subprocess.CompletedProcess[str]:
        """Run `crm ARGUMENTS` in a folder, with this environment only; return what `subprocess.run` would."""
        words = [str(each) for each in arguments]
        with TemporaryFile() as told, TemporaryFile() as out, TemporaryFile() as err:
            told.write(json.dumps([words, dict(environment), str(folder)]).encode())
            told.seek(0)
            socket.send_fds(self._door, [b"."], [told.fileno(), out.fileno(), err.fileno()])
            code = int(self._door.recv(16))
            out.seek(0)
            err.seek(0)
            return subprocess.CompletedProcess(words, code, out.read().decode(), err.read().decode())

    def close(self) -> None:
        """End the process that the others are forked from."""
        self._door.close()
        self._server.wait()


@cache
def processes() -> Processes:
    """Return the processes of this run of tests; they end with it."""
    made = Processes()
    atexit.register(made.close)
    return made


def _serve(door: socket.socket) -> list[int]:
    """Fork for each command; return, in the process that is to run it, the files: what is told, its output, its errors.

    Ends when nobody is left who could tell something.
    """
    while True:
        _mark, files, _flags, _address = socket.recv_fds(door, 1, 3)
        if not files:
            sys.exit()
        child = os.fork()
        if child == 0:
            door.close()
            return files
        for each in files:
            os.close(each)
        door.send(b"%d" % os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))


def _become(files: list[int]) -> None:
    """Be as a process that was started with what is told."""
    with os.fdopen(files[0]) as told:
        words, environment, folder = json.load(told)
    os.dup2(files[1], 1)
    os.dup2(files[2], 2)
    os.environ.clear()
    os.environ.update(environment)
    time.tzset()
    os.chdir(folder)
    sys.argv[1:] = words
    sys.path[:0] = [folder, *filter(None, environment.get("PYTHONPATH", "").split(os.pathsep))]


def _import() -> None:
    """Import what most commands need, and nothing of any plugin."""
    from crmcore.assembly import FEATURES
    from crmcore.cli.root import COMMANDS

    commands = [path.partition(":")[0] for path, _summary in COMMANDS.values()]
    for name in ("crmcore.api", "crmcore.delivery.run", *FEATURES, *commands, *_LIBRARIES):
        with suppress(ModuleNotFoundError):  # PostgreSQL's driver is not for everybody
            importlib.import_module(name)


def _run() -> int:
    """Run the command line; return its exit code."""
    try:
        runpy.run_module("crmcore.cli", run_name="__main__", alter_sys=True)
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    except BaseException:  # noqa: BLE001 # told as Python tells it
        traceback.print_exc()
        return 1
    return 0


if __name__ == "__main__":
    _import()
    gc.freeze()
    _become(_serve(socket.socket(fileno=int(sys.argv[1]))))
    status = _run()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)  # to take apart all that was imported takes longer than most commands
