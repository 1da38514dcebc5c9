"""`crm erase`: no byte of a person is left, counts stay, and no import brings the person back."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from sqlalchemy import insert, select

from crmcore.app import App
from crmcore.engine.tables import erased, interaction, journal, setting, task
from crmcore.errors import PluginError
from crmcore.hooks.kinds import impl
from crmcore.model.interaction import Interaction, Participant
from crmcore.model.party import Contact
from crmcore.model.user import User

Crm = Callable[..., Result]
Remains = Callable[..., dict[str, list[str]]]

CARD = """BEGIN:VCARD
VERSION:3.0
UID:urn:uuid:ottilie-0001
FN:Ottilie Featherstone
N:Featherstone;Ottilie;;;
EMAIL:Ottilie.Featherstone@quux.example
TEL:+49 30 5550 1234
ORG:Quux Werke
TITLE:Buyer
BDAY:1971-02-03
NOTE:Plays the bassoon with Ottilie's quartet.
END:VCARD
"""
OTHER = """BEGIN:VCARD
VERSION:3.0
UID:keeps-his-own
FN:Bertram Okafor
EMAIL:bertram@quux.example
ORG:Quux Werke
NOTE:Sits beside Ottilie Featherstone.
END:VCARD
"""
SHEET = """name,email,phone,company
"Featherstone, Ottilie",o.featherstone@home.example,0170 555 98 76,Quux Werke
"""
BROKEN = """BEGIN:VCARD
VERSION:3.0
NOTE:Ottilie Featherstone, o.featherstone@home.example
END:VCARD
"""
MAIL = """From alice Mon Nov  2 10:00:00 2026
From: Ottilie Featherstone <ottilie.featherstone@quux.example>
To: Ann <ann@ours.example>
Message-ID: <one.ottilie.featherstone@quux.example>
Date: Mon, 02 Nov 2026 10:00:00 +0100
Subject: Ottilie asks for the contract

Please call me on +49 30 5550 1234. Regards, Ottilie Featherstone

From alice Mon Nov  2 11:00:00 2026
From: Bertram Okafor <bertram@quux.example>
To: Ann <ann@ours.example>, Ottilie Featherstone <ottilie.featherstone@quux.example>
Message-ID: <two@quux.example>
Date: Tue, 03 Nov 2026 10:00:00 +0100
Subject: The bassoons

Ottilie will send 12 bassoons. Write to Ottilie.Featherstone@quux.example; kept by Bertram.

