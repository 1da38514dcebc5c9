import json
import sqlite3
import subprocess
import sys
from contextlib import closing

from sqlalchemy import insert, text, update

from crmcore.app import App
from crmcore.engine import clock
from crmcore.engine.tables import plugin as plugin_table
from crmcore.engine.tables import user_account
from crmcore.hooks.kinds import impl


def out(result):
    return json.loads(result.stdout)


def found(result):
    return {one["hook"]: one["message"] for one in out(result)}


def test_a_plugin_is_enabled_and_disabled_and_the_journal_knows_by_whom(crm, app):
    states = {one["name"]: one["state"] for one in out(crm("plugin", "list", "--json"))}
    assert states["sales"] == "disabled"
    assert out(crm("plugin", "enable", "sales", "--json")) == {"enabled": ["sales"]}
    assert "already" in crm("plugin", "enable", "sales").stderr
    assert out(crm("plugin", "info", "sales", "--json"))["state"] == "enabled"
    assert "sales" in crm("plugin", "list").stdout
    crm("plugin", "disable", "sales")
    assert out(crm("plugin", "info", "sales", "--json"))["state"] == "disabled"
    assert "not enabled" in crm("plugin", "disable", "sales", code=1).stderr
    assert "not installed" in crm("plugin", "enable", "nonesuch", code=1).stderr
    assert "not installed" in crm("plugin", "info", "nonesuch", code=1).stderr
    with app.engine.connect() as connection:
        told = connection.execute(text("SELECT type, actor FROM journal WHERE entity = 'plugin' ORDER BY id")).all()
    assert told == [("plugin.enabled", "ann"), ("plugin.disabled", "ann")]


def test_a_plugin_that_is_gone_is_named_and_the_host_works(crm, app):
    with app.engine.begin() as connection:
        row = {"name": "ghost", "distribution": "crmcore-ghost", "version": "1.0", "enabled": True, "tables": []}
        connection.execute(insert(plugin_table).values(**row, at=clock.now()))
    (ghost,) = [one for one in out(crm("plugin", "list", "--json")) if one["name"] == "ghost"]
    assert ghost["state"] == "missing"
    assert "its data is kept" in ghost["reason"]
    assert out(crm("contact", "add", "Ida Holm", "--json"))["id"]
    (told,) = [one for one in out(crm("doctor", "--json", code=1)) if one["plugin"] == "ghost"]
    assert (told["severity"], told["hook"]) == ("error", "plugin")
    assert "its data is kept" in told["message"]
    crm("plugin", "disable", "ghost")
    crm("doctor")


def test_hooks_are_listed_and_explained(crm):
    hooks = {one["name"]: one for one in out(crm("hook", "list", "--json"))}
    assert hooks["crm_objections"]["kind"] == "veto"
    assert "core.policy.consent" in hooks["crm_objections"]["implemented_by"]
    assert hooks["crm_objections"]["scope"] == "workspace"
    assert hooks["crm_entities"]["scope"] == "process"
    assert hooks["crm_brief"]["arguments"] == ["subject", "now", "reader"]
    told = out(crm("hook", "explain", "crm_objections", "--json"))
    assert [each["name"] for each in told["arguments"]] == ["acts", "tx"]
    assert "at the moment of acting" in told["explanation"]
    functions = [(each["plugin"], each["function"]) for each in told["implemented_by"]]
    assert ("core.policy.quiet", "crmcore.policy.quiet.crm_objections") in functions
    assert "at the moment of acting" in crm("hook", "explain", "crm_objections").stdout
    for name in ("crm_nonesuch", "Act", "hook"):
        assert f"no hook {name}" in crm("hook", "explain", name, code=1).stderr


def test_the_doctor_is_content_with_a_sound_workspace(crm):
    crm("contact", "add", "李伟", "--customer", "华为")
    crm("interaction", "add", "called", "--contact", "李伟")
    told = out(crm("doctor", "--json"))
    assert {one["severity"] for one in told} == {"info"}
    assert all(set(one) == {"severity", "plugin", "hook", "message", "since"} for one in told)
    assert "2 records, 2 entries" in crm("doctor").stdout


