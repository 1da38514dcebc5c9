"""The hostile-plugin suite: whatever a plugin does, the core's commands work, no record is lost, and it is named.

Each case is a real distribution of tests/plugins/distributions, enabled in a workspace that has records; all of the
core's main commands are run beside it, on both databases. What cannot be isolated in one process, such as
`os._exit` and C code that writes over memory, is told of in docs/decisions/0012.
"""

import json
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import psycopg
import pytest
from attrs import evolve, field, frozen
from sqlalchemy import insert, select

from crmcore.app import App
from crmcore.engine.database import connect
from crmcore.engine.tables import metadata, setting
from crmcore.errors import Refused
from crmcore.model.party import Contact
from crmcore.plugins import limits, loading

_CHANGING = {
    "counter", "setting", "journal", "plugin", "finding", "hook_time", "subscription", "delivery", "schedule", "job",
    "worker",
}  # fmt: skip
"""Tables that the host itself keeps books in."""

CARD = "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Nora Berg\r\nEMAIL:nora@berg.example\r\nEND:VCARD\r\n"


@frozen(kw_only=True)
class Case:
    """A hostile distribution.

    `refuses` are the commands that it keeps from being done, each with a piece of the reason; `named` is what the
    doctor says of it: where, and a piece of the sentence. `enabling` is why it cannot be enabled at all.
    `is_kept` is said of what reaches the driver itself: it is noticed, but what was written until then stays.
    `figures` is what its line in `crm quality` counts at least, where it counts how often it was refused.
    """

    name: str
    also: tuple[str, ...] = ()
    named: tuple[tuple[str, str], ...] = ()
    refuses: Mapping[str, str] = field(factory=dict)
    enabling: str = ""
    seconds: Mapping[str, float] = field(factory=dict)
    environment: Mapping[str, str] = field(factory=dict)
    figures: int = 0
    importing: float = 5.0
    is_kept: bool = False
    label: str = ""


def crashing(hook: str, named: str = "RuntimeError: boom", **refuses: str) -> Case:
    refused = {name.replace("_", " "): why for name, why in refuses.items()}
    return Case(name="crashing", label=hook, environment={"CRASH_IN": hook}, named=((hook, named),), refuses=refused)


def digging(hook: str, what: str, said: str, **refuses: str) -> Case:
    refused = {name.replace("_", " "): why for name, why in refuses.items()}
    environment = {"DIG_IN": hook, "DIG_FOR": what}
    return Case(
        name="digging", label=f"{what}, {hook}", environment=environment, named=((hook, said),), refuses=refused
    )


def all_refused(why: str) -> dict[str, str]:
    return dict.fromkeys(("log", "customer_add", "import"), why)


