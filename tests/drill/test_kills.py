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

Start = Callable[..., subprocess.Popen[str]]


def uninterrupted(start: Start, url: str, *arguments: object) -> tuple[dict[str, Any], float]:
    """Import without a kill; return what it reported, and the seconds it took."""
    began = time.monotonic()
    out, err = (process := start(url, "import", *arguments, "--json")).communicate()
    assert process.returncode == 0, err
    return json.loads(out), time.monotonic() - began


def killed_often(
    start: Start, url: str, seconds: float, most: int, *arguments: object
) -> tuple[dict[str, Any], int, int]:
    """Import, killed after random times, `most` times at the most; return the last report, kills, and takings up."""
    kills = taken_up = 0
    while True:
        process = start(url, "import", *arguments, "--json")
        moment = random.uniform(0.3, 1.0) * seconds  # noqa: S311 # chance, not secrecy
        try:
            out, err = process.communicate(timeout=moment if kills < most else None)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            process.communicate()
            kills += 1
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
        said, killed, taken_up = killed_often(start, url, seconds, wanted - kills or 1, *arguments)
        kills, rounds, resumed = kills + killed, rounds + 1, resumed + taken_up
        for name in ("read", "created", "updated", "unchanged", "rejected", "duplicates", "met", "rejections"):
            assert said[name] == expected[name], name
        now = holdings(url)
        if taken_up or not killed:
            assert now == holds
        else:  # killed before it began: a batch of nothing may be left over
            assert {**now, "batch": []} == {**holds, "batch": []}
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
