"""The benchmark runs, at a tiny size: what it finds out is never asserted."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ON_EACH = {"W1", "W2", "W3", "W4", "W5", "W6", "sales:", "marketing:", "service:", "callcenter:"}


def bench(*arguments: object, code: int = 0) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [sys.executable, "-m", "bench", *map(str, arguments)],
        cwd=ROOT, env={**os.environ, "COLUMNS": "200"}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == code, done.stderr
    return done


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_every_benchmark_gives_figures(database, tmp_path):
    file = tmp_path / "results.json"
    table = bench("--size", "tiny", "--database", database, "--json", file).stdout
    found = json.loads(file.read_text())
    assert {one["work"].split()[0] for one in found if one["database"] == database} == ON_EACH
    assert {one["work"].split()[0] for one in found if one["database"] == "-"} == {"W5", "dispatch"}
    for one in found:
        assert one["work"] in table
        if one["floor"] is not None:
            assert one["floor"] > 0
            assert one["ours"] > 0
            assert one["ratio"] > 0
        if one["goal"] is not None:
            figure = one["ratio"] if one["unit"] == "x" else one["ours"]
            assert one["met"] == (figure <= one["goal"])
    for work in ON_EACH:
        assert any(one["goal"] is not None for one in found if one["work"].startswith(work))


def test_some_benchmarks_are_chosen_by_name(tmp_path):
    file = tmp_path / "results.json"
    bench("--size", "tiny", "--only", "dispatch,w6", "--database", "sqlite", "--json", file)
    assert {one["work"].split()[0] for one in json.loads(file.read_text())} == {"dispatch", "W6"}


def test_a_wrong_name_is_told():
    assert "there is no benchmark w9" in bench("--only", "w9", code=2).stderr
