"""S0-18: 900 contacts, 8 months later sales is enabled: 23 tagged notes become opportunities by guided conversion.

Disabling keeps the data readable and exportable.
"""

import json

import pytest

from crmcore.api import Contact, Interaction, Task
from crmcore.testing.bulk import insert

MARCH, NOVEMBER = "2026-03-20T10:00+08:00", "2026-11-20T10:00+08:00"
CONTACTS, TAGGED = 900, 23


@pytest.fixture
def base(crm_workspace, crm_clock):
    """900 contacts, each with a note of March; 23 of these carry a tag. Sales is not enabled yet."""
    crm_clock.set(MARCH)
    app, names, records = crm_workspace.open(), [], []
    me = app.actor("ann").user_id
    contacts = [Contact(name=f"Contact {n:03d}", owner_id=me) for n in range(CONTACTS)]
    insert(app, contacts)
    for n, one in enumerate(contacts):
        tag = f" {('#opportunity', '＃商机', '#商机#', '#Opportunity')[len(names) % 4]}" if n % 40 == 7 else ""
        said = ("Met at the fair, wants 200 handles", "opportunity? no #opportunities here", "问过价格")[n % 3]
        text = f"{tag} {said}".strip() if len(names) % 2 else f"{said}.{tag}"
        if tag and len(names) < TAGGED - 1:
            names.append(one.name)
            records.append(Interaction(channel="note", body=text, at=crm_clock.now, contact_id=one.id, user_id=me))
        elif not tag:
            records.append(Interaction(channel="note", body=said, at=crm_clock.now, contact_id=one.id, user_id=me))
    records.append(Task(subject="Ask again #opportunity", contact_id=contacts[1].id, owner_id=me))
    insert(app, records)
    crm_clock.set(NOVEMBER)
    return [contacts[1].name, *names]


@pytest.mark.row("S0-18")
def test_tagged_notes_become_opportunities_and_outlive_the_plugin(base, crm_run, tmp_path):
    assert len(base) == TAGGED
    assert "sales" in crm_run("sales", "opportunity", "list", code=1).err
    crm_run("plugin", "enable", "sales")
    crm_run("contact", "add", "New and plain")
    proposed = crm_run("sales", "opportunity", "convert", "--dry-run", "--json").json
    assert len(proposed) == TAGGED
    assert crm_run("sales", "opportunity", "list", "--json").json == [], "a dry run makes nothing"
    assert "nobody to ask" in crm_run("sales", "opportunity", "convert", code=1).err
    done = crm_run("sales", "opportunity", "convert", "--yes", "--json").json
    assert (done["found"], len(done["converted"]), done["skipped"]) == (TAGGED, TAGGED, [])
    made = crm_run("sales", "opportunity", "list", "--limit", 100, "--json").json
    assert sorted(one["contact"]["name"] for one in made) == sorted(base)
    begun = {(one["owner"], one["stage"], one["lead_source"]) for one in made}
    assert begun == {("ann", "qualification", "note")}
    assert {one["entered_at"][:10] for one in made} == {"2026-03-20"}
    titles = {one["title"] for one in made}
    assert titles == {"Met at the fair, wants 200 handles", "opportunity", "问过价格", "Ask again"}
    again = crm_run("sales", "opportunity", "convert", "--yes", "--json").json
    assert (again["converted"], len(again["skipped"])) == ([], TAGGED)
    meter = crm_run("process", "meter", "opportunity", "--json").json["total"]
    assert (meter["items"], meter["typed"]) == (TAGGED, 0)

    first = made[0]["id"]
    crm_run("sales", "opportunity", "edit", first, "--amount", "12k", "--next", "Send the sample")
    crm_run("sales", "opportunity", "move", first, "proposal")
    name = made[0]["contact"]["name"]
    brief = crm_run("brief", name, "--json").json
    (block,) = [one for one in brief["blocks"] if one["title"] == "Opportunities"]
    assert block["rows"][0][1:6] == ["proposal", "12,000.00 CNY", "50%", "", "Send the sample"]
    text = crm_run("brief", name, COLUMNS="200").out
    assert "qualification → proposal, 12,000.00 CNY" in text
    assert "Send the sample" in text

    crm_run("plugin", "disable", "sales")
    kept = crm_run("brief", name, "--kept", "--json").json
    assert "proposal" in json.dumps([one for one in kept["blocks"] if "sales" in one["title"]])
    assert "Opportunities" not in {one["title"] for one in crm_run("brief", name, "--json").json["blocks"]}
    crm_run("export", tmp_path / "out")
    lines = (tmp_path / "out" / "sales_opportunity.jsonl").read_text().splitlines()
    assert len(lines) == TAGGED
    assert {json.loads(line)["stage"] for line in lines} == {"qualification", "proposal"}
