"""Workspaces that an earlier commit made, upgraded through `crm init`: all of it, or nothing."""

import json
from pathlib import Path

import pytest

CORE = (
    "customer", "contact", "contact_point", "position", "interaction", "participant", "task", "consent", "merge",
    "external_id", "import_batch", "setting", "user_account",
)  # fmt: skip
REACHED = "SELECT version_num FROM {}_version"


def kept(rows, url, tables=CORE):
    """What a user would miss: rows of the core's tables, by the columns that the first schema had."""
    found = {}
    for table in tables:
        names = [name for name in rows.columns(url, table) if name != "custom"]
        said = rows(url, f"SELECT {', '.join(names)} FROM {table} ORDER BY 1, 2")
        found[table] = [row for row in said if row[0] != "generation"]
    return found


def test_core_and_plugins_are_upgraded_in_one_step_and_nothing_is_lost(site, older, rows, newer):
    newer("loyalty")
    refused = site.crm("brief", "欧阳春晓", code=1).stderr
    assert "is of an older version (core_0001); `crm init` upgrades it" in refused
    before = kept(rows, older)
    notes = rows(older, "SELECT * FROM dummy_note ORDER BY id")
    cards = rows(older, "SELECT id, contact_id, customer_id, level, rebate, given FROM loyalty_card ORDER BY id")
    stamps = rows(older, "SELECT * FROM loyalty_stamp ORDER BY id")
    assert (len(before["contact"]), len(cards), len(stamps)) == (61, 56, 55)

    told = json.loads(site.crm("init", "--json").stdout)
    assert [(one["name"], one["from"], one["to"]) for one in told["upgraded"]] == [
        ("core", "core_0001", "core_0002"),
        ("dummy", "dummy_0001", "dummy_0001"),
        ("loyalty", "loyalty_0001", "loyalty_0002"),
    ]
    assert kept(rows, older) == before
    assert rows(older, "SELECT * FROM dummy_note ORDER BY id") == notes
    again = rows(older, "SELECT id, contact_id, customer_id, rank, rebate, given FROM loyalty_card ORDER BY id")
    assert again == cards, "a table was rebuilt, with its column renamed"
    assert rows(older, "SELECT * FROM loyalty_stamp ORDER BY id") == stamps, "its children are still there"
    recorded = rows(older, "SELECT name, version, requires, entities FROM plugin ORDER BY name")
    assert [(name, version) for name, version, *_more in recorded] == [("dummy", "0.1.0"), ("loyalty", "0.2.0")]
    assert "loyalty_card" in str(recorded[1][3])

    assert "Loyalty" not in site.crm("brief", "欧阳春晓").stdout, "the plugin of this test reads a column that is gone"
    assert json.loads(site.crm("search", "货款", "--json").stdout)
    assert site.crm("contact", "add", "新来的人").stdout
    site.crm("init")
    assert rows(older, REACHED.format("loyalty")) == [("loyalty_0002",)]
    assert rows(older, "SELECT actor, type FROM journal WHERE type = 'workspace.upgraded'") == [
        ("ann", "workspace.upgraded")
    ], "told once: the second `crm init` had nothing to do"


def test_a_migration_that_fails_in_the_middle_leaves_the_workspace_exactly_as_it_was(site, older, dump, newer, rows):
    newer("loyalty", "failing")
    before = dump(older)
    failed = site.crm("init", code=1)
    assert dump(older) == before
    (said,) = failed.stderr.strip().splitlines()
    assert "Plugin loyalty is in the way of the upgrade" in said
    assert "loyalty_0002 fails" in said
    assert "nowhere" in said
    assert "`crm init --without loyalty` upgrades the rest" in said

    told = json.loads(site.crm("init", "--without", "loyalty", "--json").stdout)
    assert told["left"] == {"loyalty": "left out"}
    assert rows(older, REACHED.format("core")) == [("core_0002",)]
    assert rows(older, REACHED.format("loyalty")) == [("loyalty_0001",)]
    after = dump(older)
    for table in ("loyalty_card", "loyalty_stamp", "loyalty_version"):
        assert after[table] == before[table]
    (state,) = [one for one in json.loads(site.crm("plugin", "list", "--json").stdout) if one["name"] == "loyalty"]
    assert state["state"] == "failed"
    assert "of version 0.1.0, the plugin is 0.2.0" in state["reason"]
    site.crm("contact", "add", "Ida")
    newer("loyalty")  # mended
    (site.folder / "crmcore_loyalty" / "migrations" / "loyalty_0002_half.py").unlink(missing_ok=True)
    site.crm("init")
    assert rows(older, REACHED.format("loyalty")) == [("loyalty_0002",)]


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        ("import a_library_that_is_not_there\n", "does not load: ModuleNotFoundError"),
        ("raise SystemExit('bad day')\n", "does not load: SystemExit: bad day"),
        ("this is no Python\n", "does not load: SyntaxError"),
    ],
)
def test_a_plugin_that_does_not_load_is_named_before_anything_begins(site, older, dump, broken, said):
    (site.folder / "crmcore_dummy" / "plugin.py").write_text(broken)
    before = dump(older)
    failed = site.crm("init", code=1).stderr
    assert said in failed
    assert "Nothing was changed; `crm init --without" in failed
    assert dump(older) == before
    assert not list(Path(site.folder).rglob("*.backup*"))
    told = json.loads(site.crm("init", "--without", "dummy", "--json").stdout)
    assert told["left"] == {"dummy": "left out", "loyalty": "requires what is left out"}
    site.crm("contact", "add", "Ida")


