"""Definitions as a file, applied by the command line."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture
def toml(tmp_path: Path) -> Callable[[str], Path]:
    """Write a definitions file and return its path."""
    number = 0

    def write(text: str) -> Path:
        nonlocal number
        number += 1
        path = tmp_path / f"definitions{number}.toml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


@pytest.fixture
def applied(crm, toml) -> Callable[..., dict[str, Any]]:
    """Apply definitions; what `crm config apply --json` says comes back."""

    def run(text: str, *options: str) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(crm("config", "apply", toml(text), *options, "--json").stdout)
        return found

    return run
