"""Settings, the core's and a plugin's: declared, set, checked, and seen by whoever runs; secrets are never kept."""

import json
from collections.abc import Callable
from types import SimpleNamespace

import pytest
from click.testing import Result
from sqlalchemy import insert, select

from crmcore.app import App
from crmcore.engine import tables
from crmcore.engine.settings import catalogue
from crmcore.errors import Denied, InvalidInput, NotFound, PluginError
from crmcore.hooks.kinds import impl
from crmcore.hooks.settings import Setting
from crmcore.model.user import User
from crmcore.settings.changing import change
from crmcore.settings.secrets import secret

Crm = Callable[..., Result]


def shop(*declared: Setting) -> SimpleNamespace:
    """A plugin with settings, which answers what they are where plugins read."""

    @impl
    def crm_settings() -> list[Setting]:
        return list(declared)

    return SimpleNamespace(crm_settings=crm_settings)


def even(value: int) -> str:
    return "" if value % 2 == 0 else f"{value} is odd."


MANY = Setting(name="many", title="How many", kind="number", whole=True, minimum=0, maximum=8, default=4, check=even)
PASSWORD = Setting(name="password", title="Password", secret=True)
MAIL = Setting(name="mail.from", title="From", kind="email")


def test_a_plugin_s_settings_are_set_read_and_taken_back_and_other_programs_see_it(workspace: str) -> None:
    app, other = (App(workspace, plugins=[("shop", shop(MANY, PASSWORD, MAIL))]) for _each in range(2))
    with other.read() as reader:
        assert (reader.setting("shop.many"), reader.setting("shop.mail.from")) == (4, "")
    before = other.assembly.generation
    with app.transaction() as tx:
        assert change(tx, "shop.many", " 6 ") == 6
        assert change(tx, "shop.mail.from", "Sales@Example.COM") == "sales@example.com"
        assert tx.setting("shop.many") == 6
    with other.read() as reader:
        assert reader.setting("shop.many") == 6
        assert other.assembly.generation > before
        told = reader.rows(select(tables.journal.c.data).where(tables.journal.c.type == "setting.changed"))
    assert [row.data for row in told] == [{"shop.many": [None, 6]}, {"shop.mail.from": [None, "sales@example.com"]}]
    with app.transaction() as tx:
        assert change(tx, "shop.many", None) == 4
    with other.read() as reader:
        assert reader.setting("shop.many") == 4
        assert "shop.many" not in reader.settings()
        with pytest.raises(NotFound, match=r"no setting “shop.few”"):
            reader.setting("shop.few")


@pytest.mark.parametrize(
    ("name", "said", "told"),
    [
        ("shop.many", "3", "shop.many: 3 is odd."),
        ("shop.many", "10", "shop.many: 10 is more than 8."),
        ("shop.many", "2.5", "shop.many: 2.5 is not a whole number."),
        ("shop.many", "four", "shop.many: “four” is not a number."),
        ("shop.many", " ", "shop.many: nothing is said; `crm setting unset` takes a setting back."),
        ("shop.mail.from", "nobody", "shop.mail.from: “nobody” is not an e-mail address."),
        ("currency", "yuan", "currency: “yuan” is no currency; write its three letters (ISO 4217), such as CNY."),
        ("region", "China", "region: “China” is no country; write its two letters (ISO 3166), such as CN."),
        ("delivery", "never", "delivery cannot be “never”; it is one of commands, worker."),
        ("hook.seconds.veto", "0", "hook.seconds.veto: 0 is less than 0.001."),
    ],
)
def test_a_wrong_value_is_told_in_one_sentence_and_not_set(workspace: str, name: str, said: str, told: str) -> None:
    app = App(workspace, plugins=[("shop", shop(MANY, MAIL))])
    with app.transaction() as tx, pytest.raises(InvalidInput) as raised:
        change(tx, name, said)
    assert str(raised.value) == told
    with app.read() as reader:
        assert name not in reader.settings() or name == "region"


