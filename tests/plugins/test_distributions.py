"""Plugins as real distributions, from installing to removing, driven through the command line."""

import json
import shutil
from pathlib import Path

import pytest
from sqlalchemy import inspect, text

from crmcore.engine.database import connect
from crmcore.engine.migrate import CORE_HEAD

DISTRIBUTIONS = Path(__file__).parent / "distributions"


def states(site, **extra):
    return {each["name"]: each for each in json.loads(site.crm("plugin", "list", "--json", **extra).stdout)}


def tables(url):
    engine = connect(url)
    try:
        return set(inspect(engine).get_table_names())
    finally:
        engine.dispose()


def run(url, statement):
    engine = connect(url)
    try:
        with engine.connect() as connection:
            return connection.execute(text(statement)).all()
    finally:
        engine.dispose()


def test_the_life_of_a_plugin(site, workspace):
    site.install("dummy")
    assert states(site)["dummy"]["state"] == "disabled"
    assert not {name for name in tables(workspace) if name.startswith("dummy")}

    site.crm("plugin", "enable", "dummy")
    assert states(site)["dummy"]["state"] == "enabled"
    assert {"dummy_note", "dummy_tag", "dummy_version"} <= tables(workspace)
    assert run(workspace, "SELECT version_num FROM dummy_version") == [("dummy_0001",)]
    assert run(workspace, "SELECT version_num FROM core_version") == [(CORE_HEAD,)]
    told = json.loads(site.crm("plugin", "info", "dummy", "--json").stdout)
    listed = json.loads(site.crm("hook", "list", "--json").stdout)
    assert told["hooks"] == [each["name"] for each in listed if "dummy" in each["implemented_by"]]
    assert {"crm_entities", "crm_brief", "crm_before_save", "crm_apply"} <= set(told["hooks"])

    ida = json.loads(site.crm("contact", "add", "Ida", "--json").stdout)["id"]
    assert "Dummy notes" in site.crm("brief", "Ida").stdout
    assert run(workspace, "SELECT contact_id, word FROM dummy_note JOIN dummy_tag ON note_id = dummy_note.id") == [
        (ida, "noticed")
    ]
    assert "no Forbidden" in site.crm("contact", "add", "Forbidden", code=1).stderr
    assert "Dummy notes" in site.crm("quality").stdout
    site.crm("doctor")

    site.crm("plugin", "disable", "dummy")
    assert states(site)["dummy"]["state"] == "disabled"
    site.crm("contact", "add", "Forbidden")
    assert "Dummy notes" not in site.crm("brief", "Ida").stdout + site.crm("quality").stdout
    assert run(workspace, "SELECT count(*) FROM dummy_note") == [(1,)], "data is kept, and nothing was added"

    site.crm("plugin", "enable", "dummy")
    assert "Dummy notes" in site.crm("brief", "Ida").stdout

    site.remove("dummy")
    missing = states(site)["dummy"]
    assert missing["state"] == "missing"
    assert "no longer installed" in missing["reason"]
    site.crm("contact", "add", "Bob")
    doctor = site.crm("doctor", code=1)
    assert "missing: enabled in this workspace, but no longer installed" in doctor.stdout
    site.crm("contact", "remove", ida, "--yes")
    assert run(workspace, "SELECT count(*) FROM dummy_note") == [(0,)], "a reference of a plugin never restricts"
    site.crm("plugin", "disable", "dummy")
    site.crm("doctor")


def test_broken_plugins_are_named_and_the_host_works(site):
    site.install(
        "broken_import", "misspelt", "wrong_argument", "wrong_name", "too_new", "needs_absent", "circle_a", "circle_b"
    )
    why = {
        "broken_import": "does not load: ModuleNotFoundError: No module named 'a_library_that_is_not_there'",
        "wrong_name": "does not declare itself as “wrong_name”",
        "too_new": "needs crmcore >=99",
        "needs_absent": "requires absent, which is not installed",
        "circle_a": "require one another in a circle",
    }
    for name, reason in why.items():
        assert reason in site.crm("plugin", "enable", name, code=1).stderr, name
    assert states(site)["too_new"]["state"] == "incompatible"
    assert "too-new" not in site.crm("--help").stdout
    assert not Path(site.environment["TOO_NEW_SEEN"]).exists(), "an incompatible plugin is never imported"

    for name, reason in {"misspelt": "did you mean crm_brief?", "wrong_argument": "colour"}.items():
        refused = site.crm("plugin", "enable", name, code=1).stderr
        assert f"Plugin {name} 0.1.0:" in refused
        assert reason in refused
    site.crm("contact", "add", "Ida")
    site.crm("doctor", code=1)  # an incompatible plugin is not well


def test_an_enabled_plugin_that_breaks_is_named_and_its_dependants_too(site):
    site.install("dummy", "needs_dummy")
    site.crm("plugin", "enable", "needs_dummy")
    (site.folder / "crmcore_dummy" / "plugin.py").write_text("import sys\nsys.exit('bad day')\n")
    found = states(site)
    assert (found["dummy"]["state"], found["needs_dummy"]["state"]) == ("failed", "failed")
    assert "Plugin dummy 0.1.0 does not load: SystemExit: bad day" in found["needs_dummy"]["reason"]
    site.crm("contact", "add", "Ida")
    assert "bad day" in site.crm("doctor", code=1).stdout
    site.crm("plugin", "disable", "needs_dummy")
    site.crm("plugin", "disable", "dummy")