@pytest.mark.parametrize(
    ("revision", "said"),
    [
        ('revision = "loyalty_0002"\ndown_revision = None\n', "do not form one line"),
        ('revision = "other_0002"\ndown_revision = "loyalty_0001"\n', "must begin with “loyalty_”"),
        ('revision = "loyalty_0002"\ndown_revision = "loyalty_0000"\n', "cannot be read"),
        ("1 / 0\n", "cannot be read: division by zero"),
    ],
)
def test_a_history_that_is_no_single_line_is_refused_before_anything_begins(site, older, dump, revision, said):
    (site.folder / "crmcore_loyalty" / "migrations" / "loyalty_0002_odd.py").write_text(revision)
    before = dump(older)
    failed = site.crm("init", code=1).stderr
    assert "Plugin loyalty is in the way" in failed
    assert said in failed
    assert dump(older) == before


def test_a_plugin_that_is_not_installed_any_more_is_left_as_it_is(site, older, rows):
    site.remove("loyalty")
    told = json.loads(site.crm("init", "--json").stdout)
    assert told["left"] == {"loyalty": "not installed"}
    assert rows(older, REACHED.format("core")) == [("core_0002",)]
    assert len(rows(older, "SELECT * FROM loyalty_card")) == 56
    site.install("loyalty")
    assert "Loyalty" in site.crm("brief", "欧阳春晓").stdout


def test_in_safe_mode_the_core_alone_is_upgraded_and_no_plugin_is_imported(site, older, rows):
    for name in ("dummy", "loyalty"):
        (site.folder / f"crmcore_{name}" / "plugin.py").write_text("raise SystemExit('imported')\n")
    told = json.loads(site.crm("init", "--json", CRM_PLUGINS="").stdout)
    assert [one["name"] for one in told["upgraded"]] == ["core"]
    assert rows(older, "SELECT name, version FROM plugin WHERE enabled ORDER BY name") == [
        ("dummy", "0.1.0"), ("loyalty", "0.1.0"),
    ]  # fmt: skip


def test_a_migration_that_takes_rows_of_the_core_is_taken_back(site, older, dump, newer):
    newer("loyalty")
    path = site.folder / "crmcore_loyalty" / "migrations" / "loyalty_0002_points.py"
    path.write_text(path.read_text() + '    op.execute("DELETE FROM interaction")\n')
    before = dump(older)
    assert "lost 58 rows of interaction" in site.crm("init", code=1).stderr
    assert dump(older) == before


def test_a_migration_that_breaks_references_is_taken_back(site, older, dump, newer):
    newer("loyalty")
    path = site.folder / "crmcore_loyalty" / "migrations" / "loyalty_0002_points.py"
    path.write_text(path.read_text() + '    op.execute("UPDATE loyalty_stamp SET card_id = 4711")\n')
    before = dump(older)
    failed = site.crm("init", code=1).stderr
    assert "loyalty" in failed
    assert "55 references are broken" in failed or "violates foreign key" in failed
    assert dump(older) == before


def test_the_check_tries_all_of_it_and_changes_nothing(site, older, dump, newer):
    newer("loyalty")
    before = dump(older)
    told = json.loads(site.crm("init", "--check", "--json").stdout)
    assert [one["to"] for one in told["upgraded"]] == ["core_0002", "dummy_0001", "loyalty_0002"]
    assert dump(older) == before
    assert "would succeed" in site.crm("init", "--check").stderr
    newer("loyalty", "failing")
    (site.folder / "crmcore_loyalty" / "migrations" / "loyalty_0002_points.py").unlink(missing_ok=True)
    assert "loyalty_0002 fails" in site.crm("init", "--check", code=1).stderr
    assert dump(older) == before
    assert not list(Path(site.folder).rglob("*.backup*"))


def test_a_workspace_of_a_newer_version_is_refused_and_left_alone(site, older, dump, execute):
    execute(older, "UPDATE core_version SET version_num = 'core_9999'")
    before = dump(older)
    for command in (("init",), ("init", "--check"), ("contact", "list")):
        assert "written by a newer crmcore (core_9999)" in site.crm(*command, code=1).stderr
    assert dump(older) == before


def test_tables_of_a_newer_version_of_a_plugin_are_refused_and_left_alone(site, older, dump, newer):
    newer("loyalty")
    site.crm("init")
    site.install("loyalty")  # the earlier version again
    before = dump(older)
    assert "revision loyalty_0002, which this version of it does not have" in site.crm("init", code=1).stderr
    assert dump(older) == before
    site.crm("contact", "add", "Ida")
