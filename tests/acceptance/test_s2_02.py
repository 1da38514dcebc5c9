"""S2-02: the meter says 3.1 manual fields per deal, 4.2 min/day/rep, 78% auto-filled; over 5 fields a stage is refused.

Thirty deals: a customer, a product and an amount are typed for each, and a note for three; eleven fields of each fill
in themselves. Two reps entered them on four and on three days; a typed field counts 19 seconds here.
"""

import importlib.util
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from crmcore.plugins.discovery import installed

DAYS = {"ann": (16, 17, 18, 19), "ben": (16, 17, 20)}


@pytest.fixture
def install(tmp_path: Path, workspace: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., None]]:
    """Install distributions from outside, in a folder on Python's path."""
    path = Path(__file__).parents[1] / "plugins" / "conftest.py"
    spec = importlib.util.spec_from_file_location("plugins_conftest", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    folder = tmp_path.parent / "site_of_s2_02"  # one for both databases: what is imported stays where it was
    folder.mkdir(exist_ok=True)
    monkeypatch.syspath_prepend(folder)

    def install(*names: str) -> None:
        module.Site(folder, workspace).install(*names)
        installed.cache_clear()

    yield install
    installed.cache_clear()
    for name in [each for each in sys.modules if each.startswith(("crmcore_deals", "crmcore_nine_fields"))]:
        del sys.modules[name]


def _json(crm: Callable[..., Result], *arguments: object, **extra: str) -> Any:
    return json.loads(crm(*arguments, "--json", **extra).stdout)


@pytest.mark.row("S2-02")
def test_the_meter(crm: Callable[..., Result], install: Callable[..., None]) -> None:
    install("deals")
    crm("plugin", "enable", "deals")
    crm("user", "add", "ben", "--role", "rep")
    crm("customer", "add", "Aster Locks")
    crm("process", "budget", "--seconds", 19)
    entries = [(rep, day) for rep, days in DAYS.items() for day in days]
    for n in range(30):
        rep, day = entries[n % len(entries)]
        more = ["--note", "asked at the fair"] if n % 10 == 3 else []
        typed = ["--customer", "Aster Locks", "--set", f"product=handle {n}", "--set", f"amount={n}00"]
        made = _json(
            crm,
            "process",
            "start",
            "deal",
            *typed,
            *more,
            CRM_USER=rep,
            CRM_NOW=f"2026-11-{day}T{9 + n % 9:02}:00+08:00",
        )
    assert made["custom"]["size"] == "small"
    assert made["custom"]["tax"] == "377"

    period = ("--since", "2026-11-16", "--until", "2026-11-20")
    told = crm("process", "meter", "deal", *period)
    assert "3.1 manual fields per record, 4.2 min a day and rep, 78% filled in by itself" in told.stdout
    assert "2026-11-16 to 2026-11-20: 30 records. A typed field counts 19 s" in told.stderr
    found = _json(crm, "process", "meter", *period)
    total = found["total"]
    assert (total["items"], total["typed"], total["filled"], total["days"]) == (30, 93, 330, 7)
    assert total["seconds"] == pytest.approx(93 * 19)
    assert {one["rep"]: one["days"] for one in found["reps"]} == {"ann": 4, "ben": 3}
    assert [(one["state"], one["items"], one["typed"]) for one in found["stages"]] == [("open", 30, 93)]

    # Losing a deal asks for its reason: typed in the stage it leads to.
    item = made["id"]
    refused = crm("process", "move", item, "lost", code=1).output
    assert f"deal {item} cannot go from open to lost: it needs reason." in refused
    crm("process", "move", item, "lost", "--set", "reason=price", CRM_NOW="2026-11-20T18:00+08:00")
    stages = {one["state"]: one for one in _json(crm, "process", "meter", *period)["stages"]}
    assert (stages["lost"]["items"], stages["lost"]["typed"]) == (1, 1)

    assert _json(crm, "process", "meter", "--since", "2026-11-21", "--until", "2026-11-21")["total"]["items"] == 0


@pytest.mark.row("S2-02")
def test_what_asks_for_more_than_five_fields_a_stage_is_refused_with_the_count(
    crm: Callable[..., Result], install: Callable[..., None], tmp_path: Path
) -> None:
    install("nine_fields", "deals")
    refused = crm("plugin", "enable", "nine_fields", code=1).output
    assert "Process tender asks for 9 manual fields in state begun" in refused
    assert "this workspace allows 5" in refused
    assert _json(crm, "process", "list") == [], "it is not half enabled"
    crm("plugin", "enable", "deals")

    names = [f"f{n}" for n in range(6)]
    process = f"""
[process.survey]
states = ["asked", {{ name = "answered", kind = "done" }}]
transitions = [{{ from = "asked", to = "answered", requires = {json.dumps(names)} }}]
fields = {json.dumps(names)}
"""
    (tmp_path / "survey.toml").write_text(process)
    refused = crm("config", "apply", "survey.toml", code=1).output
    assert "Process survey asks for 6 manual fields in state answered (f0, f1, f2, f3, f4, f5)" in refused
    (tmp_path / "helped.toml").write_text(
        process + '[automation.help]\non = "process.moved"\n'
        'actions = [{ do = "set_field", field = "f5", value = "-" }]\n'
    )
    crm("config", "apply", "helped.toml")
    budget = _json(crm, "process", "budget")
    manual = {(one["process"], one["state"]): len(one["manual"]) for one in budget["stages"]}
    assert budget["fields"] == 5
    assert manual == {
        ("survey", "asked"): 0, ("survey", "answered"): 5, ("deal", "open"): 2, ("deal", "won"): 0, ("deal", "lost"): 1,
    }  # fmt: skip

    crm("process", "budget", "--fields", 9)
    crm("plugin", "enable", "nine_fields")
    assert "Only an administrator" in _as_rep(crm, "process", "budget", "--fields", 99)


def _as_rep(crm: Callable[..., Result], *arguments: object) -> str:
    crm("user", "add", "rob", "--role", "rep")
    return crm(*arguments, code=1, CRM_USER="rob").output
