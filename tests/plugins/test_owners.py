"""What a plugin keeps is whose its table says: seen and changed within a role's reach, handed over when one leaves."""

import importlib
import json
from types import SimpleNamespace

import pytest
from sqlalchemy import func, select

from crmcore.api import tables as t
from crmcore.app import App
from crmcore.configuring.apply import apply
from crmcore.definitions.reading import read_text
from crmcore.directory import handover
from crmcore.engine import clock
from crmcore.errors import Denied, NotFound, Refused
from crmcore.model.party import Customer, ExternalId
from crmcore.model.process_item import ProcessItem
from crmcore.model.user import User
from crmcore.workflow.moving import move, start

ROLES = "".join(f"[role.{scope}]\nread = '{scope}'\nwrite = '{scope}'\n" for scope in ("own", "team"))
SHIPPING = """
[process.shipping]
states = ["asked", { name = "sent", kind = "done" }]
transitions = [{ from = "asked", to = "sent" }]
"""
TEAMS = {"bob": ("red", "own"), "cai": ("red", "team"), "dee": ("blue", "own"), "agi": ("", "own"), "rea": ("", "rep")}


@pytest.fixture
def kept(here, workspace):
    """Bob's deal, which Agi the agent follows too; Dee's; nobody's; and Bob's with a customer private to Dee.

    Each has a line with a remark. The customers are Dee's.
    """
    here.environment["CRM_DATABASE_URL"] = workspace
    here.install("shared_deals")
    here.crm("plugin", "enable", "shared_deals")
    module = importlib.import_module("crmcore_shared_deals.plugin")
    app = App(workspace, strict=True)
    with app.transaction() as tx:
        apply(tx, read_text(ROLES + SHIPPING, "roles.toml"))
    with app.transaction() as tx:
        users = {name: tx.add(User(login=name, team=team, role=role)).id for name, (team, role) in TEAMS.items()}
        deals = {}
        for title, owner, agent in (
            ("ours", "bob", "agi"),
            ("hers", "dee", ""),
            ("pool", "", ""),
            ("secret", "bob", ""),
        ):
            customer = tx.add(Customer(name=f"of {title}", owner_id=users["dee"], private=title == "secret"))
            deals[title] = tx.add(
                module.Deal(title=title, customer_id=customer.id, owner_id=users.get(owner), agent_id=users.get(agent))
            ).id
            line = tx.add(module.Line(deal_id=deals[title], said=title))
            tx.add(module.Remark(line_id=line.id, said=title))
            tx.add(ExternalId(kind="shared_deals_deal", record_id=deals[title], scheme="old", value=title))
    with app.transaction() as tx:
        for each in tx.load(module.Deal):
            each.title += "!"
    yield SimpleNamespace(app=app, here=here, users=users, deals=deals, module=module)
    app.close()


def seen(kept, login):
    """Return the deals whose rows, lines, remarks, external ids and journal somebody sees; all the same ones."""
    module, c = kept.module, kept.module.deal.alias().c
    found = []
    with kept.app.read(kept.app.actor(login)) as reader:
        texts = (module.deal.c.title, c.title, module.line.c.said, module.remark.c.said, t.external_id.c.value)
        found += [{value.strip("!") for (value,) in reader.rows(select(text))} for text in texts]
        changed = select(t.journal.c.subject_id).where(t.journal.c.type == "shared_deals_deal.changed")
        ids = {row.subject_id for row in reader.rows(changed)}
        found.append({title for title, key in kept.deals.items() if key in ids})
        customers = {name.removeprefix("of ") for (name,) in reader.rows(select(t.customer.c.name))}
    assert all(each == found[0] for each in found), found
    return found[0], customers


@pytest.mark.parametrize(
    ("login", "deals", "customers"),
    [
        ("bob", {"ours", "pool"}, {"ours", "pool"}),  # of customers that are Dee's he sees those of his deals
        ("agi", {"ours", "pool"}, {"ours", "pool"}),
        ("cai", {"ours", "pool"}, {"ours", "pool"}),
        ("dee", {"hers", "pool"}, {"ours", "hers", "pool", "secret"}),
        ("rea", {"ours", "hers", "pool"}, {"ours", "hers", "pool"}),
    ],
)
def test_records_and_their_parts_are_seen_as_far_as_the_role_reads(kept, login, deals, customers):
    assert seen(kept, login) == (deals, customers)
    exported = kept.here.folder / "out"
    kept.here.crm("export", exported, CRM_USER=login)
    rows = (exported / "shared_deals_deal.jsonl").read_text().splitlines()
    assert {json.loads(row)["title"].strip("!") for row in rows} == deals


