"""A workspace is recognised; everything else is one clear sentence, and left as it was."""

import json
import os
import pwd
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import text

from crmcore.app import App
from crmcore.cli import crm as command
from crmcore.engine import workspace as workspaces
from crmcore.engine.database import connect
from crmcore.errors import CrmError, WorkspaceError


def refused(work):
    """The sentence that work is refused with: one line, no SQL."""
    with pytest.raises(WorkspaceError) as error:
        work()
    said = str(error.value)
    assert "\n" not in said
    assert "SELECT" not in said
    return said


def opening(url):
    return refused(lambda: App(url))


def making(url):
    return refused(lambda: workspaces.create(url, login="ann"))


def sqlite_file(path, *statements):
    connection = sqlite3.connect(path)
    for statement in statements:
        connection.execute(statement)
    connection.commit()
    connection.close()
    return f"sqlite:///{path}"


def test_there_is_nothing(tmp_path):
    assert "There is no workspace at" in opening(f"sqlite:///{tmp_path / 'no.db'}")
    assert "does not exist" in making(f"sqlite:///{tmp_path / 'no' / 'crm.db'}")
    assert not (tmp_path / "no.db").exists()


def test_not_a_database(tmp_path):
    path = tmp_path / "letter.txt"
    path.write_text("Dear Ida, " * 200)
    for said in (opening(f"sqlite:///{path}"), making(f"sqlite:///{path}")):
        assert "file is not a database" in said
    assert path.read_text() == "Dear Ida, " * 200


def test_a_directory(tmp_path):
    for said in (opening(f"sqlite:///{tmp_path}"), making(f"sqlite:///{tmp_path}")):
        assert "unable to open database file" in said


@pytest.mark.parametrize(
    "statements",
    [
        ["PRAGMA application_id = 252006674", "CREATE TABLE notes (id INTEGER)"],
        ["PRAGMA application_id = 252006674"],
        ["CREATE TABLE bookmarks (id INTEGER)"],
        ["CREATE TABLE core_version (version_num TEXT)", "INSERT INTO core_version VALUES ('7')"],
    ],
    ids=["application and tables", "application", "tables", "a table of the same name"],
)
def test_the_file_of_another_program_is_left_alone(tmp_path, statements):
    path = tmp_path / "other.db"
    url = sqlite_file(path, *statements)
    before = path.read_bytes()
    for said in (opening(url), making(url)):
        assert "belongs to another program; crmcore leaves it alone" in said
    assert path.read_bytes() == before
    assert [each.name for each in tmp_path.iterdir()] == ["other.db"]


def test_the_postgresql_database_of_another_program_is_left_alone(postgresql):
    url = postgresql.new_database()
    engine = connect(url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE bookmarks (id INTEGER)"))
    for said in (opening(url), making(url)):
        assert "belongs to another program" in said
    with engine.connect() as connection:
        tables = connection.execute(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")).scalars().all()
    engine.dispose()
    assert tables == ["bookmarks"]
    postgresql.drop(url)


def test_an_empty_file(tmp_path):
    path = tmp_path / "crm.db"
    path.touch()
    assert "is empty; `crm init` makes a workspace of it" in opening(f"sqlite:///{path}")
    assert workspaces.create(f"sqlite:///{path}", login="ann") is True
    App(f"sqlite:///{path}").close()


@pytest.mark.parametrize(
    ("revision", "said"),
    [("core_9999", "was written by a newer crmcore (core_9999)"), ("core_0000", "is of an older version (core_0000)")],
)
def test_another_version(workspace, revision, said):
    engine = connect(workspace)
    with engine.begin() as connection:
        connection.execute(text(f"UPDATE core_version SET version_num = '{revision}'"))
    engine.dispose()
    told = opening(workspace)
    assert said in told
    if revision > "core_0001":
        assert said in making(workspace)
    else:
        assert "`crm init` upgrades it" in told


def test_no_server_and_no_password_shown():
    url = "postgresql://ida:sesame@127.0.0.1:1/crm"
    for said in (opening(url), making(url)):
        assert "cannot be used: " in said
        assert "sesame" not in said
        assert "127.0.0.1" in said


@pytest.mark.parametrize(
    "url", ["crm.db", "postgresql://ida:sesame@host:port/crm", "mysql://ida:sesame@host/crm", "://ida:sesame@x"]
)
def test_an_address_that_is_none(url):
    said = opening(url)
    assert "sesame" not in said


def test_init_twice(url):
    assert workspaces.create(url, login="ann") is True
    assert workspaces.create(url, login="bob") is False
    app = App(url)
    assert app.actor("ann").role == "admin"
    with pytest.raises(CrmError):
        app.actor("bob")
    app.close()


def test_several_init_at_once(url, tmp_path):
    environment = {**os.environ, "CRM_DATABASE_URL": url, "CRM_LANG": "en"}
    started = [
        subprocess.Popen(
            [sys.executable, "-m", "crmcore.cli", "--user", f"ann{number}", "init"],
            env=environment, cwd=tmp_path, stderr=subprocess.PIPE, text=True,
        )
        for number in range(4)
    ]  # fmt: skip
    said = [process.communicate()[1] for process in started]
    assert [process.returncode for process in started] == [0] * 4, said
    assert sum("A new workspace" in each for each in said) == 1
    app = App(url)
    with app.engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM user_account")).scalar() == 1
        assert connection.execute(text("SELECT count(*) FROM core_version")).scalar() == 1
    app.close()


def test_init_shows_no_password(postgresql, tmp_path):
    url = postgresql.new_database()
    with_password = url.replace("crm@", "crm:sesame@")
    done = subprocess.run(
        [sys.executable, "-m", "crmcore.cli", "--db", with_password, "--user", "ann", "init"],
        cwd=tmp_path, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert "sesame" not in done.stderr + done.stdout
    postgresql.drop(url)


def test_a_read_only_file_may_be_read_and_refuses_to_be_written():
    folder = Path(tempfile.mkdtemp())  # permissions do not bind root, so a child that is nobody must reach it
    try:
        folder.chmod(0o777)
        url = f"sqlite:///{folder / 'crm.db'}"
        workspaces.create(url, login="ann")

        def run(*arguments):
            result = CliRunner().invoke(command, ["--db", url, "--user", "ann", *arguments])
            return [result.exit_code, result.output, repr(result.exception)]

        assert run("contact", "add", "Ida")[0] == run("contact", "list")[0] == 0
        (folder / "crm.db").chmod(0o444)
        read, written, init = _as_nobody(
            lambda: [run("contact", "list"), run("contact", "add", "Bob"), run("init")], home=folder
        )
    finally:
        shutil.rmtree(folder)
    assert read[0] == 0
    assert "Ida" in read[1]
    assert written[0] == 1, written
    assert written[1].strip().endswith("attempt to write a readonly database")
    assert init[0] == 0, "there is nothing to upgrade, so nothing to write"


def _as_nobody(work, *, home):
    """Do `work` in a child without rights; what it returns comes back."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.chdir(home)
            if os.geteuid() == 0:
                os.setuid(pwd.getpwnam("nobody").pw_uid)
            os.write(writing, json.dumps(work()).encode())
        except BaseException as error:  # noqa: BLE001 # the child must end here, whatever happens
            os.write(writing, json.dumps([[99, repr(error), ""]] * 3).encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as answer:
        told = json.load(answer)
    os.waitpid(child, 0)
    return told
