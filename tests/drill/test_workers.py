"""SIGKILL of workers and writers at random moments: every committed event has its effect exactly once, in order."""

import importlib.util
import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from crmcore.engine.database import connect

WRITER = Path(__file__).parent / "writing.py"
PLUGINS = Path(__file__).parents[1] / "plugins" / "conftest.py"
FAILS = "0.02"  # how often a handler fails after it has written


def site(folder: Path, url: str) -> Any:
    """Install the plugin that counts what it hears, and enable it."""
    spec = importlib.util.spec_from_file_location("plugins_for_workers", PLUGINS)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    folder.mkdir()
    made = module.Site(folder, url)
    made.install("tally")
    made.crm("plugin", "enable", "tally")
    return made


def query(url: str, statement: str) -> list[tuple[Any, ...]]:
    engine = connect(url)
    with engine.connect() as connection:
        found = [tuple(row) for row in connection.execute(text(statement))]
    engine.dispose()
    return found


def start(place: Any, command: list[str]) -> subprocess.Popen[bytes]:
    environment = {**place.environment, "TALLY_FAILS": FAILS}
    with (place.folder / "errors").open("ab") as errors:
        return subprocess.Popen(
            [sys.executable, *command], env=environment, cwd=place.folder, stdout=subprocess.DEVNULL, stderr=errors
        )


def drill(place: Any, url: str, kills: int, workers: int) -> str:
    """Kill so many times one of the processes, at random moments; then let the rest be done, and compare."""
    work = ["-m", "crmcore.cli", "worker", "--poll", "0.05"]
    write = [str(WRITER), url, "0.02"]
    writers = 2 if workers > 1 else 1
    commands = [write] * writers + [work] * workers
    running = [start(place, command) for command in commands]
    killed: Counter[str] = Counter()
    try:
        for _kill in range(kills):
            of = random.choice((range(writers), range(writers, len(running))))  # noqa: S311 # chance, not secrecy
            one = random.choice(of)  # noqa: S311 # as above
            if random.random() < 0.9:  # noqa: S311 # as above; the rest is killed while it starts
                wait_for(lambda process=running[one]: is_up(place, url, process.pid))
            time.sleep(random.uniform(0.0, 0.8))  # noqa: S311 # as above
            assert running[one].poll() is None, (place.folder / "errors").read_text()
            running[one].send_signal(signal.SIGKILL)
            running[one].wait()
            killed["writer" if commands[one] is write else "worker"] += 1
            running[one] = start(place, commands[one])
        time.sleep(1.0)
    finally:
        for process in running:
            process.kill()
            process.wait()
    rounds = finish(place, url)
    told, said = compared(url)
    assert told > kills
    return f"{dict(killed)} killed; {said}; {rounds} rounds to finish"


def is_up(place: Any, url: str, process: int) -> bool:
    """Return whether a process works: a writer that has committed, a worker that has said so."""
    name = f"{socket.gethostname()}:{process}"
    return (place.folder / f"up-{process}").exists() or (name,) in query(url, "SELECT name FROM worker")


def wait_for(condition: Callable[[], bool], seconds: float = 120.0) -> None:
    ends = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < ends, "a process does not begin to work"
        time.sleep(0.02)


def finish(place: Any, url: str) -> int:
    """Let everything be delivered that waits, set aside or not; return how many rounds that took."""
    for done in range(1, 20):
        place.crm("worker", "--once")
        if not query(url, "SELECT 1 FROM delivery LIMIT 1"):
            return done
        place.crm("delivery", "retry", "--all")
    raise AssertionError("something waits without end")


def compared(url: str) -> tuple[int, str]:
    """Compare what was committed with its effects: each event once, in the order of its record, no tick twice."""
    told = query(url, "SELECT id, subject_id, type FROM journal WHERE type IN ('contact.created', 'contact.changed')")
    heard = query(url, "SELECT event_id, subject_id FROM tally_heard ORDER BY id")
    assert Counter(heard) == Counter((event, subject) for event, subject, _type in told)
    last: dict[int, int] = {}
    for event, subject in heard:
        assert event > last.get(subject, 0), f"contact {subject} was told of {event} after {last[subject]}"
        last[subject] = event
    created = {event for event, _subject, kind in told if kind == "contact.created"}
    led = Counter(event for (event,) in query(url, "SELECT cause_id FROM journal WHERE cause_id IS NOT NULL"))
    assert led == Counter(created)  # what the plugin changes itself is told once, too
    ticks = [minute for (minute,) in query(url, "SELECT minute FROM tally_tick")]
    assert len(ticks) == len(set(ticks))
    return len(told), f"{len(told)} events, each heard once; {len(ticks)} ticks"


def test_a_few_kills(fresh: Callable[[], str], tmp_path: Path) -> None:
    url = fresh()
    drill(site(tmp_path / "site", url), url, kills=6, workers=1 if url.startswith("sqlite") else 2)


@pytest.mark.drill
def test_a_hundred_kills(fresh: Callable[[], str], tmp_path: Path) -> None:
    url = fresh()
    said = drill(site(tmp_path / "site", url), url, kills=100, workers=1 if url.startswith("sqlite") else 4)
    sys.stdout.write(f"{url.split(':')[0]}: {said} on {os.cpu_count()} cores\n")
