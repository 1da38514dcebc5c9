"""What keeps the code small and its parts apart, beside the layers that import-linter checks."""

import ast
import importlib
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
# Frozen statements, not written by hand
GENERATED = {"callcenter_0001.py", "core_0001_contacts.py", "marketing_0001.py", "sales_0001.py", "service_0001.py"}
SOURCES = sorted(
    path
    for folder in (ROOT / "crmcore", *(ROOT / "plugins").glob("*/crmcore_*"))
    for path in folder.rglob("*.py")
    if "egg-info" not in str(path)
)
MOST_LINES = 300


def shown(path):
    return str(path.relative_to(ROOT))


def test_no_module_is_long():
    counts = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in SOURCES}
    long = {shown(p): n for p, n in counts.items() if n > MOST_LINES and p.name not in GENERATED}
    assert not long


def _public(tree):
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            yield node
            if isinstance(node, ast.ClassDef):
                yield from (
                    each for each in node.body if isinstance(each, ast.FunctionDef) and not each.name.startswith("_")
                )


def test_everything_public_says_what_it_is():
    silent = []
    for path in SOURCES:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        if ast.get_docstring(tree) is None:
            silent.append(shown(path))
        silent += [
            f"{shown(path)}:{node.lineno} {node.name}"
            for node in _public(tree)
            if ast.get_docstring(node) is None and not any(_is_default(each) for each in node.decorator_list)
        ]
    assert not silent


def _is_default(decorator):
    """An attrs default or validator is explained by its field."""
    return isinstance(decorator, ast.Attribute) and decorator.attr in {"default", "validator"}


def test_help_imports_neither_the_engine_nor_a_plugin():
    code = (
        "import sys\n"
        "from crmcore.cli import crm\n"
        "try:\n    crm(['--help'])\nexcept SystemExit as end:\n    assert not end.code\n"
        "print(*sys.modules, sep='\\n')\n"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    loaded = set(done.stdout.split())
    assert "click" in loaded
    heavy = {
        "sqlalchemy",
        "pluggy",
        "alembic",
        "openpyxl",
        "icalendar",
        "phonenumbers",
        "rapidfuzz",
        "pypinyin",
        "babel",
    }
    assert not loaded & heavy
    assert not {name for name in loaded if name.startswith(("crmcore_", "crmcore.engine", "crmcore.app"))}


def test_everything_the_surface_offers_is_there():
    api = importlib.import_module("crmcore.api")
    assert sorted(api.__all__) == sorted(set(api.__all__))  # by nothing that two names could share
    assert all(getattr(api, name).__doc__ for name in api.__all__ if callable(getattr(api, name)))
    imported = {name for name in vars(api) if name.isidentifier() and not name.startswith("_")}  # pytest adds others
    assert imported == set(api.__all__), "what is imported there is offered, and nothing else"


PLUGINS = sorted(path.parent for path in (ROOT / "plugins").glob("*/pyproject.toml"))


@pytest.mark.parametrize("plugin", PLUGINS, ids=lambda path: path.name)
def test_no_plugin_imports_another_that_it_does_not_stand_on(plugin):
    told = tomllib.loads((plugin / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    declared = {re.split(r"[<>=!~\[; ]", each)[0] for each in told["dependencies"]}
    others = {f"crmcore-{path.name}" for path in PLUGINS if path != plugin} - declared
    for path in plugin.glob("crmcore_*/**/*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            imported = {name.partition(".")[0].replace("_", "-") for name in names}
            assert not imported & others, shown(path)


def test_every_command_of_the_core_is_where_the_root_says():
    from crmcore.cli.root import COMMANDS

    for name, (place, short) in COMMANDS.items():
        module, _colon, attribute = place.partition(":")
        assert getattr(importlib.import_module(module), attribute).name == name
        assert short.endswith(".")
