"""Every command block of README, tutorial and how-to is typed into a real shell; what the page shows must be printed.

The folder holds `contacts.vcf`, `mail.mbox`, `calendar.ics` and `fair.csv`, as a reader has files of his own. It is
Tuesday, 24 November 2026, ten o'clock in Shanghai, and the reader's login is ann.
"""

import os
import re
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from doctest import ELLIPSIS, NORMALIZE_WHITESPACE, OutputChecker
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest

from crmcore.demo.files import write_files

ROOT = Path(__file__).parents[2]
PAGES = [
    ROOT / "README.md",
    *sorted((ROOT / "docs").glob("tutorial*.md")),
    ROOT / "docs" / "reference" / "testing.md",
    *sorted((ROOT / "docs" / "how-to").glob("*.md")),
]
ADDRESS = "postgresql://crm:secret@db.example.com/crm"
"""The PostgreSQL database of the documents."""
_MARK = "\x1e"
_PRELUDE = """
pip() { "$PYTHON" "$PIP" "$SITE" "$@"; }
make() { command make --dry-run --directory "$ROOT" "$@" > /dev/null; }
"""
_OWN_PYTHON = """
crm() { python -m crmcore.cli "$@"; }
pip() { PYTHONWARNINGS=ignore python -m pip "$@"; }
pytest() { python -m pytest -p no:cacheprovider "$@"; }
"""
"""In a Python environment of the reader's own, into which pip installs what the reader writes."""


def _blocks() -> Callable[[str], list]:
    spec = spec_from_file_location("blocks", Path(__file__).parent / "blocks.py")
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return lambda text: list(module.steps(text))


def _session(script: str, folder: Path, own: Path | None) -> str:
    environment = {
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}", "HOME": str(folder), "LOGNAME": "ann",
        "LANG": "C.UTF-8", "CRM_LANG": "en", "CRM_NOW": "2026-11-24T10:00+08:00", "COLUMNS": "90",
        "PYTHONUNBUFFERED": "1", "PYTHON": sys.executable, "PIP": str(Path(__file__).parent / "pip.py"),
        "SITE": str(folder / "site"), "PYTHONPATH": str(folder / "site"), "ROOT": str(ROOT),
    }  # fmt: skip
    prelude = _PRELUDE
    if own:
        prelude += _OWN_PYTHON
        environment |= {"PATH": f"{own}:{environment['PATH']}"}
    files = folder / "reader"
    files.mkdir()
    write_files(files, date(2026, 11, 24))
    (files / "ann-phone.vcf").rename(files / "contacts.vcf")
    (files / "canton-fair.csv").rename(files / "fair.csv")
    done = subprocess.run(
        ["bash"], input=prelude + script, env=environment, cwd=files, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, text=True, encoding="utf-8", check=False,
    )  # fmt: skip
    return done.stdout


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_what_the_page_says_is_what_happens(page: Path, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    text = page.read_text(encoding="utf-8")
    steps = _blocks()(text)
    assert steps, "a page without commands is not tested"
    if ADDRESS in text:
        server = request.getfixturevalue("postgresql")
        steps = [step.__class__(line=step.line, command=step.command.replace(ADDRESS, server.new_database()),
                                printed=step.printed) for step in steps]  # fmt: skip
    script = "".join(f"{step.command}\nprintf '\\n{_MARK}%d{_MARK}' $?\n" for step in steps)
    own = request.getfixturevalue("fresh_python") if "$ pytest" in text else None
    told = _session(script, tmp_path, own).split(_MARK)
    checker = OutputChecker()
    for place, step in enumerate(steps):
        printed, code = told[2 * place], told[2 * place + 1]
        where = f"{page.name}, block in line {step.line}: {step.command}\n{printed}"
        refused = step.printed is not None and "Error: " in step.printed
        assert code == ("1" if refused else "0"), where
        if step.printed is not None:
            fits = checker.check_output(step.printed, printed, ELLIPSIS | NORMALIZE_WHITESPACE)
            assert fits, f"{where}\nthe page says:\n{step.printed}"


def test_the_plugin_of_the_tutorial_has_at_most_sixty_lines_of_python() -> None:
    text = (ROOT / "docs" / "tutorial-plugin.md").read_text(encoding="utf-8")
    (plugin,) = re.findall(r"^```python \S+/plugin\.py\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    assert 40 < len(plugin.splitlines()) <= 60
    assert "fewer than sixty lines" in " ".join(text.split())
