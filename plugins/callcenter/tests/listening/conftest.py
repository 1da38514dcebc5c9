"""Telephone systems that play recordings, and listeners that are not patient."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from crmcore_callcenter import tables
from crmcore_callcenter.freeswitch.wire import Frames
from crmcore_callcenter.listening.lines import add
from crmcore_callcenter.listening.pace import Pace
from crmcore_callcenter.listening.running import Listener
from sqlalchemy import select

from crmcore.app import App
from crmcore.testing.asterisk_channels import Message
from crmcore.testing.asterisk_server import TelephoneSystem
from crmcore.testing.freeswitch_server import TelephoneSystem as FreeSwitch
from crmcore.testing.freeswitch_server import rows

QUICK = Pace(open=5, quiet=0.5, answer=0.5, first=0.01, longest=0.05, refused=0.05, gather=0.02, renew=0.2)


class Ears:
    """Listening in tests, and what is known afterwards."""

    pace = QUICK

    def add_line(self, app: App, system: TelephoneSystem, password: str, **more: Any) -> int:
        with app.transaction() as tx:
            values = {
                "name": "HQ", "kind": system.kind, "address": system.address, "login": system.login,
                "password": password,
            }  # fmt: skip
            return add(tx, values | more).id

    @contextmanager
    def listening(self, app: App, said: list[str], pace: Pace = QUICK):
        """Listen in a thread of its own; what it was told is in `said`, what it heard in the list that is given."""
        listener, heard = Listener(app=app, say=said.append, pace=pace), []
        thread = Thread(target=lambda: heard.append(listener.run()), daemon=True)
        thread.start()
        try:
            yield heard
        finally:
            listener.stop.set()
            thread.join(30)
            assert not thread.is_alive()

    def facts(self, app: App) -> dict[str, dict[str, Any]]:
        """Return what is known of all calls but when they were, by their ids."""
        c, g = tables.call.c, tables.leg.c
        with app.read() as reader:
            keys: dict[int, list[str]] = {}
            for row in reader.rows(select(tables.call_key.c.call_id, tables.call_key.c.value).order_by("value")):
                keys.setdefault(row.call_id, []).append(row.value)
            legs: dict[int, list[Any]] = {}
            columns = (g.call_id, g.place, g.device, g.number, g.answered, g.reason, g.transfer)
            for row in reader.rows(select(*columns).order_by(g.call_id, g.place)):
                legs.setdefault(row.call_id, []).append(tuple(row[1:]))
            columns = (c.id, c.direction, c.from_number, c.to_number, c.status, c.transfers, c.answered,
                       c.abandoned, c.reason)  # fmt: skip
            return {
                " ".join(keys[row.id]): {**row._mapping, "id": 0, "legs": legs.get(row.id, [])}
                for row in reader.rows(select(*columns))
            }

    def differences(self, found: dict[str, dict[str, Any]], wanted: dict[str, dict[str, Any]]) -> list[Any]:
        """Return what is known otherwise, field by field."""
        odd: list[Any] = [("missing", each) for each in wanted if each not in found]
        odd += [("more", each) for each in found if each not in wanted]
        for name in wanted.keys() & found.keys():
            one, other = found[name], wanted[name]
            odd += [(name.split()[0], field, one[field], other[field]) for field in one if one[field] != other[field]]
        return odd

    def stamped(self, messages: list[dict[str, str]]) -> list[dict[str, str]]:
        """Return a recording as Asterisk writes it with `timestampevents=yes`."""
        uid = next(each["Uniqueid"] for each in messages if "Uniqueid" in each)
        begun = int(uid.rpartition("-")[2].partition(".")[0])
        return [{**each, "Timestamp": f"{begun + 0.05 * place:.6f}"} for place, each in enumerate(messages)]

    def heard_whole(self, app: App, system: TelephoneSystem, password: str) -> list[str]:
        """Listen until all is said and taken in; return what the listener told."""
        self.add_line(app, system, password)
        said: list[str] = []
        with self.listening(app, said):
            assert system.finished.wait(60), said
        system.close()
        return said


@pytest.fixture(scope="session")
def ears() -> Ears:
    return Ears()


@pytest.fixture(scope="session")
def recordings(realworld) -> list[list[dict[str, str]]]:
    found = sorted((realworld / "telephony" / "VoIPGRID_cacofonisk").rglob("*.json"))
    assert len(found) == 26
    return [json.loads(each.read_text()) for each in found]


@pytest.fixture
def password(monkeypatch) -> str:
    monkeypatch.setenv("ASTERISK_SECRET", TelephoneSystem.secret)
    return "env:ASTERISK_SECRET"


@pytest.fixture(scope="session")
def hear_uncut(ears, crm_databases, tmp_path_factory) -> Callable[[TelephoneSystem], dict[str, Any]]:
    """Tells what is known of the calls of a telephone system where nothing is cut off."""
    from crmcore.testing.workspace import Workspace

    def hear(system: TelephoneSystem) -> dict[str, Any]:
        workspace = Workspace(crm_databases.new("sqlite", tmp_path_factory.mktemp("uncut")))
        app = workspace.open("callcenter")
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("ASTERISK_SECRET", system.secret)
            ears.heard_whole(app, system, "env:ASTERISK_SECRET")
        found = ears.facts(app)
        workspace.close()
        return found

    return hear


@pytest.fixture(scope="session")
def uncut(hear_uncut, recordings) -> dict[str, Any]:
    """What is known of the calls of all recordings where nothing was cut off."""
    return hear_uncut(TelephoneSystem([each for one in recordings for each in one]))


@pytest.fixture(scope="session")
def streams(realworld) -> list[list[Message]]:
    """What a FreeSWITCH told: the events of a call and of those it was joined with, for each."""
    folder = Path(__file__).parents[1] / "data" / "esl"
    found = [one for name in ("calls.esl", "transfers.esl") for one in _apart(_events(folder / name))]
    recorded = _events(realworld / "telephony" / "friends-of-freeswitch_switchio" / "eventstream2.txt")
    found.append([*recorded, *_hung_up(recorded)])
    assert len(found) == 19
    return found


@pytest.fixture(scope="session")
def uncut_streams(hear_uncut, streams) -> dict[str, Any]:
    """What is known of the calls of all streams where nothing was cut off."""
    found = hear_uncut(FreeSwitch([each for one in streams for each in one]))
    assert {one["status"] for one in found.values()} == {"ended"}
    return found


def _events(path: Path) -> list[Message]:
    return [dict(one.event) for one in Frames().feed(path.read_bytes()) if one.event.get("Event-Name")]


def _apart(events: list[Message]) -> Iterator[list[Message]]:
    """Yield the events from one moment when nobody telephones to the next."""
    began = 0
    for place in range(1, len(events) + 1):
        begins = place == len(events) or events[place]["Event-Name"] == "CHANNEL_CREATE"
        if begins and not rows(events[began:place]):
            yield events[began:place]
            began = place


def _hung_up(events: list[Message]) -> Iterator[Message]:
    """Yield the end of a call, of which a recording does not tell."""
    last = next(one for one in reversed(events) if "Unique-ID" in one)
    for number, name in enumerate(("CHANNEL_HANGUP", "CHANNEL_HANGUP_COMPLETE"), 1):
        at, sequence = int(last["Event-Date-Timestamp"]), int(last["Event-Sequence"])
        yield last | {
            "Event-Name": name, "Event-Date-Timestamp": str(at + 30_000_000 + number),
            "Event-Sequence": str(sequence + 100 + number), "Hangup-Cause": "NORMAL_CLEARING",
        }  # fmt: skip
