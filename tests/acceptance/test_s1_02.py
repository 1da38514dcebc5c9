"""S1-02: sales, marketing, service, call centre: each installs alone, all four stand together, none asks for more."""

import importlib.util
import json
from pathlib import Path
from typing import Any

import pytest

from crmcore.app import App

ACTS = {
    "mini_sales": (("mini-sales", "open", "Huaxin", "Pumps", "5000"), "mini_sales.won", None),
    "mini_marketing": (("mini-marketing", "send", "Huaxin", "autumn"), "mini_marketing.sent", 1),
    "mini_service": (("mini-service", "open", "Huaxin", "it leaks"), "mini_service.tickets", 1),
    "mini_callcenter": (("mini-callcenter", "took", "Huaxin", "90", "asked a price"), "mini_callcenter.seconds", 90),
}  # fmt: skip
"""By plugin: what to do with it, its figure, and what that is then (None: nothing won yet, so no data)."""
OURS = ("sales", "marketing", "service", "callcenter")

spec = importlib.util.spec_from_file_location("row_s0_08", Path(__file__).parent / "test_s0_08.py")
assert spec
assert spec.loader
live_base = importlib.util.module_from_spec(spec)
spec.loader.exec_module(live_base)


def out(done: Any) -> Any:
    return json.loads(done.stdout)


def sources(site: Any) -> set[str]:
    return {entry["plugin"] for entry in out(site.crm("brief", "Huaxin", "--timeline", "--json"))["entries"]}


def figures(site: Any) -> set[str]:
    return {one["plugin"] for one in out(site.crm("metric", "list", "--json"))}


@pytest.fixture
def base(site: Any) -> Any:
    site.crm("contact", "add", "Li Wei", "--customer", "Huaxin", "--phone", "13800138000")
    site.crm("log", "Li Wei 10 min call")
    return site


@pytest.mark.row("S1-02")
def test_each_alone_and_all_four_together(base: Any, workspace: str) -> None:
    site, app = base, App(workspace)
    needed, columns, known = live_base.demands(app), live_base.shape(app), live_base.records(app)
    live_base.install(site, *ACTS)
    for name, (act, figure, value) in ACTS.items():
        site.crm("plugin", "enable", name)
        site.crm(*act)
        assert sources(site) == {"core", name}
        assert figures(site) == {"core", name}
        shown = out(site.crm("metric", "show", figure, "--json"))
        assert (shown["plugin"], shown["rows"][0]["value"]) == (name, value)
        assert live_base.demands(app) == needed
        site.crm("plugin", "disable", name)
        assert (sources(site), figures(site)) == ({"core"}, {"core"})  # disabled, it contributes nothing
        site.crm("metric", "show", figure, code=1)
    for name in ACTS:
        site.crm("plugin", "enable", name)
    assert sources(site) == figures(site) == {"core", *ACTS}
    assert (live_base.demands(app), live_base.shape(app)) == (needed, columns)
    assert live_base.records(app) | {"journal": ""} == known | {"journal": ""}
    deal = site.crm("mini-sales", "open", "Huaxin", "Valves", "0.10").stdout.strip()
    site.crm("mini-sales", "win", deal)
    assert out(site.crm("metric", "show", "mini_sales.won", "--month", "--json"))["rows"][0]["value"] == "0.10"
    blocks = {block["title"]: block["plugin"] for block in out(site.crm("brief", "Huaxin", "--json"))["blocks"]}
    assert blocks["Open deals"] == "mini_sales"
    assert blocks["Last campaign"] == "mini_marketing"
    assert blocks["Open tickets"] == "mini_service"
    assert blocks["On the line"] == "mini_callcenter"
    asks_for_nothing_more(site)
    app.close()


@pytest.mark.row("S1-02")
def test_the_four_of_this_repository(base: Any, workspace: str) -> None:
    site, app = base, App(workspace)
    needed, columns, known = live_base.demands(app), live_base.shape(app), live_base.records(app)
    for name in OURS:
        site.crm("plugin", "enable", name)
        assert live_base.demands(app) == needed
        site.crm("plugin", "disable", name)
    for name in OURS:
        site.crm("plugin", "enable", name)
    states = {one["name"]: one["state"] for one in out(site.crm("plugin", "list", "--json"))}
    assert {states[name] for name in OURS} == {"enabled"}
    assert (live_base.demands(app), live_base.shape(app), live_base.records(app)) == (needed, columns, known)
    asks_for_nothing_more(site)
    app.close()


def asks_for_nothing_more(site: Any) -> None:
    """A name is enough for a customer and for a contact, and a file is taken as it is."""
    site.crm("customer", "add", "Only a name")
    site.crm("contact", "add", "Just a Person")
    card = site.folder / "card.vcf"
    card.write_text("BEGIN:VCARD\nVERSION:3.0\nFN:Ada Lovelace\nEND:VCARD\n")
    assert out(site.crm("import", card, "--json"))["created"] == 1


@pytest.mark.row("S1-02")
def test_erasing_reaches_every_plugin_enabled_or_not(base: Any) -> None:
    site = base
    live_base.install(site, *ACTS)
    for name, (act, _figure, _value) in ACTS.items():
        site.crm("plugin", "enable", name)
        site.crm(*act)
    site.crm("mini-service", "open", "Huaxin", "Li Wei has a leak, call 13800138000", "--contact", "Li Wei")
    site.crm("mini-callcenter", "took", "Huaxin", "60", "Li Wei asked")
    site.crm("plugin", "disable", "mini_callcenter")
    report = out(site.crm("erase", "Li Wei", "--yes", "--json"))
    told = {(one["plugin"], one["fate"]) for one in report["lines"]}
    assert {("mini_service", "said"), ("mini_service", "kept"), ("mini_callcenter", "emptied")} <= told
    assert out(site.crm("metric", "show", "mini_service.tickets", "--json"))["rows"][0]["value"] == 2
    site.crm("plugin", "enable", "mini_callcenter")
    everything = site.crm("brief", "Huaxin", "--timeline", "--json").stdout
    assert "[erased] asked" in everything
    assert "Li Wei" not in everything
    assert "13800138000" not in everything
