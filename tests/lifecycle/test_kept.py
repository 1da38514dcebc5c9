"""What a plugin kept stays readable without it: in briefs and in exports, to those who may see it."""

import json

import pytest

NOT_INSTALLED = "loyalty (not installed): what it kept"


@pytest.fixture
def people(site, ask):
    """Contacts with cards: Ida's is seen by all; Max is private to ben."""
    site.install("dummy", "loyalty")
    site.crm("plugin", "enable", "loyalty")
    site.crm("user", "add", "ben", "--role", "rep")
    ids = {}
    for name, user in (("Ida", "ann"), ("Max", "ben")):
        ids[name] = json.loads(site.crm("contact", "add", name, "--json", CRM_USER=user).stdout)["id"]
        ask(
            "INSERT INTO loyalty_card (id, version, contact_id, level, rebate, given)"
            f" VALUES ({ids[name] + 1000000}, 1, {ids[name]}, '金卡 {name}', 5, '2026-01-02')"
        )
    site.crm("contact", "edit", ids["Max"], "--private", CRM_USER="ben")
    firm = json.loads(site.crm("customer", "add", "华信贸易", "--json").stdout)["id"]
    ask(f"UPDATE loyalty_card SET customer_id = {firm}")
    return ids


def titles(site, name, *options, **extra):
    told = json.loads(site.crm("brief", name, "--json", *options, **extra).stdout)
    return {block["title"]: block for block in told["blocks"]}


def test_what_a_plugin_that_is_gone_kept_is_shown_as_plain_text(site, people, tmp_path):
    site.remove("loyalty")
    block = titles(site, "Ida")[NOT_INSTALLED]
    assert [row["level"] for row in block["data"]] == ["金卡 Ida", "贵宾 silver"] or len(block["data"]) == 1
    assert "level 金卡 Ida" in str(block["rows"])
    assert "given 2026-01-02" in str(block["rows"])
    mine = titles(site, "华信贸易")[NOT_INSTALLED]
    assert "金卡 Ida" in str(mine["rows"])
    assert "金卡 Max" not in str(mine), "ann may not see whom it is about"
    theirs = titles(site, "华信贸易", CRM_USER="ben")[NOT_INSTALLED]
    assert "金卡 Max" in str(theirs["rows"])

    site.crm("export", tmp_path / "everything")
    written = (tmp_path / "everything" / "loyalty_card.jsonl").read_text()
    assert "金卡 Ida" in written
    assert "金卡 Max" not in written

    site.install("loyalty")
    assert NOT_INSTALLED not in titles(site, "Ida")
    assert "Loyalty" in titles(site, "Ida")


def test_what_a_disabled_plugin_kept_is_shown_on_demand(site, people):
    site.crm("plugin", "disable", "loyalty")
    assert not [title for title in titles(site, "Ida") if "oyalty" in title], "it contributes nothing"
    shown = titles(site, "Ida", "--kept")
    assert "金卡 Ida" in str(shown["loyalty (disabled): what it kept"]["rows"])


def test_in_safe_mode_it_says_why(site, people):
    assert "loyalty (not let in by CRM_PLUGINS): what it kept" in titles(site, "Ida", CRM_PLUGINS="")
    assert NOT_INSTALLED not in titles(site, "Ida")


def test_many_rows_are_bounded(site, people, ask):
    ask(
        "INSERT INTO loyalty_card (id, version, contact_id, level, rebate, given)"
        f" SELECT 3000000 + id, 1, {people['Ida']}, 'card', 5, '2026-01-02' FROM journal LIMIT 30"
    )
    site.remove("loyalty")
    block = titles(site, "Ida")[NOT_INSTALLED]
    assert len(block["data"]) == min(10, len(block["rows"]))
    assert block["rows"][-1] == ["", "and more"]
