"""Databases that are filled with a copy, and processes that are forked: each test has its own, as if made for it."""

import os
from pathlib import Path

import pytest
from sqlalchemy import select

from crmcore.app import App
from crmcore.engine import tables
from crmcore.model.party import Contact
from crmcore.testing.databases import Databases
from crmcore.testing.processes import processes
from crmcore.testing.workspace import create


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_what_is_made_once_is_copied_and_no_copy_sees_another(
    crm_databases: Databases, tmp_path: Path, kind: str
) -> None:
    made = []

    def make(url: str) -> None:
        made.append(url)
        create(url)

    urls = [crm_databases.new(kind, tmp_path) for _each in range(2)]
    found = []
    for url in urls:
        crm_databases.fill(url, f"a workspace of {tmp_path}", make)
        app = App(url, strict=True)
        with app.transaction() as tx:
            tx.add(Contact(name=f"Known in {url}"))
        with app.read() as reader:
            found.append([row.name for row in reader.rows(select(tables.contact.c.name))])
        app.close()
        crm_databases.drop(url)
    assert found == [[f"Known in {url}"] for url in urls]
    assert len(made) == 1
    assert made[0] not in urls


def test_a_forked_process_is_like_one_that_was_started(workspace: str, tmp_path: Path) -> None:
    environment = {"CRM_DATABASE_URL": workspace, "CRM_USER": "ann", "CRM_LANG": "en", "PATH": os.environ["PATH"]}
    ran = processes().run(["contact", "add", "王芳"], environment=environment, folder=tmp_path)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert "王芳" in ran.stdout
    stranger = processes().run(["contact", "list"], environment=environment | {"CRM_USER": "eve"}, folder=tmp_path)
    assert stranger.returncode == 1
    assert stranger.stdout == ""
    assert "eve" in stranger.stderr
    assert processes().run(["contact", "list", "--nonsense"], environment=environment, folder=tmp_path).returncode == 2
    assert "王芳" in processes().run(["contact", "list"], environment=environment, folder=tmp_path).stdout
    assert processes().run(["init"], environment={"CRM_USER": "ann"}, folder=tmp_path).returncode == 0
    assert (tmp_path / "crm.db").is_file(), "it ran in the folder, without the environment of this process"
