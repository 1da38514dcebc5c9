"""S0-08: processes join a live base of 2,000 customers: nothing is imported anew or asked for, all is one timeline."""

import hashlib
import json
from typing import Any

import pytest
from sqlalchemy import inspect, text

from crmcore.app import App
from crmcore.engine.tables import metadata
from crmcore.plugins import discovery
from crmcore.search.naming import the_one
from crmcore.timeline.brief import subject_of
from crmcore.timeline.pages import page

OF_THE_PLATFORM = {
    "plugin",
    "setting",
    "finding",
    "hook_time",
    "subscription",
    "schedule",
    "job",
    "worker",
    "counter",
    "delivery",
}
"""What enabling a plugin may write: that it is enabled, and how it fares."""


def out(done: Any) -> Any:
    return json.loads(done.stdout)


def records(app: App) -> dict[str, str]:
    """Return a hash of every row of every table of the core, by table; of the journal the entries about records."""
    found = {}
    with app.engine.connect() as connection:
        for table in sorted(set(metadata.tables) - OF_THE_PLATFORM):
            about = "WHERE entity <> 'plugin'" if table == "journal" else ""
            rows = sorted(str(tuple(row)) for row in connection.execute(text(f"SELECT * FROM {table} {about}")))
            found[table] = hashlib.sha256("\n".join(rows).encode()).hexdigest()
    return found


def demands(app: App) -> set[tuple[str, str]]:
    """Return what a record of the core needs: columns without a default that must be filled, and required fields."""
    inspector = inspect(app.engine)
    columns = {
        (table, column["name"])
        for table in metadata.tables
        for column in inspector.get_columns(table)
        if not column["nullable"] and column["default"] is None
    }
    with app.read():  # sees what is enabled now
        fields = app.assembly.definitions.fields
    return columns | {(one.entity, one.name) for one in fields if one.required and one.entity in metadata.tables}


def shape(app: App) -> dict[str, list[str]]:
    """Return all columns of the core's tables, as the database describes them."""
    inspector = inspect(app.engine)
    return {
        table: [f"{c['name']} {c['type']} {c['nullable']} {c['default']}" for c in inspector.get_columns(table)]
        for table in metadata.tables
    }


def install(site: Any, *names: str) -> None:
    """Install plugins, which processes that begin from here on find."""
    site.install(*names)
    discovery.installed.cache_clear()


@pytest.fixture
def live(site):
    """A base of 2,000 customers with a contact each, imported from a file by the command line."""
    rows = ["Name,Email,Phone,Company"]
    names = {7: "Greta Holm"}
    rows += [f"{names.get(n, f'Person {n}')},p{n}@c{n}.example,+86 138 0001 {n:04},Company {n}" for n in range(1, 2001)]
    site.people = site.folder / "people.csv"
    site.people.write_text("\n".join(rows), encoding="utf-8")
    report = out(site.crm("import", site.people, "--json"))
    assert report["created"] == 2000
    install(site, "mini_sales", "mini_service")
    return site


@pytest.mark.row("S0-08")
def test_sales_then_service_on_a_live_base(live, workspace):
    site, app = live, App(workspace)  # one process keeps the workspace open throughout
    before, needed, columns = records(app), demands(app), shape(app)
    site.crm("log", "Greta Holm 20 min call, wants a quote for pumps", CRM_NOW="2026-11-02T09:00+08:00")
    now = records(app)
    assert now["interaction"] != before["interaction"]  # what is compared sees a change

    site.crm("plugin", "enable", "mini_sales")
    assert records(app) == now
    deal = site.crm("mini-sales", "open", "Company 7", "Pumps", "120000.10", CRM_NOW="2026-11-05T09:00+08:00").stdout
    assert [entry[0] for entry in seen_by(app)] == ["mini_sales", "core"]

    kept = records(app)
    site.crm("plugin", "enable", "mini_service")
    assert records(app) == kept
    site.crm("mini-service", "open", "Company 7", "the pump leaks", CRM_NOW="2026-11-08T09:00+08:00")
    site.crm("log", "Greta Holm 5 min call about the leak", CRM_NOW="2026-11-09T09:00+08:00")
    site.crm("mini-sales", "win", deal.strip())

    # All events in one timeline, newest first, each with whom it is from; the open process sees them too.
    wanted = [
        ("core", "5 min"), ("mini_service", "the pump leaks (open)"), ("mini_sales", "Pumps: 120000.10 (won)"),
        ("core", "20 min"),
    ]  # fmt: skip
    entries = out(site.crm("brief", "Company 7", "--timeline", "--json"))["entries"]
    for shown in (entries, out(site.crm("brief", "Company 7", "--json"))["blocks"][-1]["data"]):
        assert [entry["plugin"] for entry in shown] == [plugin for plugin, _said in wanted]
        assert all(said in entry["text"] for entry, (_plugin, said) in zip(shown, wanted, strict=True))
    assert seen_by(app) == [(entry["plugin"], entry["id"]) for entry in entries]
    paged, following = [], []
    while True:
        found = out(site.crm("brief", "Company 7", "--timeline", "--limit", 1, *following, "--json"))
        paged += found["entries"]
        if found["before"] is None:
            break
        following = ["--before", found["before"]]
    assert paged == entries
    text_ = site.crm("brief", "Company 7", "--timeline", COLUMNS="120").stdout
    assert "mini_service" in text_
    assert text_.index("the pump leaks") < text_.index("Pumps")

    # Nothing was imported again, no new mandatory field, no column of the core changed.
    assert len(out(site.crm("import", "--list", "--json"))) == 1
    assert (demands(app), shape(app)) == (needed, columns)
    again = out(site.crm("import", site.people, "--json"))
    assert (again["created"], again["updated"], again["rejected"]) == (0, 0, 0)
    site.crm("customer", "add", "A name is enough")
    site.crm("contact", "add", "For a person too")
    won = out(site.crm("metric", "show", "mini_sales.won", "--by", "customer,month", "--json"))["rows"]
    assert [(row["customer_name"], row["month"], row["value"]) for row in won] == [
        ("Company 7", "2026-11", "120000.10")
    ]
    app.close()


def seen_by(app: App) -> list[tuple[str, int]]:
    """Return the timeline of Company 7 as a process sees it that opened the workspace before."""
    with app.read(app.actor("ann")) as reader:
        company = the_one(reader, "Company 7")
        subject = subject_of(reader, company.entity, company.id, company.name)
        found = page(reader, app.dispatcher, subject, limit=50)
    return [("core" if plugin.startswith("core.") else plugin, entry.id) for plugin, entry in found.entries]
