"""S0-09: one page with identity, 14 interactions, promises due, and blocks that go with the plugin that owns them."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import Result

from crmcore.app import App
from crmcore.model.interaction import Interaction, Task
from crmcore.model.party import Contact, ContactPoint, Customer, CustomerRole, Position
from crmcore.plugins import discovery

NOW = "2026-11-23T09:00+08:00"
PLUGIN = """
from crmcore.api import Block, Plugin, impl

PLUGIN = Plugin(name="{name}", title="{name}")

@impl
def crm_brief(subject, now, reader):
    {body}
"""
BODIES = {
    "money": "from sqlalchemy import literal, select\n    reader.value(select(literal(1)))\n"
    '    yield Block(title="Deals", weight=40, rows=(("2 deals", "180k"),), data={"count": 2, "sum": 180000})\n'
    '    yield Block(title="Unpaid", weight=60, rows=(("12k unpaid",),), data=12000)',
    "helpdesk": 'yield Block(title="Tickets", weight=50, rows=(("1 ticket", "router is down"),), data=1)',
    "broken": 'raise RuntimeError("no connection to the moon")',
    "careless": "from sqlalchemy import column, select, table\n"
    '    reader.rows(select(column("x")).select_from(table("no_such_table")))',
}


@pytest.fixture
def plugins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Install four plugins, as distributions of their own."""
    home = tmp_path / "site"
    for name, body in BODIES.items():
        info = home / f"crmtest_{name}-1.0.dist-info"
        info.mkdir(parents=True)
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: crmtest-{name}\nVersion: 1.0\n")
        (info / "entry_points.txt").write_text(f"[crmcore.plugins]\n{name} = crmtest_{name}\n")
        (home / f"crmtest_{name}.py").write_text(PLUGIN.format(name=name, body=body))
    monkeypatch.syspath_prepend(str(home))
    discovery.installed.cache_clear()
    yield
    discovery.installed.cache_clear()


@pytest.fixture
def acme(app: App) -> int:
    """A customer with two contacts, one of whom left, 14 interactions and two promises due."""
    start = datetime(2026, 11, 1, 2, tzinfo=UTC)
    with app.transaction(app.actor("ann")) as tx:
        group = tx.add(Customer(name="Globex Group"))
        acme = tx.add(Customer(name="Acme Routers", parent_id=group.id, owner_id=tx.actor.user_id))
        for role in ("customer", "supplier"):
            tx.add(CustomerRole(customer_id=acme.id, role=role))
        tx.add(ContactPoint(kind="phone", value="+49 30 9012", normal="+49309012", customer_id=acme.id))
        tx.add(ContactPoint(kind="address", value="Hauptstr. 1, Berlin", normal="x", customer_id=acme.id))
        li, anna = tx.add(Contact(name="Li Wei")), tx.add(Contact(name="Anna Schmidt"))
        tx.add(Position(contact_id=li.id, customer_id=acme.id, title="Buyer", started=date(2024, 1, 1)))
        tx.add(Position(contact_id=anna.id, customer_id=acme.id, title="CEO", ended=date(2026, 6, 30)))
        for number in range(14):
            at = start + timedelta(days=number)
            channel = "hologram" if number == 13 else "call"  # of a plugin that is not installed
            tx.add(
                Interaction(
                    channel=channel, at=at, subject=f"talk {number}", customer_id=acme.id, contact_id=li.id,
                    user_id=tx.actor.user_id,
                )
            )  # fmt: skip
        for what, due in (("send the contract", date(2026, 11, 20)), ("call back", date(2026, 11, 23))):
            tx.add(
                Task(
                    kind="promise", subject=what, due=due, customer_id=acme.id, contact_id=li.id,
                    owner_id=tx.actor.user_id, sentence=f"I will {what}",
                )
            )  # fmt: skip
    return acme.id


def blocks(crm: Callable[..., Result]) -> dict[str, str]:
    """Return the titles of the brief's blocks, each with the plugin it is from."""
    found = json.loads(crm("brief", "Acme Routers", "--json", CRM_NOW=NOW).stdout)["blocks"]
    return {block["title"]: block["plugin"] for block in found}


CORE = ["Acme Routers", "Contacts", "Promises", "Timeline (14)"]


@pytest.mark.row("S0-09")
def test_one_page_whose_blocks_go_with_their_plugin(crm: Callable[..., Result], acme: int, plugins: None) -> None:
    assert list(blocks(crm)) == CORE
    crm("plugin", "enable", "money")
    crm("plugin", "enable", "helpdesk")
    found = blocks(crm)
    assert list(found) == ["Acme Routers", "Contacts", "Promises", "Deals", "Tickets", "Unpaid", "Timeline (14)"]
    assert (found["Deals"], found["Unpaid"], found["Tickets"]) == ("money", "money", "helpdesk")

    page = crm("brief", str(acme), CRM_NOW=NOW, COLUMNS="80").stdout
    for shown in (
        "customer, supplier", "Globex Group", "ann", "+49 30 9012", "Hauptstr. 1, Berlin",
        "since 2024-01-01", "left 2026-06-30", "2026-11-20 !  ann  Li Wei  send the contract", "2026-11-23    ann",
        "2 deals  180k", "1 ticket", "12k unpaid", "talk 0", "talk 13", "hologram",
    ):  # fmt: skip
        assert shown in page
    assert page.index("talk 13") < page.index("talk 0")
    assert max(len(line) for line in page.splitlines()) <= 80

    crm("plugin", "disable", "money")
    assert list(blocks(crm)) == ["Acme Routers", "Contacts", "Promises", "Tickets", "Timeline (14)"]
    crm("plugin", "disable", "helpdesk")
    assert list(blocks(crm)) == CORE


@pytest.mark.row("S0-09")
def test_a_block_that_fails_is_missing_and_its_plugin_is_named(
    crm: Callable[..., Result], acme: int, plugins: None
) -> None:
    for name in ("broken", "careless", "money"):
        crm("plugin", "enable", name)
    shown = crm("brief", "Acme Routers", CRM_NOW=NOW)
    assert "broken" in shown.stderr
    assert "no connection to the moon" in shown.stderr
    assert "careless" in shown.stderr
    assert "12k unpaid" in shown.stdout
    assert "talk 13" in shown.stdout