CASES = (
    crashing("crm_formats"),
    crashing("crm_entities"),
    crashing("crm_references"),
    crashing("crm_brief"),
    crashing("crm_quality"),
    crashing("crm_before_save", **all_refused("Plugin crashing 0.1.0 failed in crm_before_save: RuntimeError: boom")),
    crashing("crm_apply", **all_refused("Plugin crashing 0.1.0 failed in crm_apply: RuntimeError: boom")),
    crashing("crm_on_event"),
    Case(name="quitting", named=(("crm_formats", "SystemExit: formats"),)),
    Case(name="interrupting", named=(("crm_brief", "KeyboardInterrupt"), ("crm_quality", "GeneratorExit"))),
    Case(name="bottomless", named=(("crm_brief", "RecursionError"), ("crm_quality", "RecursionError"))),
    Case(name="unspeakable", named=(("crm_brief", "Unspeakable"),)),
    Case(name="sleeping", seconds={"collect": 0.3}, named=(("crm_brief", "it may take 0.3 s"),)),
    Case(name="spinning", seconds={"collect": 0.3}, named=(("crm_quality", "it may take 0.3 s"),)),
    Case(name="endless", seconds={"collect": 0.3}, named=(("crm_quality", "it may take 0.3 s"),)),
    Case(name="stubborn", seconds={"collect": 0.3}, named=(("crm_brief", "it may take 0.3 s"),)),
    Case(
        name="stalling", seconds={"veto": 0.3}, named=(("crm_before_save", "it may take 0.3 s"),),
        refuses={"customer add": "Plugin stalling 0.1.0 failed in crm_before_save: cut off after 0.3 s"},
    ),
    Case(
        name="lingering", seconds={"apply": 0.3}, named=(("crm_apply", "it may take 0.3 s"),),
        refuses={"customer add": "Plugin lingering 0.1.0 failed in crm_apply: cut off after 0.3 s"},
    ),
    Case(name="wrong_types", named=(("crm_formats", "TypeError"),)),
    Case(name="mutating", figures=1),
    Case(name="leaking", named=(("crm_quality", "the process grew by"),)),
    Case(name="ending", figures=9),
    digging("crm_before_save", "commit", "tried to commit", **all_refused("Plugin digging 0.1.0")),
    digging("crm_apply", "commit", "tried to commit", **all_refused("Plugin digging 0.1.0")),
    digging("crm_apply", "rollback", "tried to roll back", **all_refused("Plugin digging 0.1.0")),
    digging("crm_apply", "close", "the host's transaction", **all_refused("Plugin digging 0.1.0")),
    digging("crm_apply", "quiet commit", "unseen", **all_refused("Plugin digging 0.1.0")),
    evolve(digging("crm_apply", "driver", "unseen", **all_refused("Plugin digging 0.1.0")), is_kept=True),
    digging("crm_apply", "sql", "its own SQL", **all_refused("Plugin digging 0.1.0")),
    digging("crm_apply", "text", "its own SQL", **all_refused("Plugin digging 0.1.0")),
    digging("crm_brief", "close", "crm_brief"),
    Case(name="trespassing", figures=12),
    Case(name="recursing", named=(("crm_brief", "Plugin recursing opens the workspace within crm_brief"),)),
    Case(name="patching", enabling="its import changed pluggy._manager.PluginManager.register"),
    Case(name="slow_import", named=(("import", "its import took 1."),)),
    Case(name="hanging_import", importing=0.5, enabling="cut off after 0.5 s"),
    Case(name="printing"),
    Case(name="moving", named=(("import", "the working folder, the locale"),)),
    Case(name="misannotated", enabling="crm_quality: the answer is"),
    Case(name="unmarked", enabling="crm_brief is not marked with @impl"),
    Case(name="misspelt", enabling="there is no hook crm_breif; did you mean crm_brief?"),
    Case(name="table_thief", also=("dummy",), enabling="is taken by crmcore-dummy"),
    Case(name="core_thief", enabling="is taken by crmcore"),
    Case(
        name="command_thief", also=("dummy",), enabling="command",
        named=(("command", "the command brief is the core's"), ("command", "the command dummy is brought by")),
    ),
    Case(name="broken_command"),
    Case(name="no_version", enabling="its metadata has no version", named=(("plugin", "no version"),)),
    Case(name="unreadable", enabling="“crmcore ~~ one” cannot be read", named=(("plugin", "cannot be read"),)),
    Case(name="to_nothing", enabling="No module named 'crmcore_to_nothing.nowhere'"),
    Case(name="damaged", enabling="entry points cannot be read", named=(("plugin", "entry points"),)),
    Case(name="bare", enabling="its metadata has no name", named=(("plugin", "no name"),)),
    Case(name="needs_library", enabling="needs a-library-that-is-not-there>=2", named=(("plugin", "not installed"),)),
    Case(name="muddled", enabling="TypeError"),
    Case(name="broken_import", enabling="a_library_that_is_not_there"),
    Case(name="wrong_name", enabling="does not declare itself"),
    Case(name="needs_absent", enabling="absent"),
    Case(name="circle_a", also=("circle_b",), enabling="circle"),
    Case(name="half_way", enabling="cannot be brought up to date"),
    Case(name="two_heads", enabling="do not form one line"),
    Case(name="grabbing", enabling="touch “contact”"),
    Case(name="bad_format"),
)  # fmt: skip


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder for the workspaces that others are copied from."""
    return tmp_path_factory.mktemp("base")


@pytest.fixture
def stocked(url: str, base: Path, request: pytest.FixtureRequest) -> str:
    """The address of a workspace with records, copied from one that is made once for each database."""
    if url.startswith("sqlite"):
        made = base / "base.db"
        if not made.exists():
            _stock(f"sqlite:///{made}")
        shutil.copy(made, url.removeprefix("sqlite:///"))
        return url
    server = request.getfixturevalue("postgresql")
    known = base / "base.txt"
    if not known.exists():
        known.write_text(server.new_database())
        _stock(known.read_text())
    name, template = (one.split("/")[3].split("?")[0] for one in (url, known.read_text()))
    with psycopg.connect(server.url, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    return url


def _stock(url: str) -> None:
    from click.testing import CliRunner

    from crmcore.cli import crm

    environment = {"CRM_DATABASE_URL": url, "CRM_USER": "ann", "CRM_LANG": "en"}
    for line in (
        ["init", "--region", "NO", "--zone", "Europe/Oslo"],
        ["customer", "add", "Holm AS"],
        ["contact", "add", "Ida Holm", "--customer", "Holm AS", "--email", "ida@holm.example"],
        ["log", "call with Ida Holm about the offer, send price list tomorrow"],
    ):
        done = CliRunner().invoke(crm, line, env=environment)
        assert done.exit_code == 0, done.output


def _records(url: str) -> dict[tuple[str, Any], Any]:
    """Return every record of the core by table and key."""
    engine = connect(url)
    try:
        with engine.connect() as connection:
            return {
                (table.name, tuple(getattr(row, key.name) for key in table.primary_key)): tuple(row)
                for table in metadata.sorted_tables
                if table.name not in _CHANGING
                for row in connection.execute(select(table))
            }
    finally:
        engine.dispose()


COMMANDS: dict[str, tuple[str, ...]] = {
    "brief": ("brief", "Ida Holm", "--json"),
    "search": ("search", "Holm", "--json"),
    "due": ("due", "--json"),
    "quality": ("quality", "--json"),
    "customer list": ("customer", "list", "--json"),
    "export": ("export", "out.csv", "--format", "csv", "--json"),
    "plugin list": ("plugin", "list", "--json"),
    "hook list": ("hook", "list", "--json"),
    "log": ("log", "call with Ida Holm about the weather", "--json"),
    "customer add": ("customer", "add", "Lund AS", "--json"),
    "import": ("import", "nora.vcf", "--json"),
}
MADE = {"log": "interaction", "customer add": "customer", "import": "contact"}


@pytest.mark.parametrize("case", CASES, ids=[f"{case.name}{f'-{case.label}' if case.label else ''}" for case in CASES])
def test_the_host_lives_with(case: Case, here: Any, stocked: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(
        limits.SECONDS, "declare", case.importing
    )  # what an import may take is no setting of a workspace
    here.environment["CRM_DATABASE_URL"] = stocked
    Path("nora.vcf").write_text(CARD)
    _set(stocked, {f"hook.seconds.{kind}": value for kind, value in case.seconds.items()} | {"hook.megabytes": 80})
    here.install(*case.also, case.name)
    before = _records(stocked)

    _enable(here, case)
    for name, line in COMMANDS.items():
        why = case.refuses.get(name)
        done = here.crm(*line, code=0 if why is None else 1, **case.environment)
        if why is None:
            json.loads(done.stdout)
        else:
            assert why in done.stderr
    told = json.loads(here.crm("doctor", "--json", code=None, **case.environment).stdout)
    here.crm("plugin", "list")

    _must_be_whole(
        before, _records(stocked), [kind for name, kind in MADE.items() if name not in case.refuses or case.is_kept]
    )
    for hook, said in case.named:
        assert [one for one in told if case.name.replace("_", "-") in one["plugin"].replace("_", "-")
                and hook == one["hook"] and said in one["message"]], told  # fmt: skip
    if case.figures:
        (figure,) = [
            one for one in json.loads(here.crm("quality", "--json").stdout)["figures"] if one["title"] == "refused"
        ]
        assert figure["total"] >= case.figures


def _set(url: str, values: Mapping[str, float]) -> None:
    engine = connect(url)
    with engine.begin() as connection:
        connection.execute(insert(setting), [{"name": name, "value": value} for name, value in values.items()])
    engine.dispose()


def _enable(here: Any, case: Case) -> None:
    for name in case.also:
        if not case.enabling or name == "dummy":
            here.crm("plugin", "enable", name)
    done = here.crm("plugin", "enable", case.name, code=1 if case.enabling else 0)
    if case.enabling:
        assert case.enabling in done.stderr
        assert case.name in done.stderr


def _must_be_whole(before: Mapping[Any, Any], after: Mapping[Any, Any], made: list[str]) -> None:
    """Assert that every record is as it was, and that the commands made what they should and nothing else did."""
    assert {key: after.get(key) for key in before} == before
    fresh = [table for table, _key in after.keys() - before.keys() if table in MADE.values()]
    assert sorted(fresh) == sorted(made)


def test_two_distributions_that_bring_one_plugin_are_both_named(here: Any, stocked: str) -> None:
    here.environment["CRM_DATABASE_URL"] = stocked
    here.install("dummy", "namesake")
    why = "both crmcore-dummy and crmcore-namesake bring it"
    refused = here.crm("plugin", "enable", "dummy", code=1).stderr
    assert "crmcore-dummy" in refused
    assert "crmcore-namesake" in refused
    here.crm("log", "call with Ida Holm about the weather")
    (told,) = [one for one in json.loads(here.crm("doctor", "--json", code=1).stdout) if one["severity"] == "error"]
    assert (told["plugin"], told["hook"]) == ("dummy", "plugin")
    assert why in told["message"] or "crmcore-namesake and crmcore-dummy" in told["message"]


def test_a_distribution_that_is_there_twice_in_two_versions_is_named(here: Any, stocked: str) -> None:
    here.environment["CRM_DATABASE_URL"] = stocked
    here.install("dummy")
    shutil.copytree(here.folder / "crmcore_dummy-0.1.0.dist-info", here.folder / "crmcore_dummy-0.0.9.dist-info")
    older = here.folder / "crmcore_dummy-0.0.9.dist-info" / "METADATA"
    older.write_text(older.read_text().replace("0.1.0", "0.0.9"))
    assert "crmcore-dummy is there twice" in here.crm("plugin", "enable", "dummy", code=1).stderr
    here.crm("log", "call with Ida Holm about the weather")
    told = json.loads(here.crm("doctor", "--json", code=1).stdout)
    assert [one["plugin"] for one in told if one["severity"] == "error"] == ["dummy"]


@pytest.mark.parametrize(("where", "hook"), [("sniff", "format bad"), ("read", "format bad")])
def test_a_format_that_fails_is_named_and_other_files_are_read(here: Any, stocked: str, where: str, hook: str) -> None:
    here.environment["CRM_DATABASE_URL"] = stocked
    here.install("bad_format")
    here.crm("plugin", "enable", "bad_format")
    Path("nora.vcf").write_text(CARD)
    Path("nora.bad").write_text("whatever")
    if where == "read":
        assert (
            "Plugin bad_format 0.1.0 failed in format bad: SystemExit: reading"
            in here.crm("import", "nora.bad", code=1).stderr
        )
    here.crm("import", "nora.vcf", BAD_FORMAT=where)
    told = json.loads(here.crm("doctor", "--json", code=1).stdout)
    assert [(one["plugin"], one["hook"]) for one in told if one["severity"] == "error"] == [("bad_format", hook)]


def test_a_plugin_that_disappears_between_two_commands_and_while_a_process_runs(here: Any, stocked: str) -> None:
    here.environment["CRM_DATABASE_URL"] = stocked
    here.install("dummy")
    here.crm("plugin", "enable", "dummy")
    running = App(stocked)
    here.crm("contact", "add", "Nora Berg")
    before = _records(stocked)

    here.remove("dummy")
    for name in [name for name in sys.modules if name.startswith("crmcore_dummy")]:
        del sys.modules[name]
    loading._IMPORTED.clear()
    with running.transaction(running.actor("ann")) as tx:  # what was loaded goes on to work
        tx.add(Contact(name="Per Lund"))
        with pytest.raises(Refused, match="no Forbidden"):
            tx.add(Contact(name="Forbidden"))
            tx.flush()
        tx.abandon()
    running.close()
    here.crm("brief", "Ida Holm")
    here.crm("customer", "add", "Lund AS")
    told = json.loads(here.crm("doctor", "--json", code=1).stdout)
    (said,) = [one for one in told if one["plugin"] == "dummy" and one["severity"] == "error"]
    assert "no longer installed; its data is kept" in said["message"]
    _must_be_whole(before, _records(stocked), ["customer"])
