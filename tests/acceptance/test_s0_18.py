"""S0-18: 900 contacts, 8 months later sales is enabled: 23 tagged notes become opportunities by guided conversion.

Disabling keeps the data readable and exportable; so does uninstalling.
"""

import importlib.util
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from crmcore.api import Contact, Interaction
from crmcore.app import App
from crmcore.plugins.discovery import installed

MARCH, NOVEMBER = "2026-03-20T10:00+08:00", "2026-11-20T10:00+08:00"
CONTACTS, TAGGED = 900, 23


@pytest.fixture
def site(tmp_path: Path, workspace: str, crm: Callable[..., Result], monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A folder on Python's path, where distributions are installed; `site.crm` runs commands in this process."""
    path = Path(__file__).parents[1] / "plugins" / "conftest.py"
    spec = importlib.util.spec_from_file_location("plugins_conftest", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    folder = tmp_path.parent / "site_of_s0_18"  # one for both databases: what is imported stays where it was
    folder.mkdir(exist_ok=True)
    monkeypatch.syspath_prepend(folder)
    made = module.Site(folder, workspace)
    made.crm = crm
    yield made
    installed.cache_clear()
    for name in [each for each in sys.modules if each.startswith("crmcore_opportunities")]:
        del sys.modules[name]


@pytest.fixture
def base(workspace: str, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Make 900 contacts, each with a note of March; 23 of these carry the tag. Return the names of those 23."""
    monkeypatch.setenv("CRM_NOW", MARCH)
    app, names = App(workspace), []
    with app.transaction(app.actor("ann"), cause="import 1") as tx:
        for n in range(CONTACTS):
            one = tx.add(Contact(name=f"Contact {n:03d}", owner_id=tx.actor.user_id))
            tags = ("#opportunity", "＃商机", "#商机#", "#Opportunity")
            tag = f" {tags[len(names) % 4]}" if n % 40 == 7 and len(names) < TAGGED else ""
            said = ("Met at the fair, wants 200 handles", "opportunity? no #opportunities here", "问过价格")[n % 3]
            text = f"{tag} {said}".strip() if len(names) % 2 else f"{said}.{tag}"
            if tag:
                names.append(one.name)
            tx.add(Interaction(channel="note", body=text, at=tx.now, contact_id=one.id, user_id=tx.actor.user_id))
    app.close()
    monkeypatch.delenv("CRM_NOW")
    assert len(names) == TAGGED
    return names


def _json(site: Any, *arguments: object, **extra: str) -> Any:
    return json.loads(site.crm(*arguments, "--json", CRM_NOW=NOVEMBER, **extra).stdout)


@pytest.mark.row("S0-18")
def test_tagged_notes_become_opportunities_and_outlive_the_plugin(site: Any, base: list[str], tmp_path: Path) -> None:
    first = base[0]
    assert "no process" in site.crm("process", "convert", "opportunity", "--tag", "opportunity", code=1).stderr
    site.install("opportunities")
    installed.cache_clear()  # as a new process would see it
    site.crm("plugin", "enable", "opportunities")
    (shown,) = _json(site, "process", "list")
    assert all(state["manual"] == [] for state in shown["states"][:1]), "nothing must be typed to begin one"
    site.crm("contact", "add", "New and plain", CRM_NOW=NOVEMBER)

    tags = ("--tag", "opportunity", "--tag", "商机")
    proposed = _json(site, "process", "convert", "opportunity", *tags, "--dry-run")
    assert len(proposed) == TAGGED
    assert _json(site, "process", "items", "opportunity") == [], "a dry run makes nothing"
    assert "nobody to ask" in site.crm("process", "convert", "opportunity", *tags, code=1).stderr
    done = _json(site, "process", "convert", "opportunity", *tags, "--yes")
    assert (done["found"], len(done["converted"]), done["skipped"]) == (TAGGED, TAGGED, [])

    items = _json(site, "process", "items", "opportunity", "--limit", 100)
    assert sorted(one["contact"] for one in items) == base
    assert {(one["owner"], one["state"], one["entered_at"][:10]) for one in items} == {("ann", "found", "2026-03-20")}
    titles = {one["title"] for one in items}
    assert titles <= {"Met at the fair, wants 200 handles", "opportunity", "问过价格"}
    assert all(one["custom"] == {"source": "note"} for one in items)

    again = _json(site, "process", "convert", "opportunity", *tags, "--yes")
    assert (again["converted"], len(again["skipped"])) == ([], TAGGED)
    assert again["skipped"][0]["reason"].startswith("converted already: item ")

    won = items[0]["id"]
    refused = site.crm("process", "move", won, "quoted", code=1, CRM_NOW=NOVEMBER).stderr
    assert f"opportunity {won} cannot go from found to quoted: it needs amount." in refused
    site.crm("process", "move", won, "quoted", "--set", "amount=12000", CRM_NOW=NOVEMBER)
    blocks = {block["title"]: block for block in _json(site, "brief", first)["blocks"]}
    assert blocks["Forecast"]["rows"] == [[str(won), "quoted"]]

    site.crm("plugin", "disable", "opportunities")
    _still_there(site, base, won, tmp_path / "disabled")
    blocks = {block["title"]: block for block in _json(site, "brief", first, "--kept")["blocks"]}
    kept = next(block for title, block in blocks.items() if title.startswith("opportunities (disabled)"))
    assert "quoted" in json.dumps(kept["rows"])
    refused = site.crm("process", "move", won, "won", code=1).stderr
    assert "There is no process “opportunity” now" in refused

    site.remove("opportunities")
    installed.cache_clear()
    _still_there(site, base, won, tmp_path / "gone")


def _still_there(site: Any, base: list[str], won: int, folder: Path) -> None:
    """Everything is readable in lists, views and briefs, and in the export."""
    items = _json(site, "process", "items", "opportunity", "--limit", 100)
    assert sorted(one["contact"] for one in items) == base
    one = _json(site, "process", "item", won)
    assert (one["state"], one["custom"]["amount"], one["ways"]) == ("quoted", "12000", [])
    under_way = {block["title"]: block for block in _json(site, "brief", base[0])["blocks"]}["Under way"]
    assert under_way["rows"][0][0] == "opportunity"
    site.crm("export", folder)
    for kind in ("process_item", "opportunities_forecast"):
        assert len((folder / f"{kind}.jsonl").read_text().strip().splitlines()) == TAGGED
