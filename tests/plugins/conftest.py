"""Real distributions, installed into a folder of their own, and `crm` run as a process that finds them there."""

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

DISTRIBUTIONS = Path(__file__).parent / "distributions"


class Site:
    """A folder on the path of processes, with plugins in it."""

    def __init__(self, folder: Path, url: str) -> None:
        self.folder = folder
        self.environment = {
            **os.environ, "PYTHONPATH": str(folder), "CRM_DATABASE_URL": url, "CRM_USER": "ann", "CRM_LANG": "en",
            "COLUMNS": "200", "TOO_NEW_SEEN": str(folder / "too_new_was_imported"),
        }  # fmt: skip

    def install(self, *names: str, version: str = "") -> None:
        """Install distributions as a wheel would: their package, their metadata, their entry points."""
        for name in names:
            self.remove(name)
            source = DISTRIBUTIONS / name
            told = tomllib.loads((source / "pyproject.toml").read_text())["project"]
            shutil.copytree(source / f"crmcore_{name}", self.folder / f"crmcore_{name}")
            info = self.folder / f"crmcore_{name}-{version or told['version']}.dist-info"
            info.mkdir()
            lines = ["Metadata-Version: 2.1", f"Name: {told['name']}", f"Version: {version or told['version']}"]
            lines += [f"Summary: {told['description']}", *(f"Requires-Dist: {each}" for each in told["dependencies"])]
            (info / "METADATA").write_text("\n".join(lines) + "\n")
            groups = [
                f"[{group}]\n" + "".join(f"{key} = {value}\n" for key, value in entries.items())
                for group, entries in told["entry-points"].items()
            ]
            (info / "entry_points.txt").write_text("\n".join(groups))

    def remove(self, name: str) -> None:
        """Take a distribution away, as `pip uninstall` does."""
        shutil.rmtree(self.folder / f"crmcore_{name}", ignore_errors=True)
        for info in self.folder.glob(f"crmcore_{name}-*.dist-info"):
            shutil.rmtree(info)

    def crm(self, *arguments: object, code: int = 0, **extra: str) -> subprocess.CompletedProcess[str]:
        """Run `crm` as a process; it never ends in a traceback."""
        done = subprocess.run(
            [sys.executable, "-m", "crmcore.cli", *[str(each) for each in arguments]],
            env={**self.environment, **extra}, cwd=self.folder, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == code, f"{arguments}: {done.returncode}\n{done.stdout}\n{done.stderr}"
        assert "Traceback" not in done.stderr
        return done


@pytest.fixture
def site(tmp_path: Path, workspace: str) -> Site:
    folder = tmp_path / "site"
    folder.mkdir()
    return Site(folder, workspace)
