"""Call events that any telephone system posts: by a page and by a command; each once, each whole or not at all."""

import http.client
import json
from pathlib import Path

import pytest
from crmcore_callcenter import tables
from crmcore_callcenter.listening.lines import add
from sqlalchemy import func, select

from crmcore.testing.web import serving

PAGE = Path(__file__).parents[4] / "docs" / "reference" / "call-events.md"
KEY = "a key that nobody guesses: 7f3a"
CALL = [
    {"event": "begin", "call": "9f1", "at": "2026-11-24T09:00:00+08:00", "from": "+8613800000007", "to": "02155501000"},
    {"event": "ring", "call": "9f1", "at": "2026-11-24T09:00:02+08:00", "target": "201"},
    {"event": "answer", "call": "9f1", "at": "2026-11-24T09:00:09+08:00", "target": "201"},
    {"event": "hangup", "call": "9f1", "at": "2026-11-24T09:04:09+08:00", "reason": "completed"},
]


@pytest.fixture
def line(office, monkeypatch):
    monkeypatch.setenv("CALL_EVENTS_KEY", KEY)
    with office.app.transaction() as tx:
        return add(tx, {"name": "Branch", "code": "branch", "kind": "post", "password": "env:CALL_EVENTS_KEY"}).id


def post(place: tuple[str, int], body: bytes, key: str | None = KEY) -> tuple[int, dict]:
    connection = http.client.HTTPConnection(*place, timeout=10)
    headers = {"Authorization": f"Bearer {key}"} if key is not None else {}
    connection.request("POST", "/calls/events", body=body, headers=headers)
    answer = connection.getresponse()
    return answer.status, json.loads(answer.read() or b"{}")


def calls(office) -> list:
    c = tables.call.c
    with office.app.read() as reader:
        columns = (c.contact_id, c.system, c.status, c.talk_seconds, c.answered, c.direction)
        return [tuple(row) for row in reader.rows(select(*columns).order_by(c.id))]


def test_what_a_telephone_system_posts_is_taken_once(office, line, monkeypatch):
    with serving(office.app) as place:
        for key in (None, "", "wrong", "geheim"):
            assert post(place, json.dumps(CALL).encode(), key)[0] == 401
        assert not calls(office)
        assert post(place, json.dumps(CALL[:3]).encode()) == (200, {"taken": 3, "known": 0, "refused": []})
        lines = "\n".join(json.dumps(one) for one in reversed(CALL)).encode()
        assert post(place, lines) == (200, {"taken": 1, "known": 3, "refused": []})
        assert calls(office) == [(office.contacts[7], "branch", "ended", 240, True, "in")]
        odd = b'{"event": "hangup", "call": "9f2", "at": "yesterday"}\n{"event": "rang", "call": "9f2"}\nnothing\n'
        status, told = post(place, odd + json.dumps(CALL[0] | {"call": "9f3"}).encode())
        assert (status, told["taken"], [one["line"] for one in told["refused"]]) == (200, 1, [1, 2, 3])
        assert told["refused"][0]["reasons"] == [
            "at: a time as 2026-11-24T10:00:00+08:00, or seconds since 1970, is wanted."
        ]
        assert post(place, odd)[0] == 422
        assert post(place, b"\xff")[0] == 422
        assert post(place, b"[" + b" " * 300_000 + b"]")[0] == 413
        assert len(calls(office)) == 2
        monkeypatch.delenv("CALL_EVENTS_KEY")
        assert post(place, lines)[0] == 401
        assert post(place, lines, "")[0] == 401
    denied = office.crm("callcenter", "line", "edit", "branch", "--password", "env:HOME", code=1).err
    assert denied == "Error: Only an administrator sets up telephone lines; wang is rep.\n"
    told = office.json("callcenter", "line", "show", "branch", user="ann")
    assert (told["events"], told["password"]) == (5, "env:CALL_EVENTS_KEY")


def test_a_script_posts_and_the_reference_is_right(office, line, tmp_path):
    """Every example of the reference is taken as it stands, one of each kind."""
    office.crm("callcenter", "agent", "add", "Sam", "--user", "sam", "--extension", "201", user="ann")
    text = PAGE.read_text(encoding="utf-8")
    blocks = [part.partition("```")[0] for part in text.split("```json\n")[1:]]
    examples = [json.loads(each) for block in blocks for each in block.splitlines() if each]
    assert {one["event"] for one in examples} == {*_kinds()}
    path = tmp_path / "events.jsonl"
    path.write_text("\n".join(json.dumps(each) for each in examples), encoding="utf-8")
    told = office.json("callcenter", "event", "post", path, "--line", "branch", user="ann")
    assert told == {"taken": len(examples), "known": 0, "refused": []}
    again = office.json("callcenter", "event", "post", path, "--line", "branch", user="ann")
    assert again == {"taken": 0, "known": len(examples), "refused": []}
    path.write_text('{"event": "ring", "call": "9f9", "target": {"extension": "201"}}\n')
    refused = office.crm("callcenter", "event", "post", path, user="ann", code=1)
    assert f"{path}:1: target: a number, or an object of number, name, device, agent, is wanted." in refused.err
    with office.app.read() as reader:
        assert reader.value(select(func.count()).where(tables.call_key.c.value == "9f9")) == 0


def _kinds() -> tuple[str, ...]:
    from crmcore_callcenter.protocol.events import KINDS
    from crmcore_callcenter.protocol.posting import AGENT

    return (*KINDS, AGENT)
