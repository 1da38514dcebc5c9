"""What goes wrong while listening: passwords, dead connections, a database that refuses, kills, two listeners."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from random import Random
from typing import Any

import pytest
from crmcore_callcenter import tables
from sqlalchemy import event, select
from sqlalchemy.exc import OperationalError

from crmcore.testing.asterisk_server import TelephoneSystem, chances

PATIENCE = 20.0


def until(what: Callable[[], Any]) -> Any:
    ends = time.monotonic() + PATIENCE
    while not (found := what()):
        assert time.monotonic() < ends
        time.sleep(0.02)
    return found


def hearing(app) -> Any:
    with app.read() as reader:
        return reader.first(select(tables.hearing))


def process(app, **environment: str) -> subprocess.Popen:
    given = {**os.environ, "CRM_DATABASE_URL": app.url, "CRM_USER": "ann", "CRM_LANG": "en", **environment}
    return subprocess.Popen(
        [sys.executable, "-m", "crmcore.cli", "callcenter", "listen"], env=given, stderr=subprocess.PIPE, text=True
    )


def test_a_wrong_password_is_said_once_and_the_right_one_is_found(crm_app, crm_run, ears, monkeypatch):
    app = crm_app("callcenter")
    system = TelephoneSystem([], stays=True, md5_offered=False)
    monkeypatch.setenv("ASTERISK_SECRET", "wrong")
    ears.add_line(app, system, "env:ASTERISK_SECRET")
    said: list[str] = []
    with ears.listening(app, said):
        until(lambda: system.refused > 3)
        refusal = "HQ: Asterisk refuses the login “crm”: Authentication failed (it is tried again)"
        assert said == [refusal]
        assert until(lambda: hearing(app).state) == "refused"
        doctor = json.dumps(crm_run("doctor", "--json", code=1).json, ensure_ascii=False)
        assert "Telephone line HQ is not heard: Asterisk refuses the login “crm”" in doctor
        monkeypatch.setenv("ASTERISK_SECRET", system.secret)
        until(lambda: hearing(app).state == "listening")
        assert said[1:] == ["HQ: listening."]
    assert hearing(app).state == "stopped"
    assert "wrong" not in json.dumps(crm_run("callcenter", "line", "show", "HQ", "--json").json)
    system.close()


def test_a_dead_connection_is_noticed_and_a_database_that_refuses_loses_nothing(
    crm_app, ears, recordings, password, uncut
):
    app, random = crm_app("callcenter"), Random(5)  # noqa: S311 # the same in every run
    messages = [each for one in recordings for each in one]
    system = TelephoneSystem(messages, cut=chances(random, 20_000, 90_000, times=6), every=0.0005)
    ears.add_line(app, system, password)
    said: list[str] = []
    refuses = [False]

    def refuse(_connection: Any) -> None:
        if refuses[0]:
            raise OperationalError("COMMIT", {}, Exception("the disk is full"))

    event.listen(app.engine, "engine_connect", refuse)
    with ears.listening(app, said):
        until(lambda: system.said_so_far > 300)
        system.mute = True
        logins = system.logins
        until(lambda: any("Nobody answers any more" in each for each in said))
        system.mute = False
        until(lambda: system.logins > logins)
        refuses[0] = True
        until(lambda: system.said_so_far > 1_000)
        time.sleep(0.3)
        refuses[0] = False
        assert system.finished.wait(PATIENCE)
    event.remove(app.engine, "engine_connect", refuse)
    assert any("refuses" in each for each in said)
    assert not ears.differences(ears.facts(app), uncut)
    system.close()


def killed(app, crm_run, ears, recordings, tmp_path, uncut, *, kills: int) -> None:
    """Kill listeners at random while all recordings are played; a last one hears the end."""
    random = Random(kills)  # noqa: S311 # the same in every run
    nobody = "c4061ca6474c-1531991990.1529"
    told = [one for one in recordings if not any(each.get("Uniqueid") == nobody for each in one)]
    messages = [each for one in told for each in ears.stamped(one)]
    uncut = {name: one for name, one in uncut.items() if nobody not in name}
    system = TelephoneSystem(messages, every=0.001)
    ears.add_line(app, system, "env:ASTERISK_SECRET")
    for _kill in range(kills):
        running, logins = process(app), system.logins
        until(lambda logins=logins: system.logins > logins or system.finished.is_set())
        time.sleep(random.uniform(0.05, 2.0 / kills))
        running.send_signal(signal.SIGKILL)
        running.communicate()
    said: list[str] = []
    with ears.listening(app, said):
        assert system.finished.wait(60)
    known = ears.facts(app)
    assert {one["status"] for one in known.values()} == {"ended"}
    of = {key: name for name in uncut for key in name.split()}
    assert all(len({of[key] for key in name.split()}) == 1 for name in known)
    missed = tmp_path / "missed.json"
    missed.write_text(json.dumps(messages))
    crm_run("import", missed, "--format", "asterisk-ami")
    assert not ears.differences(ears.facts(app), uncut)
    system.close()


def test_a_listener_that_is_killed_loses_and_doubles_no_call(
    crm_app, crm_run, ears, recordings, password, uncut, tmp_path
):
    killed(crm_app("callcenter"), crm_run, ears, recordings, tmp_path, uncut, kills=2)


@pytest.mark.drill
@pytest.mark.parametrize("round_", range(3))
def test_drill_listeners_that_are_killed_again_and_again(
    crm_app, crm_run, ears, recordings, password, uncut, tmp_path, round_
):
    killed(crm_app("callcenter"), crm_run, ears, recordings, tmp_path, uncut, kills=10 + round_)


def test_a_second_listener_waits_and_takes_over_and_sigterm_ends_cleanly(crm_app, ears, password):
    app = crm_app("callcenter")
    system = TelephoneSystem([], stays=True)
    ears.add_line(app, system, password)
    first = process(app)
    until(lambda: (row := hearing(app)) and row.state == "listening")
    said: list[str] = []
    with ears.listening(app, said):
        until(lambda: said)
        assert said == [f"{hearing(app).holder} listens to HQ; we take over when it ends."]
        assert system.logins == 1
        first.send_signal(signal.SIGKILL)
        first.communicate()
        until(lambda: system.logins == 2)
    second = process(app)
    until(lambda: system.logins == 3)
    with app.read() as reader:
        assert reader.value(select(tables.hearing.c.holder)).endswith(f":{second.pid}")
    second.send_signal(signal.SIGTERM)
    _out, told = second.communicate(timeout=PATIENCE)
    assert second.returncode == 0
    assert told.splitlines()[0] == "HQ: listening."
    assert told.splitlines()[-1].startswith("HQ: 0 events; from what was received to its commit 0 ms (p50)")
    assert hearing(app).state == "stopped"
    system.close()