def test_a_secret_is_read_where_it_lies_and_never_kept(app: App, workspace: str, tmp_path, monkeypatch) -> None:
    app = App(workspace, plugins=[("shop", shop(PASSWORD, MANY))])
    with app.transaction() as tx:
        for said in ("hunter2", "env:", "env:two words", "file:relative/path"):
            with pytest.raises(InvalidInput) as raised:
                change(tx, "shop.password", said)
            assert "hunter2" not in str(raised.value)
            assert "env:VARIABLE" in str(raised.value)
    with app.transaction() as tx:
        assert secret(tx, "shop.password") == ""
        change(tx, "shop.password", "env:SHOP_PASSWORD")
        assert tx.setting("shop.password") == "env:SHOP_PASSWORD"
        with pytest.raises(InvalidInput, match=r"variable SHOP_PASSWORD, which shop.password names, is not set here"):
            secret(tx, "shop.password")
        monkeypatch.setenv("SHOP_PASSWORD", "hunter2")
        assert secret(tx, "shop.password") == "hunter2"
        with pytest.raises(InvalidInput, match=r"shop.many is no secret"):
            secret(tx, "shop.many")
    place = tmp_path / "password"
    with app.transaction() as tx:
        change(tx, "shop.password", f"file:{place}")
        with pytest.raises(InvalidInput, match=r"cannot be read"):
            secret(tx, "shop.password")
        place.write_text("correct horse\n")
        assert secret(tx, "shop.password") == "correct horse"
    with app.engine.connect() as connection:
        kept = connection.execute(select(tables.setting.c.value)).scalars().all()
        kept += connection.execute(select(tables.journal.c.data)).scalars().all()
    assert not any("hunter2" in str(each) or "horse" in str(each) for each in kept)


def test_only_an_administrator_sets_and_what_others_wrote_is_judged_when_it_is_read(app: App) -> None:
    with app.transaction() as tx:
        tx.add(User(login="bob", name="Bob", role="manager"))
    told = r"Only an administrator changes settings; bob is manager"
    with pytest.raises(Denied, match=told), app.transaction(app.actor("bob")) as tx:
        change(tx, "zone", "Asia/Shanghai")
    with app.transaction() as tx:
        tx.begin()
        tx.connection.execute(insert(tables.setting).values(name="entry.fields", value="many"))
        with pytest.raises(InvalidInput, match=r"entry.fields is many, which is no number"):
            tx.setting("entry.fields")


def test_of_two_plugins_that_keep_a_setting_under_one_name_the_first_has_it_and_a_broken_check_is_named(
    workspace: str,
) -> None:
    def broken(_value: str) -> str:
        raise RuntimeError("gone")

    first = shop(Setting(name="prefix", title="Prefix", kept_as="prefix", check=broken))
    second = shop(Setting(name="start", title="Start", kept_as="prefix"), Setting(name="own", title="Own"))
    third = shop(Setting(name="zone", title="Zone", kept_as="zone"))
    app = App(workspace, plugins=[("first", first), ("second", second), ("third", third)])
    known = catalogue(app.dispatcher)
    assert known["first.prefix"].kept == "prefix"
    assert known["zone"].plugin == "core"
    assert not {"second.start", "second.own", "third.zone"} & known.keys()
    assert {one.plugin for one in app.dispatcher.failures} == {"second", "third"}
    with app.transaction() as tx, pytest.raises(PluginError, match=r"first.*gone"):
        change(tx, "first.prefix", "A")


def test_a_setting_that_makes_no_sense_is_refused_where_it_is_written() -> None:
    for wrong in (
        {"name": "Two Words"},
        {"name": "a", "kind": "whole"},
        {"name": "a", "kind": "number", "default": "4"},
        {"name": "a", "kind": "choice"},
        {"name": "a", "kind": "choice", "choices": ("x",), "default": "y"},
        {"name": "a", "secret": True, "default": "x"},
    ):
        with pytest.raises(ValueError, match=r"setting|must be in"):
            Setting(title="T", **wrong)


def test_the_command_shows_sets_and_takes_back(crm: Crm) -> None:
    shown = {one["name"]: one for one in json.loads(crm("setting", "list", "--json").stdout)}
    assert {"zone", "region", "currency", "delivery.attempts", "entry.fields", "quality.stale_months"} <= shown.keys()
    assert (shown["delivery.depth"]["value"], shown["delivery.depth"]["set"]) == (8, False)
    done = json.loads(crm("setting", "set", "delivery.depth", "3", "--json").stdout)
    assert (done["value"], done["default"], done["set"]) == (3, 8, True)
    assert [one["name"] for one in json.loads(crm("setting", "list", "depth", "--set", "--json").stdout)] == [
        "delivery.depth"
    ]
    assert "delivery.depth is now 8." in crm("setting", "unset", "delivery.depth").stderr
    assert "Seconds" in crm("setting", "show", "entry.seconds").stdout
    crm("quality", "stale-after", "12")
    crm("process", "budget", "--fields", "7")
    assert json.loads(crm("setting", "show", "quality.stale_months", "--json").stdout)["value"] == 12
    assert json.loads(crm("setting", "show", "entry.fields", "--json").stdout)["value"] == 7
    assert "is not a number" in crm("setting", "set", "hook.megabytes", "much", code=1).stderr