def test_records_and_their_parts_are_changed_as_far_as_the_role_writes(kept):
    module, deals = kept.module, kept.deals

    def change(login, cls, column, key):
        with kept.app.transaction(kept.app.actor(login)) as tx:
            (record,) = tx.load(cls, column == key)
            record.said = record.title = f"by {login}"  # type: ignore[attr-defined]

    def add(login, record):
        with kept.app.transaction(kept.app.actor(login)) as tx:
            tx.add(record)

    with kept.app.read() as reader:
        (line,) = reader.rows(select(module.line.c.id).where(module.line.c.deal_id == deals["ours"]))
    for login in ("bob", "agi", "cai"):
        with kept.app.transaction(kept.app.actor(login)) as tx:
            tx.get(module.Deal, deals["ours"]).title = f"by {login}"
        add(login, module.Line(deal_id=deals["ours"], said=login))
    for login in ("dee", "rea"):  # dee does not see it, rea may read all and write what is her own
        with pytest.raises((Denied, NotFound)), kept.app.transaction(kept.app.actor(login)) as tx:
            tx.get(module.Deal, deals["ours"]).title = login
        with pytest.raises(Denied, match="shared_deals_deal"):
            add(login, module.Line(deal_id=deals["ours"], said=login))
        with pytest.raises(Denied, match="shared_deals_deal"):
            add(login, module.Remark(line_id=line.id, said=login))
    with pytest.raises(Denied), kept.app.transaction(kept.app.actor("rea")) as tx:  # nor moved to her own
        own = tx.add(module.Deal(title="own", owner_id=kept.users["rea"]))
        tx.load(module.Line, module.line.c.id == line.id)[0].deal_id = own.id


def test_who_leaves_hands_over_what_is_under_way_to_several(kept):
    module, app, users = kept.module, kept.app, kept.users
    with app.transaction() as tx:
        tx.add(module.Deal(title="over", owner_id=users["bob"], closed_at=clock.now()))
        own = tx.add(Customer(name="his own", owner_id=users["bob"]))
        about = tx.add(module.Deal(title="about", customer_id=own.id, owner_id=users["bob"]))
        sent, _asked = (start(tx, "shipping", title=title, owner_id=users["bob"]) for title in ("sent", "asked"))
    with app.transaction() as tx:
        move(tx, tx.get(ProcessItem, sent.id), "sent")
    assert "shared_deals_deal 3" in kept.here.crm("user", "deactivate", "bob", code=1).stderr
    assert json.loads(kept.here.crm("user", "show", "bob", "--json").stdout)["owned"]["shared_deals_deal"] == 3

    with app.transaction(app.actor("ann")) as tx:
        done = handover.deactivate(tx, "bob", "cai", {own.id: "rea", kept.deals["ours"]: "dee"})

    assert done.owned == {"customer": 1, "process_item": 1, "shared_deals_deal": 3}
    assert done.shares == {
        "cai": {"process_item": 1, "shared_deals_deal": 1},
        "rea": {"customer": 1, "shared_deals_deal": 1},
        "dee": {"shared_deals_deal": 1},
    }
    deal = module.deal.c
    with app.read() as reader:
        owners = dict(reader.rows(select(deal.id, deal.owner_id)))
        assert [owners[each] for each in (about.id, kept.deals["ours"], kept.deals["secret"])] == [
            users["rea"], users["dee"], users["cai"]
        ]  # fmt: skip
        assert reader.value(select(deal.agent_id).where(deal.id == kept.deals["ours"])) == users["agi"]
        assert reader.value(select(func.count()).where(deal.owner_id == users["bob"])) == 1  # what is over stays his
        assert handover.owned(reader, app.assembly.entities, users["bob"]) == {}

    with pytest.raises(Refused, match="bob is deactivated"), app.transaction(app.actor("ann")) as tx:
        tx.get(module.Deal, about.id).agent_id = users["bob"]
    with app.transaction(app.actor("ann")) as tx:
        tx.add(module.Deal(title="of old", owner_id=users["bob"], closed_at=clock.now()))
