"""`crm plugin new`: eight files that install, work and keep every rule."""

import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement

from crmcore.scaffold.render import LONGEST_NAME, render

ROOT = Path(__file__).parents[2]


def test_it_renders_eight_files_into_a_folder_of_its_name(crm_run, tmp_path):
    told = crm_run("plugin", "new", "shipping", "--into", tmp_path, "--title", "样品 shipping", "--json").json
    assert told == {
        "folder": str(tmp_path / "crmcore-shipping"),
        "files": [
            "README.md",
            "crmcore_shipping/__init__.py",
            "crmcore_shipping/command.py",
            "crmcore_shipping/migrations/shipping_0001.py",
            "crmcore_shipping/plugin.py",
            "crmcore_shipping/py.typed",
            "pyproject.toml",
            "tests/test_shipping.py",
        ],
    }
    assert "样品 shipping" in (tmp_path / "crmcore-shipping" / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("Shipping", "small letters"), ("1st", "begins with a letter"), ("sample-shipping", "small letters"),
        ("", "small letters"), ("a" * (LONGEST_NAME + 1), "at most 24 long"), ("../etc", "small letters"),
        ("contact", "the core has it"), ("user", "the core has it"), ("log", "the core has it"),
        ("core", "the core has it"), ("sales", "crmcore-sales has it"),
    ],
)  # fmt: skip
def test_a_name_that_does_not_do_is_refused_in_one_sentence(crm_run, tmp_path, name, why):
    said = crm_run("plugin", "new", name, "--into", tmp_path, code=1).err
    assert said.startswith("Error: “")
    assert why in said
    assert len(said.splitlines()) == 1
    assert list(tmp_path.glob("crmcore-*")) == []


@pytest.mark.parametrize("title", ['a "b"', "two\nlines", "x" * 61, "back\\slash", " "])
def test_a_title_that_would_break_the_files_is_refused(crm_run, tmp_path, title):
    assert "The title is one line" in crm_run("plugin", "new", "a", "--into", tmp_path, "--title", title, code=1).err


def test_nothing_is_overwritten(crm_run, tmp_path):
    crm_run("plugin", "new", "shipping", "--into", tmp_path)
    mine = tmp_path / "crmcore-shipping" / "README.md"
    mine.write_text("mine")
    assert "exists already" in crm_run("plugin", "new", "shipping", "--into", tmp_path, code=1).err
    assert mine.read_text() == "mine"


@pytest.mark.parametrize("name", ["shipping", "a_b", "abcdefgh_jklmnop_qrstuvw"])
def test_what_is_rendered_is_formatted_and_clean_whatever_its_name(crm_run, tmp_path, name):
    crm_run("plugin", "new", name, "--into", tmp_path)
    for command in (["format", "--check"], ["check", "--select", "E,F,W,I,B,UP,SIM,RUF"]):
        done = subprocess.run(
            [sys.executable, "-m", "ruff", *command, tmp_path / f"crmcore-{name}"], capture_output=True, text=True
        )
        assert done.returncode == 0, done.stdout


def test_it_installs_with_pip_works_and_keeps_its_own_test(crm_run, tmp_path, fresh_python):
    crm_run("plugin", "new", "shipping", "--into", tmp_path)
    folder = tmp_path / "crmcore-shipping"

    def run(*command: object) -> str:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("CRM_", "PYTHON"))}
        done = subprocess.run(
            [fresh_python / "python", "-m", *map(str, command)], capture_output=True, text=True, cwd=tmp_path,
            env={**kept, "CRM_DATABASE_URL": f"sqlite:///{tmp_path / 'own.db'}", "CRM_USER": "ann", "CRM_LANG": "en"},
        )  # fmt: skip
        assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
        return done.stdout

    run("pip", "install", "--quiet", "--editable", folder)
    run("crmcore.cli", "init")
    listed = {one["name"]: one for one in json.loads(run("crmcore.cli", "plugin", "list", "--json"))}
    assert (listed["shipping"]["state"], listed["shipping"]["version"]) == ("disabled", "0.1.0")
    run("crmcore.cli", "plugin", "enable", "shipping")
    run("crmcore.cli", "contact", "add", "Li Wei")
    run("crmcore.cli", "shipping", "add", "Li Wei", "drinks green tea")
    assert "drinks green tea" in run("crmcore.cli", "brief", "Li Wei")
    assert "1 passed" in run("pytest", "-q", "-p", "no:cacheprovider", folder / "tests")

    run("pip", "uninstall", "--quiet", "--yes", "crmcore-shipping")
    wheel = tmp_path / "wheels"
    run("pip", "wheel", "--quiet", "--no-build-isolation", "--no-deps", "--wheel-dir", wheel, folder)
    run("pip", "install", "--quiet", next(wheel.glob("*.whl")))
    assert "drinks green tea" in run("crmcore.cli", "shipping", "list"), "the wheel has the migrations, too"
    run("crmcore.cli", "--db", f"sqlite:///{tmp_path / 'other.db'}", "init")
    run("crmcore.cli", "--db", f"sqlite:///{tmp_path / 'other.db'}", "plugin", "enable", "shipping")


@pytest.mark.parametrize(
    "plugin", sorted(path for path in (ROOT / "plugins").iterdir() if path.is_dir()), ids=lambda path: path.name
)
def test_the_plugins_of_the_project_have_the_shape_of_the_template(plugin: Path, tmp_path: Path) -> None:
    name = plugin.name.replace("-", "_")
    rendered = render(name, "Like a new one", tmp_path, {})
    package = [f"crmcore_{name}/{each}" for each in ("__init__.py", "plugin.py", "py.typed")]
    for file in ("pyproject.toml", "README.md", *package, f"tests/test_{name}.py"):
        assert (rendered / file).is_file()
        assert (plugin / file).is_file(), file
    ours, new = (tomllib.loads((each / "pyproject.toml").read_text(encoding="utf-8")) for each in (plugin, rendered))
    assert ours["build-system"] == new["build-system"]
    assert ours["project"]["name"] == new["project"]["name"].replace("_", "-")
    for key in ("readme", "requires-python"):
        assert ours["project"][key] == new["project"][key]
    assert _required(ours) >= _required(new)
    assert ours["project"]["entry-points"]["crmcore.plugins"] == new["project"]["entry-points"]["crmcore.plugins"]


def _required(told: dict[str, Any]) -> set[tuple[str, str]]:
    """Return what a project requires and in which versions; which extras it takes is its own affair."""
    return {(each.name, str(each.specifier)) for each in map(Requirement, told["project"]["dependencies"])}