"""
WORDS = (
    "Ottilie Featherstone", "Featherstone, Ottilie", "Ottilie.Featherstone@quux.example", "o.featherstone@home.example",
    "+49 30 5550 1234", "+493055501234", "493055501234", "0170 555 98 76", "+491705559876", "01705559876",
    "urn:uuid:ottilie-0001", "Ottilie", "Featherstone", "bassoon with", "1971-02-03", "tea with milk",
)  # fmt: skip


@pytest.fixture
def files(tmp_path: Path) -> dict[str, Path]:
    made = {}
    for name, text in (
        ("card.vcf", CARD),
        ("other.vcf", OTHER),
        ("sheet.csv", SHEET),
        ("mail.mbox", MAIL),
        ("broken.vcf", BROKEN),
    ):
        made[name] = tmp_path / name
        made[name].write_text(text)
    return made


@pytest.fixture
def ottilie(crm: Crm, app: App, files: dict[str, Path]) -> int:
    """A person imported twice and merged, with mail, meetings, promises, wishes, refusals, edits and a rejection."""
    with app.transaction() as tx:
        ann = tx.load(User)[0]
        ann.email = "ann@ours.example"
    crm("import", files["card.vcf"], files["other.vcf"])
    crm("import", files["sheet.csv"], "--region", "DE")
    crm("import", files["mail.mbox"])
    assert json.loads(crm("import", files["broken.vcf"], "--json").stdout)["rejected"] == 1
    people = {one["name"]: one["id"] for one in json.loads(crm("contact", "list", "--json").stdout)}
    (second,) = (
        record_id for name, record_id in people.items() if name not in ("Ottilie Featherstone", "Bertram Okafor")
    )
    first = people["Ottilie Featherstone"]
    crm("contact", "edit", first, "--note", "Plays the bassoon with verve.", "--add-phone", "+49 30 5550 4321")
    crm("contact", "edit", first, "--remove-phone", "+49 30 5550 4321", "--add-email", "old@quux-werke.example")
    crm("contact", "edit", first, "--remove-email", "old@quux-werke.example")
    crm("contact", "merge", first, second)
    crm("log", "Ottilie Featherstone 20 min call, likes tea with milk, wants a quote by Friday")
    crm("log", "Told Ottilie Featherstone we will deliver 3 bassoons within 2 weeks")
    crm("promise", "scan")
    crm("consent", "deny", first, "--channel", "email", "--purpose", "marketing", "--evidence", "Ottilie said so")
    crm("consent", "grant", first, "--channel", "call", "--purpose", "service", "--evidence", "call of Ottilie")
    crm("consent", "check", first, "--channel", "email", "--purpose", "marketing")
    with app.transaction(app.actor("ann")) as tx:
        meeting = tx.add(Interaction(channel="meeting", contact_id=people["Bertram Okafor"], subject="Plan", at=tx.now,
                                     body="Featherstone opened, Bertram closed."))  # fmt: skip
        tx.add(Participant(interaction_id=meeting.id, role="attendee", contact_id=first, name="Ms O. Featherstone"))
        tx.add(Participant(interaction_id=meeting.id, role="attendee", contact_id=people["Bertram Okafor"]))
    with app.transaction(app.actor("ann")) as tx:
        tx.get(Interaction, meeting.id).body = "Ottilie Featherstone opened, Bertram closed."
    return first


def figures(crm: Crm) -> list[Any]:
    names = ("contacts.new", "interactions", "promises.kept", "tasks.overdue", "customers.new")
    return [json.loads(crm("metric", "show", name, "--json").stdout)["rows"][0]["value"] for name in names]


def counts(app: App) -> list[int]:
    from sqlalchemy import func

    with app.read() as reader:
        return [reader.value(select(func.count()).select_from(table)) for table in (interaction, task)]


def test_no_byte_is_left_and_every_count_stays(crm: Crm, app: App, ottilie: int, remains: Remains) -> None:
    assert set(remains(*WORDS)) >= {"Ottilie Featherstone", "o.featherstone@home.example", "+49 30 5550 1234"}
    before = figures(crm), counts(app)
    dry = json.loads(crm("erase", "Ottilie Featherstone", "--json").stdout)
    assert dry["done"] is False
    assert set(remains(*WORDS)) >= {"Ottilie Featherstone", "o.featherstone@home.example"}

    done = json.loads(crm("erase", "Ottilie Featherstone", "--yes", "--json").stdout)
    assert done["lines"] == dry["lines"]
    assert remains(*WORDS, "+49 30 5550 4321", "old@quux-werke.example") == {}
    assert (figures(crm), counts(app)) == before

    assert "Nothing found" in crm("search", "Ottilie").stderr
    assert "Nobody here" in crm("brief", "Ottilie Featherstone", code=1).stderr
    told = json.loads(crm("history", ottilie, "--json").stdout)
    assert told[0]["type"] == "contact.erased"
    assert {"contact.changed", "contact.created"} <= {one["type"] for one in told}
    fates = {one["what"]: one["fate"] for one in done["lines"]}
    assert fates["addresses and numbers"] == "removed"
    assert fates["interactions with nobody else"] == "emptied"
    assert fates["hashes of addresses, numbers and ids"] == "kept"
    assert "Backups and exports made before still hold the person." in fates


def test_what_is_about_others_stays(crm: Crm, app: App, ottilie: int) -> None:
    crm("erase", ottilie, "--yes")
    bertram = json.loads(crm("contact", "show", "Bertram Okafor", "--json").stdout)
    assert bertram["note"] == "Sits beside [erased]."
    with app.read() as reader:
        bodies = [row.body for row in reader.rows(select(interaction.c.body).where(interaction.c.body != ""))]
    assert any("will send 12 bassoons" in body and "kept by Bertram" in body for body in bodies)
    assert "[erased] opened, Bertram closed." in bodies
    assert "The bassoons" in crm("search", "bassoons").stdout
    assert "Bertram Okafor" in crm("brief", "Quux Werke").stdout
    check = crm("consent", "check", ottilie, "--channel", "call", "--purpose", "service")
    assert "erased" in check.stdout


def test_an_import_does_not_bring_the_person_back(
    crm: Crm, app: App, ottilie: int, files: dict[str, Path], remains: Remains
) -> None:
    crm("erase", ottilie, "--yes", CRM_NOW="2026-11-22T09:00+00:00")
    for name, rejected in (("card.vcf", 1), ("sheet.csv", 1), ("mail.mbox", 1), ("other.vcf", 0)):
        report = json.loads(crm("import", files[name], "--region", "DE", "--json").stdout)
        assert (report["created"], report["rejected"]) == (0, rejected), (name, report)
        reasons = {one["reason"] for one in report["rejections"]}
        assert not rejected or "asked to be erased on 2026-11-22" in reasons
    assert remains("Ottilie.Featherstone@quux.example", "o.featherstone@home.example", "+49 30 5550 1234") == {}
    with app.transaction() as tx:
        tx.connection.execute(insert(setting).values(name="erasing.accept", value=True))
        hashes = tx.rows(select(erased))
    assert {row.record_id for row in hashes} == {ottilie}
    crm("import", files["card.vcf"])
    (again,) = (one for one in json.loads(crm("contact", "list", "--json").stdout) if "Ottilie" in one["name"])
    stated = json.loads(crm("consent", "list", again["id"], "--json").stdout)
    assert {(one["state"], one["channel"], one["purpose"]) for one in stated} >= {("denied", "email", "marketing")}


def test_who_may_and_whom(crm: Crm, app: App) -> None:
    crm("user", "add", "tom", "--role", "rep")
    crm("user", "add", "meg", "--role", "manager")
    crm("contact", "add", "Li Wei", "--customer", "Huaxin", "--phone", "13800138000")
    assert "administrators and managers" in crm("erase", "Li Wei", "--yes", code=1, CRM_USER="tom").stderr
    assert "organisation" in crm("erase", "Huaxin", "--yes", code=1).stderr
    crm("erase", "Li Wei", "--yes", CRM_USER="meg")
    with app.read() as reader:
        last = reader.first(select(journal).where(journal.c.type == "contact.erased"))
    assert last is not None
    assert last.actor == "meg"


def test_a_customer_that_is_a_person(crm: Crm, remains: Remains) -> None:
    crm("customer", "add", "Wilhelmina Quist", "--kind", "individual", "--email", "mina@quist-home.example")
    crm("log", "Wilhelmina Quist 10 min call, wants a new stove")
    crm("erase", "Wilhelmina Quist", "--yes")
    assert remains("Wilhelmina", "mina@quist-home.example", "stove") == {}


def test_a_common_name_stays_where_others_may_be_meant(crm: Crm, app: App) -> None:
    first = json.loads(crm("contact", "add", "王伟", "--email", "ww@one.example", "--json").stdout)["id"]
    crm("contact", "add", "王伟", "--email", "ww@two.example")
    crm("contact", "add", "Anna Schmidt", "--note", "王伟 is her colleague; ww@one.example too")
    report = json.loads(crm("erase", first, "--yes", "--json").stdout)
    assert any("called the same" in one["what"] for one in report["lines"])
    anna = json.loads(crm("contact", "show", "Anna Schmidt", "--json").stdout)
    assert anna["note"] == "王伟 is her colleague; [erased] too"
    assert [one["name"] for one in json.loads(crm("contact", "list", "--json").stdout)].count("王伟") == 1


def test_an_address_that_others_have_too_stays_with_them(crm: Crm) -> None:
    first = json.loads(crm("contact", "add", "Ada One", "--email", "office@shared.example", "--json").stdout)["id"]
    crm("contact", "add", "Bob Two", "--email", "office@shared.example")
    report = json.loads(crm("erase", first, "--yes", "--json").stdout)
    assert any("others have them too" in one["what"] for one in report["lines"])
    assert "office@shared.example" in crm("contact", "show", "Bob Two").stdout


def test_letters_beyond_ascii_in_capitals_or_not(crm: Crm, remains: Remains) -> None:
    crm("contact", "add", "Émile Zöllner", "--email", "émile@zöllner.example")
    crm("contact", "add", "Anna Schmidt", "--note", "ÉMILE ZÖLLNER and Émile  Zöllner and émile zöllner; she stays")
    crm("erase", "Émile Zöllner", "--yes")
    assert remains("Zöllner", "ÉMILE", "ZÖLLNER", "émile") == {}
    assert json.loads(crm("contact", "show", "Anna Schmidt", "--json").stdout)["note"] == (
        "[erased] and [erased] and [erased]; she stays"
    )


def test_fields_of_our_own_that_figures_need_stay(crm: Crm, app: App, tmp_path: Path, remains: Remains) -> None:
    file = tmp_path / "fields.toml"
    file.write_text(
        '[field.contact.nickname]\ntype = "text"\n[field.task.remark]\ntype = "text"\n'
        '[field.task.pieces]\ntype = "number"\n'
    )
    crm("config", "apply", file)
    crm("contact", "add", "Ottilie Quast", "--set", "nickname=Ottifant")
    crm("task", "add", "write", "--contact", "Ottilie Quast", "--set", "remark=she waits", "--set", "pieces=12")
    crm("erase", "Ottilie Quast", "--yes")
    assert remains("Ottifant", "she waits", "Ottilie") == {}
    with app.read() as reader:
        assert [row.custom for row in reader.rows(select(task.c.custom))] == [{"pieces": 12}]


def test_a_plugin_that_fails_keeps_the_person_as_it_was(workspace: str) -> None:
    from types import ModuleType

    from crmcore.erasing.run import erase

    broken = ModuleType("broken")

    @impl
    def crm_erase(subject, tx):  # type: ignore[no-untyped-def] # as an author may write it
        raise RuntimeError("no eraser")

    broken.crm_erase = crm_erase  # type: ignore[attr-defined] # ours
    app = App(workspace, plugins=[("broken", broken)])
    with app.transaction() as tx:
        li = tx.add(Contact(name="Li Wei"))
    with pytest.raises(PluginError, match="broken"), app.transaction() as tx:
        erase(tx, "contact", li.id, certain=True)
    with app.transaction() as tx:
        assert tx.get(Contact, li.id).name == "Li Wei"
    app.close()
