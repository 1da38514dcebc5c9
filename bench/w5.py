"""W5: starting. The command line beside an interpreter that imports click; a new workspace."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median

from attrs import evolve

from bench.place import Place
from bench.result import Result
from bench.scale import Scale
from bench.timing import Times, compared, in_turns, timed

HELP_GOAL, INIT_GOAL = 2.5, 2.0
_HELP = (
    "import sys; from crmcore.cli import crm\ntry: crm(['--help'])\nexcept SystemExit: pass\n"
    "print(*sys.modules, file=sys.stderr)"
)
_SCAN = "import click; from importlib.metadata import entry_points; list(entry_points(group='crmcore.commands'))"
_LEAST = 1e-6
"""Seconds that a difference comes to at least: on a busy machine it may come out below nothing."""
_INSTALLED = 100
_COSTLY = ("sqlalchemy", "alembic", "pluggy", "icalendar", "openpyxl", "phonenumbers", "rapidfuzz", "pypinyin", "rich")


def run(scale: Scale) -> Iterator[Result]:
    """Measure `crm --help`, and see what it imports."""
    times = in_turns(
        {"floor": _process("-c", "import click"), "ours": _process("-m", "crmcore.cli", "--help")},
        rounds=scale.starts,
        calls=1,
    )
    out = subprocess.run([sys.executable, "-c", _HELP], capture_output=True, text=True, check=True)  # noqa: S603 # ourselves
    imported = [name for name in _COSTLY if name in out.stderr.split()]
    note = f"imports {', '.join(imported)}" if imported else "imports neither SQLAlchemy nor any other costly library"
    line = compared("W5 crm --help", "-", times["floor"], times["ours"], HELP_GOAL, note)
    yield evolve(line, cpu_ratio=None)  # the processes started are not this one
    yield _among_plugins(scale, times["floor"], times["ours"])


def _among_plugins(scale: Scale, bare: Times, alone: Times) -> Result:
    """Measure `crm --help` where many plugins are installed: what it takes longer, beside a scan of entry points."""
    with tempfile.TemporaryDirectory() as site:
        for number in range(_INSTALLED):
            _install(Path(site), f"noop{number}")
        times = in_turns(
            {
                "scan": _process("-c", _SCAN, path=site),
                "ours": _process("-m", "crmcore.cli", "--help", path=site),
            },
            rounds=scale.starts,
            calls=1,
        )
    scan, longer = (
        max(more.median - less.median, _LEAST) for more, less in ((times["scan"], bare), (times["ours"], alone))
    )
    return Result(
        work=f"W5 crm --help, {_INSTALLED} plugins installed", floor=scan, ours=longer, ratio=longer / scan,
        note="what it takes longer than without them, beside what one scan of entry points takes",
    )  # fmt: skip


def _install(site: Path, name: str) -> None:
    info = site / f"crmcore_{name}-1.0.dist-info"
    info.mkdir()
    told = f"Metadata-Version: 2.1\nName: crmcore-{name}\nVersion: 1.0\nSummary: Nothing\nRequires-Dist: crmcore>=0.1\n"
    (info / "METADATA").write_text(told)
    groups = f"[crmcore.plugins]\n{name} = crmcore_{name}\n[crmcore.commands]\n{name} = crmcore_{name}:command\n"
    (info / "entry_points.txt").write_text(groups)


def run_init(place: Place, scale: Scale) -> Iterator[Result]:
    """Measure `crm init` on a new database, as a process."""
    seconds = []
    for _ in range(max(1, scale.starts // 3)):
        url = place.empty()
        seconds.append(timed(_process("-m", "crmcore.cli", "--db", url, "--user", "ann", "init"))[0])
        place.drop(url)
    yield Result(
        work="W5 crm init on a new database", database=place.database, ours=median(seconds), goal=INIT_GOAL,
        unit="s",
    )  # fmt: skip


def _process(*arguments: str, path: str = "") -> Callable[[], object]:
    command = [sys.executable, *arguments]
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "", "PYTHONPATH": path}

    def work() -> object:
        return subprocess.run(command, check=True, capture_output=True, env=environment)  # noqa: S603 # ourselves

    return work
