"""S1-02 with the four real plugins on an office: each alone, all four together; the core asks for nothing more."""

import json
from pathlib import Path

import pytest
from sqlalchemy import inspect

from crmcore.api import tables
from crmcore.testing.office import Office, open_office

CORE = tables.metadata.tables
PERSON = 7
"""The place of the person everything is about, and of their customer."""


@pytest.fixture
def bare(crm_database, crm_databases, crm_clock):
    """An office of 2,000 customers in which no plugin is enabled."""
    opened = open_office(crm_database, crm_databases, crm_clock, plugins=(), cls=Office)
    yield opened
    opened.app.close()


def sales(office, _folder, customer, _person):
    office.crm("sales", "opportunity", "add", customer, "Pumps", "--amount", "5000", "--currency", "CNY")


def marketing(office, _folder, _customer, person):
    office.crm("marketing", "campaign", "add", "Pump lecture", "--code", "L7", "--type", "lecture", user="mei")
    office.crm("marketing", "member", "add", person, "--campaign", "L7", "--status", "attended", user="mei")


def service(office, _folder, _customer, person):
    office.crm("service", "ticket", "open", "The pump leaks", "--contact", person, user="sam")


def callcenter(office, folder, _customer, _person):
    """They wait and give up: heard from the telephone system, and owed a callback."""
    office.crm("callcenter", "queue", "add", "Hotline", "--number", "4008001000", user="ann")
    told = (
        {"event": "begin", "call": "k1", "from": f"+86138{PERSON:08}", "to": "4008001000"},
        {"event": "queue", "call": "k1", "queue": "Hotline", "at": office.clock.now.isoformat()},
    )
    for events, minutes in ((told, 1), (({"event": "abandon", "call": "k1"}, {"event": "hangup", "call": "k1"}), 0)):
        file = folder / "events.json"
        file.write_text("\n".join(map(json.dumps, events)), encoding="utf-8")
        office.crm("callcenter", "event", "post", file, user="ann")
        office.clock.advance(minutes=minutes)


ACTS = {
    "sales": (sales, "sales.pipeline", "5000.00"),
    "marketing": (marketing, "marketing.members", 1),
    "service": (service, "service.open", 1),
    "callcenter": (callcenter, "callcenter.abandoned", 1),
}
"""By plugin: what is done with it, its figure, and what that is then."""


def demands(office):
    """Return what a record of the core needs: columns that must be filled, and required fields."""
    inspector = inspect(office.app.engine)
    columns = {
        (table, column["name"])
        for table in CORE
        for column in inspector.get_columns(table)
        if not column["nullable"] and column["default"] is None
    }
    with office.app.read():  # sees what is enabled now
        fields = office.app.assembly.definitions.fields
    return columns | {(one.entity, one.name) for one in fields if one.required and one.entity in CORE}


def shape(office):
    inspector = inspect(office.app.engine)
    return {table: [f"{c['name']} {c['type']} {c['nullable']}" for c in inspector.get_columns(table)] for table in CORE}


def sources(office, customer):
    shown = office.json("brief", customer, "--timeline", user="ann")
    return {one["plugin"] for one in shown["entries"]}


def figures(office):
    return {one["plugin"] for one in office.json("metric", "list", user="ann")}


def asks_for_nothing_more(office, folder):
    """A name is enough for a customer and for a contact, and a file is taken as it is."""
    office.crm("customer", "add", "Only a name")
    office.crm("contact", "add", "Just a Person")
    card = Path(folder) / "card.vcf"
    card.write_text("BEGIN:VCARD\nVERSION:3.0\nFN:Ada Lovelace\nEND:VCARD\n")
    assert office.json("import", card)["created"] == 1


@pytest.mark.row("S1-02")
def test_the_four_processes_alone_and_together(bare, tmp_path):
    office, customer, person = bare, bare.customers[PERSON], bare.contacts[PERSON]
    needed, columns = demands(office), shape(office)
    for name, (act, figure, value) in ACTS.items():
        office.crm("plugin", "enable", name, user="ann")
        before = len(office.json("brief", customer, "--timeline", "--limit", 500, user="ann")["entries"])
        act(office, tmp_path, customer, person)
        assert sources(office, customer) == {"core", name}
        assert len(office.json("brief", customer, "--timeline", "--limit", 500, user="ann")["entries"]) > before
        assert figures(office) == {"core", name}
        shown = office.json("metric", "show", figure, user="ann")
        assert (shown["plugin"], shown["rows"][0]["value"]) == (name, value)
        assert (demands(office), shape(office)) == (needed, columns)
        office.crm("plugin", "disable", name, user="ann")
        assert (sources(office, customer), figures(office)) == ({"core"}, {"core"})
        office.crm("metric", "show", figure, user="ann", code=1)
    for name in ACTS:
        office.crm("plugin", "enable", name, user="ann")
    assert sources(office, customer) == figures(office) == {"core", *ACTS}
    for figure, value in ((one[1], one[2]) for one in ACTS.values()):
        assert office.json("metric", "show", figure, user="ann")["rows"][0]["value"] == value
    blocks = {one["title"]: one["plugin"] for one in office.json("brief", customer, user="ann")["blocks"]}
    assert {blocks[title] for title in ("Open tickets", "Calls")} == {"service", "callcenter"}
    assert (demands(office), shape(office)) == (needed, columns)
    asks_for_nothing_more(office, tmp_path)
