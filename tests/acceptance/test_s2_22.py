"""S2-22: the admin sees job health, hook errors for each plugin and feed delays in one command."""

import json
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import Result

from crmcore.plugins import discovery, loading

PLUGIN = """
from crmcore.api import Plugin, impl

PLUGIN = Plugin(name="helpdesk", title="Tickets", hears=("contact.created",))

@impl
def crm_brief(subject):
    raise RuntimeError("no connection to the ticket system")

@impl
def crm_on_event(event, tx):
    raise RuntimeError("cannot open a ticket")
"""
CARDS = "".join(f"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Person {n}\r\nEND:VCARD\r\n" for n in range(3))


@pytest.fixture
def helpdesk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Install a plugin that has bad days, as a distribution of its own."""
    site = tmp_path / "site"
    info = site / "crmcore_helpdesk-1.4.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: crmcore-helpdesk\nVersion: 1.4\n")
    (info / "entry_points.txt").write_text("[crmcore.plugins]\nhelpdesk = crmcore_helpdesk\n")
    (site / "crmcore_helpdesk.py").write_text(PLUGIN)
    monkeypatch.syspath_prepend(str(site))
    discovery.installed.cache_clear()
    yield
    discovery.installed.cache_clear()
    loading._IMPORTED.clear()
    sys.modules.pop("crmcore_helpdesk", None)


@pytest.mark.row("S2-22")
def test_job_health_hook_errors_and_feed_delays_in_one_command(
    crm: Callable[..., Result], helpdesk: None, tmp_path: Path
) -> None:
    began = datetime.now(UTC)
    crm("plugin", "enable", "helpdesk")
    (tmp_path / "people.vcf").write_text(CARDS)
    (tmp_path / "points.csv").write_text("name,email\nIda Holm,ida@holm.example\n,\n")
    crm("import", "people.vcf")
    crm("contact", "add", "Ida Holm")  # the plugin fails to hear of it
    crm("brief", "Ida Holm")  # and in its part of the brief
    crm("brief", "Ida Holm")

    told = json.loads(crm("doctor", "--json", code=1).stdout)

    assert all(set(one) == {"severity", "plugin", "hook", "message", "since"} for one in told)
    assert {one["severity"] for one in told} <= {"error", "warning", "info"}
    by_hook = {(one["plugin"], one["hook"]): one for one in told if one["severity"] != "info"}
    brief = by_hook["helpdesk", "crm_brief"]
    assert brief["severity"] == "error"
    assert "failed, 2 times" in brief["message"]
    assert "RuntimeError: no connection to the ticket system (version 1.4)" in brief["message"]
    assert began.date() <= datetime.fromisoformat(brief["since"]).date() <= datetime.now(UTC).date()
    assert "cannot open a ticket" in by_hook["helpdesk", "delivery"]["message"], "job health"
    assert [one for one in told if one["hook"] == "worker"]
    feeds = [one["message"] for one in told if one["hook"] == "feed"]
    assert "the last import was 0 days ago" in feeds
    assert any("3 read, 0 rejected" in one for one in feeds)
    shown = crm("doctor", code=1, COLUMNS="200").stdout
    assert "no connection to the ticket system" in shown

    crm("plugin", "disable", "helpdesk")
    crm("doctor", "--forget", "helpdesk")
    assert not [one for one in json.loads(crm("doctor", "--json").stdout) if one["severity"] == "error"]


@pytest.mark.row("S2-22")
def test_it_works_where_nothing_else_does(crm: Callable[..., Result], tmp_path: Path) -> None:
    damaged = tmp_path / "damaged.db"
    crm("init", CRM_DATABASE_URL=f"sqlite:///{damaged}")
    with damaged.open("r+b") as file:
        file.seek(4096 * 3)
        file.write(b"\xff" * 4096 * 40)
    done = crm("doctor", "--json", code=1, CRM_DATABASE_URL=f"sqlite:///{damaged}")
    told = json.loads(done.stdout)
    assert told[0]["severity"] == "error"
    assert "malformed" in json.dumps(told) or "not a database" in json.dumps(told)