def test_what_is_required_is_enabled_along_and_stays_while_it_is_needed(site):
    site.install("dummy", "needs_dummy")
    assert json.loads(site.crm("plugin", "enable", "needs_dummy", "--json").stdout) == {
        "enabled": ["dummy", "needs_dummy"]
    }
    assert "needs_dummy require" in site.crm("plugin", "disable", "dummy", code=1).stderr
    site.crm("plugin", "disable", "needs_dummy")
    site.crm("plugin", "disable", "dummy")
    assert "is not enabled" in site.crm("plugin", "disable", "dummy", code=1).stderr


def test_the_allow_list_and_safe_mode(site):
    site.install("dummy", "needs_dummy")
    site.crm("plugin", "enable", "needs_dummy")
    only = states(site, CRM_PLUGINS="dummy")
    assert (only["dummy"]["state"], only["needs_dummy"]["state"]) == ("enabled", "missing")
    safe = states(site, CRM_PLUGINS="")
    assert {each["state"] for each in safe.values()} == {"missing"}
    site.crm("contact", "add", "Forbidden", CRM_PLUGINS="")
    assert "dummy " not in site.crm("--help", CRM_PLUGINS="").stdout


def test_commands_of_plugins(site):
    site.install("dummy")
    seen = site.folder / "seen"
    shown = site.crm("--help", DUMMY_SEEN=str(seen)).stdout
    assert "A dummy that joins in everywhere." in shown
    assert not seen.exists(), "help imports no plugin"
    assert site.crm("dummy", "greet", DUMMY_SEEN=str(seen)).stdout == "hello\n"
    assert seen.exists()
    refused = site.crm("dummy", "count", code=1).stderr.strip()
    assert refused == (
        "Error: The command dummy needs plugin dummy, which does not run in this workspace; see `crm plugin list`."
    )
    site.crm("plugin", "enable", "dummy")
    assert site.crm("dummy", "count").stdout == "0\n"
    site.crm("plugin", "disable", "dummy")
    site.crm("dummy", "count", code=1)
    (site.folder / "crmcore_dummy" / "command.py").write_text("1 / 0\n")
    assert "The command dummy of crmcore-dummy does not load: ZeroDivision" in site.crm("dummy", "greet", code=1).stderr


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("half_way", "The tables of half_way cannot be brought up to date: "),
        ("two_heads", "The revisions of two_heads do not form one line"),
        ("stranger", "Revision “first” of stranger must begin with “stranger_”"),
        ("grabbing", "its migrations touch “contact”"),
        ("clinging", "the reference from clinging_one to contact keeps the core from deleting"),
        ("contact", "Plugin contact needs another name"),
    ],
)
def test_a_schema_that_fails_or_oversteps_leaves_nothing_behind(site, workspace, name, why):
    site.install(name)
    before = tables(workspace)
    assert why in site.crm("plugin", "enable", name, code=1).stderr
    assert tables(workspace) == before
    assert states(site)[name]["state"] == "disabled"
    assert run(workspace, "SELECT count(*) FROM plugin") == [(0,)]
    site.crm("contact", "add", "Ida")
    site.crm("doctor")


def test_a_newer_package_waits_for_init_which_rebuilds_its_table_and_loses_nothing(site, workspace):
    site.install("dummy")
    site.crm("plugin", "enable", "dummy")
    site.crm("contact", "add", "Ida")
    count = "SELECT (SELECT count(*) FROM dummy_note), (SELECT count(*) FROM dummy_tag)"
    assert run(workspace, count) == [(1, 1)]

    site.install("dummy", version="0.2.0")
    later = DISTRIBUTIONS / "dummy" / "later" / "dummy_0002_kinds.py"
    shutil.copy(later, site.folder / "crmcore_dummy" / "migrations")
    behind = states(site)["dummy"]
    assert behind["state"] == "failed"
    assert "version 0.1.0, the plugin is 0.2.0; `crm init` upgrades them" in behind["reason"]
    site.crm("contact", "add", "Forbidden")  # it contributes nothing meanwhile

    site.crm("init")
    assert states(site)["dummy"]["state"] == "enabled"
    assert run(workspace, "SELECT version_num FROM dummy_version") == [("dummy_0002",)]
    assert run(workspace, "SELECT kind, words FROM dummy_note") == [("plain", "noticed it")]
    assert run(workspace, count) == [(1, 1)], "the children of a rebuilt table are still there"
    site.crm("doctor")  # looks for broken references, too


def test_a_newer_package_whose_migration_fails_is_told_by_init(site, workspace):
    site.install("dummy")
    site.crm("plugin", "enable", "dummy")
    site.install("dummy", version="0.2.0")
    broken = site.folder / "crmcore_dummy" / "migrations" / "dummy_0002_kinds.py"
    source = (DISTRIBUTIONS / "dummy" / "later" / "dummy_0002_kinds.py").read_text()
    broken.write_text(source + '    op.execute("INSERT INTO nowhere VALUES (1)")\n')
    assert "The tables of dummy cannot be brought up to date" in site.crm("init", code=1).stderr
    assert run(workspace, "SELECT version_num FROM dummy_version") == [("dummy_0001",)]
    assert run(workspace, "SELECT text FROM dummy_note") == []
    site.crm("contact", "add", "Ida")
