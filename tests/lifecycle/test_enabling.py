"""Enabling and disabling through the command line: requirements both ways, names, running processes, kills."""

import json
import os
import random
import signal
import subprocess
import sys
import time

from crmcore.app import App
from crmcore.model.party import Contact

KEYS = {"name", "version", "state", "reason", "requires", "summary"}


def start(site, *arguments):
    return subprocess.Popen(
        [sys.executable, "-m", "crmcore.cli", *arguments],
        env=site.environment, cwd=site.folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def test_what_is_required_is_brought_and_said(site, states, ask):
    site.install("dummy", "loyalty")
    assert states()["loyalty"].keys() == KEYS
    assert states()["loyalty"]["requires"] == ["dummy"]
    said = site.crm("plugin", "enable", "loyalty").stderr
    assert "Enabled: dummy, loyalty" in said
    assert "loyalty requires dummy" in said
    told = json.loads(site.crm("plugin", "info", "dummy", "--json").stdout)
    assert told["required_by"] == ["loyalty"]
    assert told["commands"] == ["dummy"]
    assert told["distribution"] == "crmcore-dummy"
    recorded = ask("SELECT name, version, tables, requires, entities FROM plugin ORDER BY name")
    assert [row[:2] for row in recorded] == [("dummy", "0.1.0"), ("loyalty", "0.1.0")]
    assert "loyalty_card" in str(recorded[1][2])
    assert "dummy" in str(recorded[1][3])
    assert "loyalty_card" in str(recorded[1][4])
    assert ask("SELECT actor, type FROM journal WHERE entity = 'plugin' ORDER BY id") == [
        ("ann", "plugin.enabled"), ("ann", "plugin.enabled"),
    ]  # fmt: skip


def test_who_requires_it_keeps_it_or_goes_with_it(site, states):
    site.install("dummy", "loyalty", "needs_dummy")
    site.crm("plugin", "enable", "loyalty")
    site.crm("plugin", "enable", "needs_dummy")
    refused = site.crm("plugin", "disable", "dummy", code=1).stderr
    assert "Plugin dummy stays enabled: loyalty, needs_dummy require it" in refused
    site.remove("loyalty")  # what was recorded counts, its package being there or not
    assert "loyalty" in site.crm("plugin", "disable", "dummy", code=1).stderr
    told = json.loads(site.crm("plugin", "disable", "dummy", "--with-dependants", "--json").stdout)
    assert told["disabled"] == ["loyalty", "needs_dummy", "dummy"]
    assert {one["state"] for one in states().values() if "dummy" in one["name"]} == {"disabled"}


def test_names_that_are_taken_are_refused_and_both_distributions_named(site, shape):
    site.install("dummy", "command_thief", "table_thief", "core_thief")
    site.crm("plugin", "enable", "dummy")
    before = shape()
    taken = {
        "command_thief": ("command “brief” of crmcore-command-thief", "taken by crmcore."),
        "table_thief": ("entity “dummy_note” of crmcore-table-thief", "taken by crmcore-dummy."),
        "core_thief": ("entity “contact” of crmcore-core-thief", "taken by crmcore."),
    }
    for name, (claim, owner) in taken.items():
        said = site.crm("plugin", "enable", name, code=1).stderr
        assert claim in said
        assert owner in said
    after = shape()
    assert {name: each for name, each in after.items() if each != before.get(name)}.keys() <= {"hook_time", "finding"}
    site.crm("plugin", "disable", "dummy")
    assert "taken by crmcore-dummy" in site.crm("plugin", "enable", "table_thief", code=1).stderr, "its data is kept"


def test_a_running_process_sees_it_in_its_next_transaction(site, workspace):
    site.install("dummy")
    app = App(workspace)
    try:
        site.crm("plugin", "enable", "dummy")
        # Modules are found by processes that have them on their path; here the gate is what counts.
        with app.transaction() as tx:
            tx.add(Contact(name="Ida"))
        assert [each.plugin for each in app.dispatcher.failures] == ["dummy"], "it looked for what is enabled now"
        site.crm("plugin", "disable", "dummy")
        with app.transaction() as tx:
            tx.add(Contact(name="Bob"))
        assert not app.dispatcher.failures
    finally:
        app.close()


RUNNING = """
import sys
from crmcore.app import App
from crmcore.errors import Refused
from crmcore.model.party import Contact
app = App(sys.argv[1])
print("ready", flush=True)
for line in sys.stdin:
    try:
        with app.transaction() as tx:
            tx.add(Contact(name="Forbidden"))
        print("taken", flush=True)
    except Refused as error:
        print("refused", flush=True)
"""


def test_a_process_that_never_restarts_obeys_at_once(site, workspace):
    site.install("dummy")
    process = subprocess.Popen(
        [sys.executable, "-c", RUNNING, workspace],
        env=site.environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip

    def asked():
        process.stdin.write("again\n")
        process.stdin.flush()
        return process.stdout.readline().strip()

    assert process.stdout.readline().strip() == "ready"
    assert asked() == "taken"
    site.crm("plugin", "enable", "dummy")
    assert asked() == "refused"
    site.crm("plugin", "disable", "dummy")
    assert asked() == "taken"
    process.stdin.close()
    process.wait(30)


def test_two_at_once_leave_it_enabled_once(site, states, ask):
    site.install("dummy", "loyalty")
    for command in ("enable", "disable"):
        several = [start(site, "plugin", command, "dummy" if command == "enable" else "loyalty") for _each in range(2)]
        several.append(start(site, "plugin", "enable", "loyalty"))
        said = [each.communicate(timeout=120)[1] for each in several]
        assert all("Traceback" not in each for each in said)
        assert ask("SELECT count(*) FROM plugin") == [(2,)]
    site.crm("plugin", "enable", "loyalty")
    assert {states()[name]["state"] for name in ("dummy", "loyalty")} == {"enabled"}
    kinds = [kind for (kind,) in ask("SELECT type FROM journal WHERE type LIKE 'plugin.%' ORDER BY id")]
    ons = kinds.count("plugin.enabled") - kinds.count("plugin.disabled")
    assert ons == 2, "every change was told once"


def test_kills_leave_it_enabled_or_not_and_never_half(site, states, ask, shape):
    site.install("dummy", "loyalty")
    begun = time.monotonic()
    site.crm("plugin", "enable", "loyalty")
    took = time.monotonic() - begun
    site.crm("plugin", "disable", "dummy", "--with-dependants")
    for name in ("loyalty", "dummy"):
        site.crm("plugin", "purge", name, "--yes")
    chance = random.Random(3)  # noqa: S311 # moments, no secrets
    for _round in range(6):
        for command in (("enable", "loyalty"), ("disable", "dummy", "--with-dependants")):
            process = start(site, "plugin", *command)
            time.sleep(chance.uniform(0.4 * took, 1.1 * took))
            os.kill(process.pid, signal.SIGKILL)
            process.wait()
            found = dict(ask("SELECT name, enabled FROM plugin"))
            assert set(found) in (set(), {"dummy", "loyalty"}), "both, as one requires the other"
            if found:
                assert {"dummy_note", "loyalty_card", "loyalty_version"} <= shape().keys()
            else:
                assert not [name for name in shape() if name.startswith(("dummy", "loyalty"))]
            on = [kind for (kind,) in ask("SELECT type FROM journal WHERE type LIKE 'plugin.%'")]
            assert on.count("plugin.enabled") - on.count("plugin.disabled") == sum(map(bool, found.values()))
    site.crm("plugin", "enable", "loyalty")
    site.crm("contact", "add", "Ida")
    assert states()["loyalty"]["state"] == "enabled"


def test_in_safe_mode_nothing_is_imported_and_nothing_is_changed(site, states, shape, ask):
    site.install("dummy", "loyalty")
    site.crm("plugin", "enable", "loyalty")
    for name in ("dummy", "loyalty"):
        (site.folder / f"crmcore_{name}" / "plugin.py").write_text("raise SystemExit('imported')\n")
    before = ask("SELECT name, enabled, version FROM plugin ORDER BY name")
    for extra in ({"CRM_PLUGINS": ""}, {"CRM_PLUGINS": "other"}):
        found = states(**extra)
        assert {found[name]["state"] for name in ("dummy", "loyalty")} == {"missing"}
        assert "CRM_PLUGINS does not let it in; its data is kept" in found["dummy"]["reason"]
        site.crm("contact", "add", "Forbidden", **extra)
        assert "SystemExit" not in site.crm("doctor", code=1, **extra).stdout
    assert ask("SELECT name, enabled, version FROM plugin ORDER BY name") == before
    site.crm("plugin", "disable", "loyalty", CRM_PLUGINS="")  # what safe mode is for
    assert ask("SELECT enabled FROM plugin WHERE name = 'loyalty'") in ([(False,)], [(0,)])


def test_only_an_administrator_does_it(site):
    site.install("dummy")
    site.crm("user", "add", "ben", "--role", "rep")
    for command in ("enable", "disable", "purge"):
        assert "Only an administrator" in site.crm("plugin", command, "dummy", code=1, CRM_USER="ben").stderr


def test_a_plugin_that_asks_people_to_type_too_much_is_refused_with_the_count(site, states, ask):
    site.install("demanding")
    refused = site.crm("plugin", "enable", "demanding", code=1).stderr
    assert "asks for 6 manual fields in state new" in refused
    assert states()["demanding"]["state"] == "disabled"
    ask("INSERT INTO setting (name, value) VALUES ('entry.fields', '6')")
    site.crm("plugin", "enable", "demanding")


def test_a_plugin_is_explained_beside_a_package_with_a_damaged_list(site):
    info = site.folder / "stranger-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: stranger\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[crmcore.commands]\nwithout a value\n")
    site.install("dummy")
    told = json.loads(site.crm("plugin", "info", "dummy", "--json").stdout)
    assert told["commands"] == ["dummy"]
