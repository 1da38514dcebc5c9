"""Purging: dry first, nothing left behind, the package being there or not; and back again."""

import json


def fill(site, ask):
    site.crm("plugin", "enable", "loyalty")
    ida = json.loads(site.crm("contact", "add", "Ida", "--json").stdout)["id"]
    ask(f"INSERT INTO dummy_note (id, version, contact_id, text) VALUES (900001, 1, {ida}, 'note')")
    ask(
        "INSERT INTO loyalty_card (id, version, contact_id, level, rebate, given)"
        f" VALUES (900002, 1, {ida}, '金卡', 5, '2026-01-02')"
    )
    ask("INSERT INTO loyalty_stamp (id, card_id, note_id) VALUES (1, 900002, 900001)")
    for table, columns, values in (
        (
            "hook_time",
            "plugin, hook, calls, seconds, worst, since",
            "'{}', 'crm_brief', 1, 0.1, 0.1, '2026-01-02 00:00'",
        ),
        ("schedule", "plugin, name, next_at, attempts", "'{}', 'nightly', '2026-01-02 00:00', 0"),
        (
            "job",
            "plugin, name, shift, at, next_at, attempts",
            "'{}', 'send', 1, '2026-01-02 00:00', '2026-01-02 00:00', 0",
        ),
        ("external_id", "id, version, kind, record_id, scheme, value", "900003, 1, '{}_card', 900002, 'csv', 'A-1'"),
        (
            "link",
            "id, from_entity, from_id, to_entity, to_id, kind, at",
            f"900004, 'contact', {ida}, '{{}}_card', 900002, 'became', '2026-01-02 00:00'",
        ),
    ):
        ask(f"DELETE FROM {table}")
        ask(f"INSERT INTO {table} ({columns}) VALUES ({values.format('loyalty')})")
    return ida


def test_a_dry_run_tells_what_would_go_and_changes_nothing(site, ask, shape):
    site.install("dummy", "loyalty")
    fill(site, ask)
    assert (
        "is enabled; `crm plugin disable loyalty` first"
        in site.crm("plugin", "purge", "loyalty", "--yes", code=1).stderr
    )
    site.crm("plugin", "disable", "loyalty")
    before = shape()
    told = json.loads(site.crm("plugin", "purge", "loyalty", "--json").stdout)
    assert told["purged"] is False
    assert told["tables"]["loyalty_card"] >= 1
    assert told["tables"]["loyalty_stamp"] == 1
    assert told["tables"]["loyalty_version"] == 1
    assert {"plugin", "hook_time", "schedule", "job", "external_id", "link", "subscription"} <= told["rows"].keys()
    assert shape() == before
    assert "--yes` removes this" in site.crm("plugin", "purge", "loyalty").stderr


def test_tables_that_others_point_at_stay(site, ask, shape):
    site.install("dummy", "loyalty")
    fill(site, ask)
    site.crm("plugin", "disable", "dummy", "--with-dependants")
    told = json.loads(site.crm("plugin", "purge", "dummy", "--json").stdout)
    assert told["references"] == ["loyalty_stamp (loyalty)"]
    before = shape()
    refused = site.crm("plugin", "purge", "dummy", "--yes", code=1).stderr
    assert "tables of others point at its own: loyalty_stamp (loyalty)" in refused
    assert shape() == before
    site.crm("plugin", "purge", "loyalty", "--yes")
    site.crm("plugin", "purge", "dummy", "--yes")


def test_nothing_is_left_behind_even_when_the_package_is_gone_and_it_can_come_back(site, ask, shape, states):
    site.install("dummy", "loyalty")
    ida = json.loads(site.crm("contact", "add", "Ida", "--json").stdout)["id"]
    site.crm("contact", "remove", ida, "--yes")
    never = shape()
    fill(site, ask)
    for name in ("dummy", "loyalty"):
        site.remove(name)
    assert "Plugin loyalty stays" not in site.crm("plugin", "list").stdout
    site.crm("plugin", "disable", "dummy", "--with-dependants")
    for name in ("loyalty", "dummy"):
        told = json.loads(site.crm("plugin", "purge", name, "--yes", "--json").stdout)
        assert told["purged"] is True
    left = shape()
    assert left.keys() == never.keys()
    assert {name: each[0] for name, each in left.items()} == {name: each[0] for name, each in never.items()}
    about = ("plugin", "finding", "hook_time", "schedule", "job", "subscription", "delivery", "external_id", "task")
    assert {name: left[name][1] for name in about if name != "task"} == {
        name: never[name][1] for name in about if name != "task"
    }
    assert left["contact"][1] == never["contact"][1] + 1, "the core's records stay"
    told = [kind for (kind,) in ask("SELECT type FROM journal WHERE entity = 'plugin' ORDER BY id")]
    assert told == ["plugin.enabled"] * 2 + ["plugin.disabled"] * 2 + ["plugin.purged"] * 2
    assert "has left nothing in this workspace" in site.crm("plugin", "purge", "dummy", code=1).stderr

    site.install("dummy", "loyalty")
    site.crm("plugin", "enable", "loyalty")
    assert states()["loyalty"]["state"] == "enabled"
    assert ask("SELECT count(*) FROM loyalty_card") == [(0,)]
    site.crm("contact", "add", "Bob")
    assert ask("SELECT count(*) FROM loyalty_card") == [(1,)]


def test_tables_of_an_earlier_version_go_too(site, ask, shape):
    """A version that no longer tells of a table left it there; it is still recorded."""
    site.install("dummy", "loyalty")
    site.crm("plugin", "enable", "loyalty")
    site.install("loyalty", version="0.2.0")
    path = site.folder / "crmcore_loyalty" / "plugin.py"
    path.write_text(path.read_text().replace('tables=("loyalty_card", "loyalty_stamp")', 'tables=("loyalty_card",)'))
    site.crm("init")
    assert "loyalty_stamp" in str(ask("SELECT tables FROM plugin WHERE name = 'loyalty'"))
    site.crm("plugin", "disable", "loyalty")
    site.crm("plugin", "purge", "loyalty", "--yes")
    assert not [name for name in shape() if name.startswith("loyalty")]
