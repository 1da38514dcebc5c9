"""Bad input: one clear sentence on standard error, exit code 1, and nothing stored."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import create_engine, text

from crmcore.cli import crm as command

BINARY = bytes(range(256)) * 40
MAPPING = '[columns]\n"Name" = "name"\n'


@pytest.fixture
def refused(crm: Any, dump: Any) -> Callable[..., str]:
    """Run an import that must be refused; return its one sentence."""

    def run(*arguments: object, named: str) -> str:
        before = dump()
        result = crm("import", *arguments, code=1)
        assert result.stdout == ""
        (sentence,) = result.stderr.strip().splitlines()
        assert sentence.startswith("Error: ")
        assert named in sentence
        assert "Traceback" not in sentence
        assert dump() == before
        return str(sentence)

    return run


def test_a_missing_file(make: Any, refused: Any) -> None:
    assert "there is no such file" in refused(make.folder / "gone.vcf", named="gone.vcf")


def test_one_missing_file_among_others_stores_none_of_them(make: Any, refused: Any) -> None:
    refused(make.people(3), make.folder / "gone.csv", named="gone.csv")


@pytest.mark.parametrize("name", ["a.vcf", "a.ics", "a.csv", "a.eml", "a.mbox", "a.xlsx", "a.json", "a"])
def test_a_binary_file_whatever_its_name(name: str, make: Any, refused: Any) -> None:
    (make.folder / name).write_bytes(BINARY)
    refused(make.folder / name, named=name)


@pytest.mark.parametrize("name", ["a.vcf", "a.ics", "a.csv", "a.eml", "a.mbox", "a.xlsx"])
def test_a_picture_whatever_its_name(name: str, make: Any, refused: Any) -> None:
    (make.folder / name).write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(range(255, 0, -1)) * 9)
    refused(make.folder / name, named=name)


@pytest.mark.parametrize("name", ["a.vcf", "a.ics", "a.csv", "a.eml", "a.xlsx"])
@pytest.mark.parametrize("content", [b"", b"\n\n", b"\xef\xbb\xbf"])
def test_an_empty_file(name: str, content: bytes, make: Any, refused: Any) -> None:
    (make.folder / name).write_bytes(content)
    refused(make.folder / name, named=name)


def test_an_empty_mailbox_is_a_mailbox_without_mail(make: Any, imported: Any) -> None:
    assert imported(make.mbox("a.mbox", []))["read"] == 0


def test_an_empty_folder(make: Any, refused: Any) -> None:
    refused(make.folder, named=make.folder.name)


def test_an_unreadable_file(make: Any, refused: Any) -> None:
    (make.folder / "loop.csv").symlink_to(make.folder / "loop.csv")
    refused(make.folder / "loop.csv", named="loop.csv")


def test_a_wrong_format(make: Any, refused: Any) -> None:
    sentence = refused(make.people(3), "--format", "vcrad", named="vcrad")
    assert "vcard" in sentence
    refused(make.people(3), "--format", "vcard", named="people.csv")


def test_a_wrong_key(make: Any, refused: Any) -> None:
    assert "external_id, email, phone, name" in refused(make.people(3), "--key", "e-mail", named="e-mail")


@pytest.mark.parametrize(
    ("mapping", "line", "near"),
    [
        ('[columns]\n"Nmae" = "name"\n', 2, "Name"),
        ('[columns]\n"Name" = "nam"\n', 2, "name"),
        ('entity = "contact"\nkeys = ["email"]\n', 2, "key"),
        ('entity = "contact"\nkey = ["emial"]\n', 2, "email"),
        ('entity = "person"\n', 1, "contact"),
    ],
)
def test_a_mapping_with_a_slip(mapping: str, line: int, near: str, make: Any, refused: Any) -> None:
    path = make.text("shop.toml", *mapping.splitlines())
    sentence = refused(make.people(3), "--mapping", path, named="shop.toml")
    assert f"line {line}" in sentence
    assert near in sentence


def test_a_mapping_that_is_missing_or_no_toml(make: Any, refused: Any) -> None:
    refused(make.people(3), "--mapping", make.folder / "gone.toml", named="gone.toml")
    refused(make.people(3), "--mapping", make.text("bad.toml", "name name name"), named="bad.toml")


def test_a_key_in_a_mapping_by_which_nobody_is_found(make: Any, refused: Any) -> None:
    path = make.text("shop.toml", 'entity = "contact"', 'key = ["note"]')
    refused(make.people(3), "--mapping", path, named="note")


def test_headings_that_say_nothing(make: Any, refused: Any) -> None:
    refused(make.text("a.csv", "x,y", "1,2"), named="a.csv")


def test_a_wrong_date_is_a_rejection_with_its_line_and_the_rest_is_kept(make: Any, imported: Any, listed: Any) -> None:
    path = make.csv("a.csv", "Name,Birthday", [("Ann", "1980-05-06"), ("Bob", "1980-13-40"), ("Cid", "")])
    said = imported(path)
    (one,) = said["rejections"]
    assert (one["file"], one["line"]) == ("a.csv", 3)
    assert "1980-13-40" in one["reason"]
    assert [each["name"] for each in listed("contact", "list")] == ["Ann", "Cid"]


def test_a_bad_file_among_good_ones_is_one_rejection_and_exit_code_1(make: Any, imported: Any, listed: Any) -> None:
    make.people(3)
    (make.folder / "broken.xlsx").write_bytes(BINARY)
    said = imported(make.folder, code=1)
    assert [(one["file"], one["line"]) for one in said["rejections"]] == [("broken.xlsx", 0)]
    assert len(listed("contact", "list")) == 3


def run(url: str, path: Path) -> str:
    result = CliRunner().invoke(command, ["--db", url, "import", str(path)], env={"CRM_USER": "ann", "CRM_LANG": "en"})
    assert result.exit_code == 1, (result.output, result.exception)
    (sentence,) = result.stderr.strip().splitlines()
    return sentence


def test_a_database_of_another_program_is_left_alone(make: Any, foreign_database: Path) -> None:
    before = foreign_database.read_bytes()
    assert "another program" in run(f"sqlite:///{foreign_database}", make.people(1))
    assert foreign_database.read_bytes()[:16] == before[:16]
    with create_engine(f"sqlite:///{foreign_database}").connect() as connection:
        assert connection.execute(text("SELECT name FROM sqlite_master")).scalars().all() == ["bookmarks"]


def test_a_database_that_cannot_be_opened(make: Any, tmp_path: Path) -> None:
    path = make.people(1)
    assert "gone.db" in run(f"sqlite:///{tmp_path / 'gone.db'}", path)
    assert "cannot be" in run(f"sqlite:///{tmp_path}", path)
    (tmp_path / "no.db").write_bytes(BINARY)
    assert "no.db" in run(f"sqlite:///{tmp_path / 'no.db'}", path)
    assert "cannot be" in run("postgresql://crm@/nowhere?host=/nowhere", path)
    assert "not a database address" in run("what is this", path)
    assert "mysql" in run("mysql://a/b", path)


def test_a_database_newer_than_this_code(workspace: str, make: Any) -> None:
    engine = create_engine(workspace.replace("postgresql://", "postgresql+psycopg://"))
    with engine.begin() as connection:
        connection.execute(text("UPDATE core_version SET version_num = 'core_9999'"))
    engine.dispose()
    sentence = run(workspace, make.people(1))
    assert "newer" in sentence
    assert "core_9999" in sentence


def test_somebody_who_is_no_user(crm: Any, make: Any) -> None:
    assert "eve" in crm("import", make.people(1), code=1, CRM_USER="eve").stderr


def test_a_file_that_turns_bad_on_the_way_keeps_what_was_good(make: Any, imported: Any, listed: Any) -> None:
    good = make.cards("a.vcf", *(f"FN:Person {n}|EMAIL:p{n}@x.example" for n in range(5)))
    good.write_bytes(good.read_bytes() + b"BEGIN:VCARD\r\nFN:Cut off\r\n" + BINARY)
    said = imported(good)
    assert said["created"] >= 5
    assert said["rejected"] >= 1
    assert all(one["line"] > 20 for one in said["rejections"])
    assert {f"Person {n}" for n in range(5)} <= {one["name"] for one in listed("contact", "list")}
