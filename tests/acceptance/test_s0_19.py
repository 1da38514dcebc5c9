"""S0-19: an integrator adds a 4-step process (config and 30 lines of hook); core minor upgrade; its contract holds."""

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from importlib.metadata import distribution
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
Run = Callable[..., subprocess.CompletedProcess[str]]
PLUGIN = ROOT / "tests" / "plugins" / "distributions" / "sample_shipping"

NEXT_MINOR = {
    "__init__.py": [('__version__ = "0.1.0"', '__version__ = "0.2.0"')],
    "hooks/reading.py": [  # a hook with one argument more, and a new hook
        ("def crm_brief(subject: Subject, now: datetime, reader: Any)",
         "def crm_brief(subject: Subject, now: datetime, reader: Any, language: str)"),
        ("@hook(COLLECT)\ndef crm_quality(",
         '@hook(COLLECT, since="0.2")\ndef crm_greetings(language: str) -> Iterable[Block]:  # type: ignore\n'
         '    """Greet the user."""\n\n\n@hook(COLLECT)\ndef crm_quality('),
    ],
    "timeline/brief.py": [("now=now, reader=reader)", 'now=now, reader=reader, language="en")')],
    "hooks/deprecated.py": [  # an argument that will go
        ("DEPRECATED = Deprecated()",
         'DEPRECATED = Deprecated(arguments={("crm_before_save", "tx"): "take `reader` instead"})')],
}  # fmt: skip
"""What the next minor version changes, file by file: old text, new text."""


@pytest.fixture
def next_minor(tmp_path: Path) -> Path:
    """The folder of a crmcore 0.2.0, with its metadata."""
    folder = tmp_path / "next"
    shutil.copytree(ROOT / "crmcore", folder / "crmcore", ignore=shutil.ignore_patterns("__pycache__"))
    for file, edits in NEXT_MINOR.items():
        path = folder / "crmcore" / file
        text = path.read_text(encoding="utf-8")
        for old, new in edits:
            assert text.count(old) == 1, (file, old)
            text = text.replace(old, new)
        path.write_text(text, encoding="utf-8")
    ours = distribution("crmcore")
    info = folder / "crmcore-0.2.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: crmcore\nVersion: 0.2.0\n")
    (info / "entry_points.txt").write_text(ours.read_text("entry_points.txt") or "")
    return folder


@pytest.fixture
def typed(fresh_python: Path, url: str, tmp_path: Path) -> Run:
    """Run a module of Python as the integrator does; `core` is the folder of another crmcore."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("CRM_", "PYTHON"))}
    given = {**kept, "CRM_DATABASE_URL": url, "CRM_USER": "ann", "CRM_LANG": "en", "COLUMNS": "120"}

    def run(*command: object, code: int | None = 0, core: Path | None = None) -> subprocess.CompletedProcess[str]:
        environment = {**given, **({"PYTHONPATH": str(core)} if core else {})}
        done = subprocess.run(
            [fresh_python / "python", "-m", *map(str, command)],
            env=environment, cwd=tmp_path, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert code in (None, done.returncode), f"{command}\n{done.stdout}\n{done.stderr}"
        return done

    return run


def test_the_hook_is_thirty_lines_and_imports_only_what_is_public() -> None:
    lines = (PLUGIN / "crmcore_sample_shipping" / "plugin.py").read_text(encoding="utf-8").splitlines()
    assert sum(bool(line.strip()) for line in lines) <= 30
    imports = [line for line in lines if "crmcore" in line and "import" in line]
    assert [line.split()[1] for line in imports] == ["crmcore.api"]


@pytest.mark.row("S0-19")
def test_a_process_of_ones_own_outlives_a_minor_upgrade_of_the_core(
    typed: Run, next_minor: Path, url: str, tmp_path: Path
) -> None:
    source = tmp_path / "sample_shipping"
    shutil.copytree(PLUGIN, source)

    def crm(*arguments: object, code: int = 0, core: Path | None = None) -> str:
        done = typed("crmcore.cli", *arguments, code=code, core=core)
        return done.stderr if code else done.stdout

    def start(code: int = 0, core: Path | None = None) -> str:
        return crm("process", "start", "sample_shipping", "--customer", "东方机械", "--set", "product=DN50", "--json",
                   code=code, core=core)  # fmt: skip

    def move(sample: int, state: str, said: str, core: Path | None = None) -> str:
        return json.loads(crm("process", "move", sample, state, "--set", said, "--json", core=core))["state"]

    typed("pip", "install", "--quiet", "--editable", source)
    crm("init", "--region", "CN", "--zone", "Asia/Shanghai")
    crm("customer", "add", "东方机械")
    crm("config", "apply", source / "shipping.toml")
    crm("plugin", "enable", "sample_shipping")
    first, _second = json.loads(start())["id"], start()
    assert "two samples under way" in start(code=1)
    assert move(first, "approved", "price=480") == "approved"
    assert move(first, "shipped", "tracking=SF1000") == "shipped"
    _keeps_its_contract(typed, source, url)

    # The core's next minor version is installed; the plugin stays as it is.
    assert crm("--version", core=next_minor).split()[-1] == "0.2.0"
    crm("init", core=next_minor)
    hooks = {one["name"]: one for one in json.loads(crm("hook", "list", "--json", core=next_minor))}
    assert "language" in hooks["crm_brief"]["arguments"]
    assert "sample_shipping" in hooks["crm_brief"]["implemented_by"]
    assert hooks["crm_greetings"]["implemented_by"] == []
    listed = {one["name"]: one["state"] for one in json.loads(crm("plugin", "list", "--json", core=next_minor))}
    assert listed["sample_shipping"] == "enabled"
    assert "SF1000" in crm("brief", "东方机械", core=next_minor)
    assert move(first, "evaluated", "verdict=good", core=next_minor) == "evaluated"
    start(core=next_minor)
    assert "two samples under way" in start(code=1, core=next_minor)
    told = json.loads(typed("crmcore.cli", "doctor", "--json", code=None, core=next_minor).stdout)
    warned = [one for one in told if (one["plugin"], one["hook"]) == ("sample_shipping", "crm_before_save")]
    assert any("take `reader` instead" in one["message"] for one in warned)
    _keeps_its_contract(typed, source, url, next_minor)


def _keeps_its_contract(typed: Run, source: Path, url: str, core: Path | None = None) -> None:
    """Its own tests and the rules of conformance, as the integrator runs them; once is enough for both databases."""
    if url.startswith("sqlite"):
        asked = ("--crm-conformance", "sample_shipping", "--crm-level", "silver")
        told = typed("pytest", "-q", "-p", "no:cacheprovider", source / "contract.py", *asked, core=core).stdout
        assert "passed" in told
        assert "failed" not in told
