"""Memory of an import is flat in the number of rows."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Start = Callable[..., subprocess.Popen[str]]


def peak(start: Start, url: str, path: Path) -> int:
    """Import a file; return the most memory the process had, in kilobytes."""
    process = start(url, "import", path)
    _pid, status, usage = os.wait4(process.pid, 0)
    assert os.waitstatus_to_exitcode(status) == 0, process.stderr and process.stderr.read()
    return usage.ru_maxrss


def growth(start: Start, fresh: Any, table: Callable[[int], Path], few: int, many: int) -> float:
    small, large = (peak(start, fresh(), table(rows)) for rows in (few, many))
    sys.stdout.write(
        f"{few:,} rows: {small / 1024:.0f} MB; {many:,} rows: {large / 1024:.0f} MB; {large / small:.2f}\n"
    )
    return large / small


def test_ten_times_the_rows_in_the_same_memory(start: Start, fresh: Any, table: Callable[[int], Path]) -> None:
    assert growth(start, fresh, table, 2_000, 10_000) < 1.3


@pytest.mark.drill
def test_200_000_rows_in_the_memory_of_20_000(start: Start, fresh: Any, table: Callable[[int], Path]) -> None:
    assert growth(start, fresh, table, 20_000, 200_000) < 1.3
