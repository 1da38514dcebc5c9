"""Real distributions, installed into a folder of their own, and `crm` run where it finds them there."""

import os
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from crmcore.plugins import discovery, loading
from crmcore.testing.processes import processes

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
        """Install distributions as a wheel would: their package, their metadata, their entry points.

        A distribution with a folder `dist-info` brings its metadata as it is there, damaged or not.
        """
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
            if (source / "dist-info").is_dir():
                (info / "METADATA").unlink()
                shutil.copytree(source / "dist-info", info, dirs_exist_ok=True)

    def remove(self, name: str) -> None:
        """Take a distribution away, as `pip uninstall` does."""
        shutil.rmtree(self.folder / f"crmcore_{name}", ignore_errors=True)
        for info in self.folder.glob(f"crmcore_{name}-*.dist-info"):
            shutil.rmtree(info)

    def crm(self, *arguments: object, code: int = 0, **extra: str) -> subprocess.CompletedProcess[str]:
        """Run `crm` as a process; it never ends in a traceback."""
        done = processes().run(arguments, environment={**self.environment, **extra}, folder=self.folder)
        assert done.returncode == code, f"{arguments}: {done.returncode}\n{done.stdout}\n{done.stderr}"
        assert "Traceback" not in done.stderr
        return done


class Here(Site):
    """The same within this process, many times quicker: each command looks anew at what is installed."""

    def crm(self, *arguments: object, code: int | None = 0, **extra: str) -> Result:
        """Run `crm`; whatever a plugin does, a refusal is one sentence and no exception comes out."""
        from crmcore.cli import crm

        discovery.installed.cache_clear()
        environment = {**{k: v for k, v in self.environment.items() if k.startswith(("CRM_", "COL", "TOO"))}, **extra}
        done = CliRunner().invoke(crm, [str(each) for each in arguments], env=environment)
        assert done.exception is None or isinstance(done.exception, SystemExit), repr(done.exception)
        if code is not None:
            assert done.exit_code == code, f"{arguments}: {done.exit_code}\n{done.stdout}\n{done.stderr}"
        return done


@pytest.fixture
def site(tmp_path: Path, workspace: str) -> Site:
    folder = tmp_path / "site"
    folder.mkdir()
    return Site(folder, workspace)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Here]:
    """A site whose folder is on the path of this process; its `environment` names no workspace yet."""
    folder = tmp_path / "site"
    folder.mkdir()
    monkeypatch.syspath_prepend(str(folder))
    monkeypatch.chdir(tmp_path)
    yield Here(folder, "")
    for name in [name for name, module in sys.modules.items() if str(folder) in str(getattr(module, "__file__", ""))]:
        del sys.modules[name]
    loading._IMPORTED.clear()
    loading._REFUSED.clear()
    discovery.installed.cache_clear()
