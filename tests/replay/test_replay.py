"""Replay: a plugin is told the past in a sandbox; what it would have done is reported, and nothing live is written."""

import hashlib
import json
import sys
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import inspect, text

from crmcore.app import App
from crmcore.engine.database import connect
from crmcore.model.party import Contact

BEGAN = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)


def fingerprint(url):
    """A hash over every row of every table."""
    engine = connect(url)
    found = hashlib.sha256()
    with engine.connect() as connection:
        for table in sorted(inspect(connection).get_table_names()):
            found.update(table.encode())
            for row in sorted(repr(tuple(row)) for row in connection.execute(text(f'SELECT * FROM "{table}"'))):
                found.update(row.encode())
    engine.dispose()
    return found.hexdigest()


def report(site, name, *options, **extra):
    return json.loads(site.crm("plugin", "replay", name, "--since", "2026-01-01", "--json", *options, **extra).stdout)


@pytest.fixture
def past(workspace, monkeypatch):
    """Contacts that came, one a day: one was removed, and acts were decided on."""
    app = App(workspace)
    ids = []
    for day in range(20):
        monkeypatch.setenv("CRM_NOW", (BEGAN + timedelta(days=day)).isoformat())
        with app.transaction() as tx:
            ids.append(tx.add(Contact(name=f"张伟 {day}")).id)
    monkeypatch.setenv("CRM_NOW", (BEGAN + timedelta(days=30)).isoformat())
    with app.transaction() as tx:
        tx.remove(tx.get(Contact, ids.pop()))
    from crmcore.hooks.policy import Act

    with app.transaction() as tx:
        at = BEGAN + timedelta(days=31)
        tx.permit_all([Act(kind="visit", at=at, contact_id=one) for one in ids[:4]])
        tx.permit_all([Act(kind="quote", at=at, contact_id=one) for one in ids[:3]])
        tx.permit_all([Act(kind="close", at=at, contact_id=one) for one in ids[:5]])
    app.close()
    monkeypatch.delenv("CRM_NOW")
    return ids


def test_what_a_plugin_would_have_done_is_reported_and_nothing_is_written(site, workspace, past, states):
    site.install("dummy", "watchful")
    before = fingerprint(workspace)
    told = report(site, "watchful")
    assert fingerprint(workspace) == before
    assert told["events"] == 33
    assert told["told"] == 21
    effects = {one["type"]: one for one in told["effects"]}
    assert effects["task.created"]["count"] == 19
    assert told["gone"] == 1, "nothing can be tied to the contact that was removed since"
    assert effects["task.created"]["examples"][0]["on"].startswith("plugin watchful on contact.created #")
    assert effects["task.created"]["examples"][0]["text"].startswith("call ")
    assert effects["task.created"]["examples"][0]["at"].startswith("2026-03-01T09:00"), "at the entry's time"
    assert told["followed"] == 19
    assert effects["watchful.noticed"]["count"] == 19, "its own effects are told to it, as in delivery"
    assert told["failures"] == 1
    assert "it was removed" in told["failed"][0]["why"]
    assert (told["acts"], told["stopped"], told["warned"]) == (12, 4, 3)
    assert told["stops"][0]["reason"] == "visits tire people"
    assert states()["watchful"]["state"] == "disabled"
    page = site.crm("plugin", "replay", "watchful", "--since", "2026-01-01").stdout
    assert "4 of 12 acts" in page


def test_the_period_bounds_what_is_told(site, past):
    site.install("dummy", "watchful")
    assert report(site, "watchful", "--since", "2026-03-05", "--until", "2026-03-10")["told"] == 5
    assert report(site, "watchful", "--until", "2026-02-01")["told"] == 0


def test_an_enabled_plugin_can_be_replayed_too_with_its_own_tables(site, workspace, past):
    site.install("dummy", "loyalty")
    site.crm("plugin", "enable", "loyalty")
    before = fingerprint(workspace)
    told = report(site, "loyalty", "--limit", "1")
    assert told["rows"] == {"loyalty_card": 19}
    assert {one["type"]: one["count"] for one in told["effects"]} == {"loyalty_card.created": 19, "task.created": 19}
    assert all(len(one["examples"]) == 1 for one in told["effects"])
    assert fingerprint(workspace) == before


@pytest.mark.parametrize("way", ["network", "program", "database"])
def test_nothing_gets_out_of_the_sandbox(site, workspace, past, way):
    site.install("dummy", "watchful")
    site.crm("contact", "edit", past[0], "--note", way)
    live = workspace.removeprefix("sqlite:///") if workspace.startswith("sqlite") else "/nowhere/live.db"
    before = fingerprint(workspace)
    told = report(site, "watchful", LIVE=live)
    assert [one["why"] for one in told["failed"] if "a sandbox lets nothing out" in one["why"]], told["failed"]
    assert fingerprint(workspace) == before


def test_who_may_not_manage_may_not_replay_and_an_unknown_plugin_is_named(site, workspace):
    site.install("dummy")
    site.crm("user", "add", "ben", "--role", "rep")
    assert (
        "Only an administrator"
        in site.crm("plugin", "replay", "dummy", "--since", "2026-01-01", code=1, CRM_USER="ben").stderr
    )
    assert (
        "Plugin nobody is not installed"
        in site.crm("plugin", "replay", "nobody", "--since", "2026-01-01", code=1).stderr
    )


def many(site, workspace, count):
    """Replay so many new contacts, and return what was reported; the workspace is the same after it."""
    app = App(workspace)
    for begin in range(0, count, 1000):
        with app.transaction() as tx:
            for number in range(begin, begin + 1000):
                tx.add(Contact(name=f"Person {number}"))
    app.close()
    site.install("dummy", "watchful")
    before = fingerprint(workspace)
    told = report(site, "watchful")
    assert fingerprint(workspace) == before
    assert told["told"] == told["followed"] == count
    assert told["failures"] == 0
    return told


def test_a_thousand_entries_are_a_matter_of_seconds(site, workspace):
    assert many(site, workspace, 1000)["seconds"] < 60  # two, on a machine that has nothing else to do


@pytest.mark.drill
def test_ten_thousand_entries_take_less_than_a_minute(site, workspace):
    told = many(site, workspace, 10_000)
    sys.stdout.write(f"10,000 entries: {told['seconds']:.1f} s, in a copy made in {told['copying']:.1f} s\n")
    assert told["copying"] + told["seconds"] < 60
