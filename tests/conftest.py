"""Every test that asks for `url`, `workspace` or `crm` runs twice: on SQLite and on PostgreSQL, both real."""

import os
import subprocess
import sys
import sysconfig
import venv
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from crmcore.app import App
from crmcore.testing.databases import Databases
from crmcore.testing.postgresql import Server
from crmcore.testing.workspace import create

ROOT = Path(__file__).parent.parent
REALWORLD = ROOT.parent / "shared" / "realworld"


@pytest.fixture(scope="session")
def postgresql(crm_databases: Databases) -> Server:
    return crm_databases.server


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, crm_databases: Databases, tmp_path: Path) -> Iterator[str]:
    """The address of an empty database."""
    if request.param == "sqlite":
        address = f"sqlite:///{tmp_path / 'crm.db'}"
    else:
        address = crm_databases.new(request.param, tmp_path)
    yield address
    crm_databases.drop(address)


@pytest.fixture
def workspace(url: str, crm_databases: Databases) -> str:
    """The address of a new workspace whose administrator is `ann`: a copy of one made before."""
    crm_databases.fill(url, "workspace", create)
    return url


@pytest.fixture
def app(workspace: str) -> Iterator[App]:
    """A workspace, opened; plugins' failures are raised."""
    opened = App(workspace, strict=True)
    yield opened
    opened.close()


@pytest.fixture
def crm(workspace: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Run `crm ARGS` as ann in a new workspace: the exit code, standard output and standard error come back."""
    from crmcore.cli import crm as command

    monkeypatch.chdir(tmp_path)
    environment = {"CRM_DATABASE_URL": workspace, "CRM_USER": "ann", "CRM_LANG": "en", "COLUMNS": "100"}

    def run(*arguments: object, code: int = 0, **extra: str) -> Result:
        result = CliRunner().invoke(command, [str(each) for each in arguments], env={**environment, **extra})
        assert result.exit_code == code, f"{arguments}: {result.exit_code}\n{result.output}\n{result.exception!r}"
        return result

    return run


@pytest.fixture
def crm_process(workspace: str, tmp_path: Path) -> Callable[..., subprocess.Popen[str]]:
    """Start `crm ARGS` as a process of its own, to be killed."""
    environment = {**os.environ, "CRM_DATABASE_URL": workspace, "CRM_USER": "ann", "CRM_LANG": "en"}

    def start(*arguments: object) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "crmcore.cli", *[str(each) for each in arguments]],
            env=environment, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip

    return start


@pytest.fixture
def fresh_python(tmp_path: Path) -> Path:
    """The folder of a fresh Python environment that sees this one's packages, and whose pip needs no network."""
    home = tmp_path / "venv"
    venv.create(home, with_pip=False, symlinks=True)
    ours = Path(sysconfig.get_path("purelib", vars={"base": str(home), "platbase": str(home)}))
    (ours / "parent.pth").write_text(f"import site; site.addsitedir({sysconfig.get_path('purelib')!r})\n")
    (home / "pip.conf").write_text("[global]\nno-index = true\nno-build-isolation = false\n")
    return home / "bin"


@pytest.fixture(scope="session")
def realworld() -> Path:
    """Real files that other programs made, beside the project where they are present."""
    if not REALWORLD.is_dir():
        pytest.skip("the folder of real files is not beside the project")
    return REALWORLD