def test_the_doctor_finds_what_is_wrong(crm, app):
    crm("contact", "add", "Ida Holm")
    crm("contact", "add", "Per Lund")
    crm("user", "add", "bob")
    crm("contact", "edit", "Per Lund", "--owner", "bob")
    with app.engine.begin() as connection:
        connection.execute(text("DELETE FROM name_index"))
        connection.execute(update(user_account).where(user_account.c.login == "bob").values(active=False))
    broken = {one["hook"]: one["message"] for one in out(crm("doctor", "--json", code=1)) if one["severity"] == "error"}
    assert broken == {
        "search index name_index": "2 records, 0 entries, 2 records missing", "owners": "1 records of users who left",
    }  # fmt: skip
    assert "error" in crm("doctor", code=1).stdout


def test_the_doctor_finds_a_reference_to_nothing(crm, app):
    crm("contact", "add", "Ida Holm", "--email", "ida@holm.example")
    if app.engine.dialect.name == "postgresql":
        assert found(crm("doctor", "--json"))["database"] == "sound"  # it never lets go of one
        return
    with closing(sqlite3.connect(app.engine.url.database)) as connection:  # which minds references only when told to
        connection.execute("UPDATE contact SET owner_id = 4711")
        connection.commit()
    assert "points at a user_account that is not there" in found(crm("doctor", "--json", code=1))["database"]


def test_the_doctor_says_why_a_workspace_cannot_be_opened(crm, tmp_path):
    other = tmp_path / "notes.txt"
    other.write_text("this is no database, but long enough to be looked at as if it were one")
    told = out(crm("doctor", "--json", code=1, CRM_DATABASE_URL=f"sqlite:///{other}"))
    assert [(one["severity"], one["hook"]) for one in told] == [("error", "workspace")]
    assert "notes.txt" in told[0]["message"]


def test_history_tells_who_did_what_and_why(crm):
    key = out(crm("contact", "add", "Ida Holm", "--json"))["id"]
    crm("user", "add", "mia", "--role", "manager")
    crm("contact", "edit", key, "--note", "prefers mornings", "--add-email", "ida@holm.example", CRM_USER="mia")

    entries = out(crm("history", key, "--json"))

    assert [entry["type"] for entry in entries] == ["contact.changed", "contact_point.created", "contact.created"]
    changed, point, created = entries
    assert (changed["actor"], changed["cause"]) == ("mia", "crm contact edit")
    assert changed["changes"] == [{"field": "note", "before": "", "after": "prefers mornings"}]
    assert point["data"]["value"] == "ida@holm.example"
    assert created["actor"] == "ann"
    assert out(crm("history", key, "--limit", 1, "--after", changed["id"], "--json")) == [point]
    assert "note: – -> prefers mornings" in crm("history", key).stdout
    assert "no record 99999" in crm("history", 99999, code=1).stderr


def test_a_plugin_that_fails_is_named_by_the_doctor(workspace):
    from crmcore.cli.root import COMMANDS
    from crmcore.health.examine import examine

    class Broken:
        @staticmethod
        @impl
        def crm_formats():
            raise RuntimeError("out of order")

    opened = App(workspace, plugins=[("broken", Broken)])
    opened.dispatcher.declared("crm_formats")
    (told,) = [one for one in examine(opened, COMMANDS) if one.severity == "error"]
    opened.close()
    assert (told.plugin, told.hook) == ("broken", "crm_formats")
    assert "RuntimeError: out of order" in told.message


def test_help_imports_no_database():
    """What the command line lists at start-up stays cheap: the modules of the commands import click only."""
    modules = ("contact", "customer", "user", "task", "interaction", "history", "plugin", "hook", "doctor", "consent")
    script = "; ".join([f"import crmcore.cli.{name}" for name in modules])
    script += (
        "; import sys; print(sorted(m for m in sys.modules if m in ('sqlalchemy', 'alembic', 'phonenumbers', 'rich')))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_an_id_no_database_holds_is_wrong_usage(crm):
    for command in (("interaction", "show"), ("task", "done"), ("history",)):
        assert "range" in crm(*command, 10**20, code=2).stderr
    assert "no contact" in crm("contact", "show", 10**20, code=1).stderr
