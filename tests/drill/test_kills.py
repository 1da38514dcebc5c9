"""SIGKILL at random moments of an import, then the same command again: the result equals an uninterrupted one."""

import json
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from crmcore.engine.database import connect
from crmcore.engine.tables import import_batch, import_rejection

Start = Callable[..., subprocess.Popen[str]]


def uninterrupted(start: Start, url: str, *arguments: object) -> tuple[dict[str, Any], float]:
    """Import without a kill; return what it reported, and the seconds it took."""
    began = time.monotonic()
    out, err = (process := start(url, "import", *arguments, "--json")).communicate()
    assert process.returncode == 0, err
    return json.loads(out), time.monotonic() - began


def progress(url: str) -> tuple[int, dict[str, Any]]:
    """How many records the import has committed so far; its counts with its rejections, once it is done."""
    engine = connect(url)
    with engine.connect() as connection:
        row = connection.execute(select(import_batch.c.counts, import_batch.c.state)).first()
        c = import_rejection.c
        refused = connection.execute(select(c.file, c.line, c.reason, c.raw).order_by(c.id)).mappings()
        rejections = [dict(one) for one in refused] if row and row.state == "done" else []
    engine.dispose()
    if row is None:
        return 0, {}
    return int(row.counts.get("read", 0)), {**row.counts, "rejections": rejections} if row.state == "done" else {}


def killed_often(start: Start, url: str, most: int, *arguments: object) -> tuple[dict[str, Any], int, int]:
    """Import, killed `most` times at the most; return the last report, how many kills, and how often it was taken up.

    A kill comes at a random moment of its start, or at a random moment after one more chunk was committed.
    """
    kills = taken_up = reached = 0
    while True:
        process = start(url, "import", *arguments, "--json")
        early = random.random() < 0.2  # noqa: S311 # chance, not secrecy
        if kills < most:
            while not early and process.poll() is None and progress(url)[0] <= reached:
                time.sleep(0.01)
            time.sleep(random.uniform(0, 1.0 if early else 0.4))  # noqa: S311 # as above
            process.send_signal(signal.SIGKILL)
        out, err = process.communicate()
        if process.returncode == -signal.SIGKILL:
            kills += 1
            reached, done = progress(url)
            if done:  # it came after the last commit: nothing is left to take up
                return done, kills, taken_up
            continue
        assert process.returncode == 0, err
        taken_up += "Took up import" in err
        return json.loads(out), kills, taken_up


def drill(start: Start, fresh: Callable[[], str], holdings: Any, wanted: int, *arguments: object) -> str:
    """Kill `wanted` times in all, in as many imports as that takes; every one must come out as if nothing happened."""
    reference = fresh()
    expected, seconds = uninterrupted(start, reference, *arguments)
    holds = holdings(reference)
    kills = rounds = resumed = 0
    while kills < wanted or not resumed:
        url = fresh()
        said, killed, taken_up = killed_often(start, url, max(wanted - kills, 1), *arguments)
        kills, rounds, resumed = kills + killed, rounds + 1, resumed + taken_up
        for name in ("read", "created", "updated", "unchanged", "rejected", "duplicates", "met", "rejections"):
            assert said[name] == expected[name], name
        assert holdings(url) == holds
    return f"{kills} kills in {rounds} imports, {resumed} taken up; {expected['read']} records, {seconds:.1f} s"


def test_a_few_kills_of_a_table(start: Start, fresh: Any, holdings: Any, table: Callable[[int], Path]) -> None:
    drill(start, fresh, holdings, 3, table(3000))


def test_a_kill_of_a_mailbox(start: Start, fresh: Any, holdings: Any, mailbox: Callable[[int], Path]) -> None:
    drill(start, fresh, holdings, 1, mailbox(2500), "--people", "all")


@pytest.mark.drill
def test_fifty_kills_of_a_table(start: Start, fresh: Any, holdings: Any, table: Callable[[int], Path]) -> None:
    sys.stdout.write(drill(start, fresh, holdings, 50, table(20_000)) + "\n")


@pytest.mark.drill
def test_ten_kills_of_a_mailbox(start: Start, fresh: Any, holdings: Any, mailbox: Callable[[int], Path]) -> None:
    sys.stdout.write(drill(start, fresh, holdings, 10, mailbox(10_000), "--people", "all") + "\n")
