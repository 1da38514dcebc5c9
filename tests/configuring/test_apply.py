"""Applying definitions: all or nothing, journalled, taken back; at once in programs that are running."""

import json
import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from crmcore.app import App
from crmcore.configuring.apply import apply
from crmcore.definitions.reading import read_text
from crmcore.lifecycle import generation
from crmcore.model.party import Customer

SHOP = """
[field.customer.vip]
type = "boolean"
label = "VIP"

[field.customer.tier]
type = "choice"
choices = ["gold", "silver"]

[field.contact.revenue]
type = "money"
currency = "CNY"
minimum = 0

[process.shipping]
title = "Sample shipping"
states = [
  {name = "requested", steps = ["Ask why", "Check the stock"], template = "a.docx", expert = "ann", days = 3},
  {name = "sent", probability = 40},
  {name = "received", label = "Received", kind = "won"},
]
transitions = [
  {from = "requested", to = "sent", guard = "quantity > 1", requires = ["quantity"]},
  {from = ["requested", "sent"], to = "received", roles = ["rep", "clerk"]},
]
fields = [{name = "quantity", type = "number"}]

[automation.note]
on = "contact.changed"
when = "record.name != ''"
actions = [{do = "create_task", subject = "Look"}]

[role.clerk]
read = "all"
write = "own"
hide = ["contact.revenue"]

[term.PRICE]
label = "price"
synonyms = ["too dear", "太贵"]

[target.calls]
metric = "interactions"
value = 40
user = "ann"
"""


def test_apply_then_export_then_apply_changes_nothing_byte_for_byte(crm, applied, toml):
    done = applied(SHOP)
    assert [one["action"] for one in done["changes"]] == ["added"] * 8
    first = crm("config", "export").stdout
    again = json.loads(crm("config", "apply", toml(first), "--json").stdout)
    assert (again["id"], again["changes"]) == (0, [])
    assert crm("config", "export").stdout == first
    listed = json.loads(crm("config", "export", "--json").stdout)
    assert [(one["kind"], one["name"]) for one in listed] == [(one["kind"], one["name"]) for one in done["changes"]]
    process = next(one for one in listed if one["kind"] == "process")
    assert [(one["from"], one["to"]) for one in process["transitions"]] == [
        ("requested", "sent"), ("requested", "received"), ("sent", "received"),
    ]  # fmt: skip
    assert process["states"][0] == {
        "name": "requested", "steps": ["Ask why", "Check the stock"], "template": "a.docx", "expert": "ann", "days": 3,
    }  # fmt: skip
    assert "steps" in crm("config", "diff", toml(SHOP.replace('"Ask why", ', ""))).stdout


def test_a_file_speaks_for_the_tables_it_holds_unless_pruned(crm, applied):
    applied(SHOP)
    changed = applied('[field.customer.vip]\ntype = "boolean"\nlabel = "Very important"\n')
    assert [(one["name"], one["action"]) for one in changed["changes"]] == [("customer.vip", "changed")]
    removed = applied("[term.PRICE]\nremove = true\n")
    assert [(one["name"], one["action"]) for one in removed["changes"]] == [("PRICE", "removed")]
    pruned = applied('[term.TIME]\nlabel = "time"\n', "--prune")
    actions = [one["action"] for one in pruned["changes"]]
    assert (actions.count("removed"), actions.count("added")) == (7, 1)
    assert crm("config", "export").stdout == '[term.TIME]\nlabel = "time"\n'


def test_diff_says_what_apply_does_and_does_nothing(crm, applied, toml):
    file = toml(SHOP)
    planned = json.loads(crm("config", "diff", file, "--json").stdout)
    assert crm("config", "export").stdout == ""
    shown = crm("config", "diff", file).stdout
    assert "+ field.customer.vip (added)" in shown
    assert "label: VIP" in shown
    assert json.loads(crm("config", "apply", file, "--json").stdout)["changes"] == planned["changes"]
    changed = crm("config", "diff", toml('[field.customer.tier]\ntype = "choice"\nchoices = ["gold"]\n')).stdout
    assert "~ field.customer.tier (changed)" in changed
    assert "choices: gold; silver → gold" in changed
    assert "Nothing changes" in crm("config", "diff", file).stderr


def test_revert_takes_back_the_last_or_a_named_application(crm, applied):
    first = applied(SHOP)["id"]
    before = crm("config", "export").stdout
    second = applied("[field.customer.vip]\nremove = true\n[term.PRICE]\nremove = true\n[term.TIME]\n")["id"]
    refused = crm("config", "revert", first, code=1).stderr
    assert "field.customer.vip was changed since" in refused
    assert "term.PRICE was changed since" in refused
    crm("config", "revert")
    assert crm("config", "export").stdout == before
    assert f"Application {second} was reverted already" in crm("config", "revert", second, code=1).stderr
    crm("config", "revert", first)
    assert crm("config", "export").stdout == ""
    assert "No application of definitions is left" in crm("config", "revert", code=1).stderr
    assert "There is no application 999999" in crm("config", "revert", "999999", code=1).stderr
    entries = json.loads(crm("config", "history", "--json").stdout)
    assert [(one["type"], one["reverts"]) for one in entries] == [
        ("config.reverted", first), ("config.reverted", second), ("config.applied", None), ("config.applied", None),
    ]  # fmt: skip
    assert entries[2]["changes"][0]["before"] == {"type": "boolean", "label": "VIP"}


def test_only_an_administrator_applies(crm, toml):
    crm("user", "add", "bob", "--role", "manager")
    for command in (("apply", toml(SHOP)), ("diff", toml(SHOP)), ("revert",)):
        refused = crm("config", *command, code=1, CRM_USER="bob").stderr
        assert "Only an administrator changes definitions; bob is manager" in refused


def test_a_process_that_asks_for_too_much_is_refused_with_the_count(crm, toml):
    fields = "\n".join(f'[[process.form.fields]]\nname = "f{n}"\nrequired = true' for n in range(6))
    steps = "states = ['a', {name = 'b', kind = 'done'}]\ntransitions = [{from = 'a', to = 'b'}]"
    refused = crm("config", "apply", toml(f"[process.form]\n{steps}\n{fields}\n"), code=1).stderr
    assert "asks for 6 manual fields" in refused
    assert crm("config", "export").stdout == ""


def test_a_program_that_is_running_sees_the_definitions_at_its_next_transaction(crm, applied, workspace):
    running = App(workspace)
    try:
        with running.read() as reader:
            assert reader.definitions.fields_of("customer") == ()
        applied(SHOP)
        with running.transaction() as tx:
            tx.add(Customer(name="Acme", custom={"vip": True}))
        crm("config", "revert")
        with running.read() as reader:
            assert reader.definitions.fields_of("customer") == ()
    finally:
        running.close()


def test_another_process_sees_them_without_a_restart(crm, applied, workspace, tmp_path):
    """A second program waits with the workspace open while this one applies."""
    program = (
        "import sys, crmcore.api as api\n"
        "app = api.open_workspace(sys.argv[1])\n"
        "print('open', flush=True); sys.stdin.readline()\n"
        "with app.transaction() as tx: key = tx.add(api.Customer(name='Zed', custom={'vip': True})).id\n"
        "print(key, flush=True)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program, workspace], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout.readline() == "open\n"
        applied(SHOP)
        other.stdin.write("\n")
        other.stdin.flush()
        key = other.stdout.readline().strip()
        assert other.wait(30) == 0
    assert json.loads(crm("customer", "show", key, "--json").stdout)["custom"] == {"vip": True}


@pytest.mark.parametrize("after", [0.02, 0.1, 0.2, 0.35])
def test_a_kill_while_definitions_are_applied_leaves_all_or_nothing(crm, applied, toml, crm_process, workspace, after):
    with App(workspace).transaction() as tx:
        for number in range(300):
            tx.add(Customer(name=f"Customer {number}"))
    applied(SHOP)
    before = crm("config", "export").stdout
    more = "\n".join(f"[field.customer.f{n}]\ntype = 'number'\ncompute = 'id + {n}'" for n in range(40))
    file = toml(more)
    process = crm_process("config", "apply", file)
    time.sleep(0.4 + after)
    os.kill(process.pid, signal.SIGKILL)
    process.communicate(timeout=30)
    now = crm("config", "export").stdout
    computed = json.loads(crm("customer", "list", "--limit", "1000", "--json").stdout)
    filled = {len(one["custom"]) for one in computed}
    assert (now == before and filled == {0}) or (now != before and filled == {40})


def test_who_applies_at_the_same_time_waits_and_nothing_is_lost(workspace):
    apps = [App(workspace) for _ in range(4)]

    def define(number: int) -> None:
        for more in range(3):
            with apps[number].transaction() as tx:
                apply(tx, read_text(f"[field.customer.f{number}_{more}]\nunique = true\n", "x.toml"))

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(define, range(4)))
    with apps[0].read() as reader:
        assert len(reader.definitions.fields) == 12
        assert generation.current(reader.connection) == 12
    for app in apps:
        app.close()
