"""Real recordings, their events told one by one in any order and more than once: the calls are the same."""

import random
from datetime import timedelta

import pytest
from attrs import evolve
from crmcore_callcenter.asterisk import recordings
from crmcore_callcenter.calls.taking import take
from crmcore_callcenter.calls.views import views
from crmcore_callcenter.model.agent import CallAgent
from crmcore_callcenter.protocol.events import Heard
from crmcore_callcenter.tables import call
from sqlalchemy import select

from crmcore.api import Source, tables

LATER = timedelta(days=30)
_SAID = (
    "direction", "from_number", "from_name", "to_number", "status", "answered", "talked_to", "seconds", "talk_seconds",
    "hold_seconds", "wait_seconds", "transfers", "queue", "abandoned", "reason", "agent",
)  # fmt: skip


def elsewhere(event):
    """Return the event as another telephone system would tell it, thirty days later."""
    return evolve(event, system="other", at=event.at + LATER if event.at else None)


def state(office, system):
    """Return what the calls of a telephone system are, with their legs, interactions, and who took part in these."""
    i, p = tables.interaction.c, tables.participant.c
    found = {}
    with office.app.read() as reader:
        for one in views(reader, select(call.c.id).where(call.c.system == system)):
            legs = [(leg.number, leg.device, leg.agent, leg.answered, leg.reason, leg.transfer) for leg in one.legs]
            mine = reader.first(select(i.subject, i.status, i.direction, i.seconds).where(i.id == one.interaction))
            parts = reader.rows(select(p.role, p.user_id, p.address).where(p.interaction_id == one.interaction))
            said = {name: getattr(one, name) for name in _SAID}
            found[min(one.external_ids)] = said, legs, tuple(mine), sorted(map(repr, parts)), sorted(one.external_ids)
    return found


@pytest.mark.parametrize("seed", [1, 2])
def test_recordings_told_piece_by_piece(office, realworld, seed):
    with office.app.transaction(cause="a test") as tx:
        for login, extension in (("sam", "201"), ("mei", "202"), ("wang", "203")):
            tx.add(CallAgent(name=login, extension=extension, user_id=office.users[login]))
    files = sorted((realworld / "telephony" / "VoIPGRID_cacofonisk").glob("*/*.json"))
    heard = [one for file in files for one in recordings.read(Source(path=file)) if isinstance(one, Heard)]
    with office.app.transaction(cause="a test") as tx:
        take(tx, heard)
    whole = state(office, "asterisk")
    assert len(whole) == 25
    chance = random.Random(seed)  # noqa: S311 # chance, not secrecy
    for one in heard:
        told = [elsewhere(event) for event in one.events] * 2
        chance.shuffle(told)
        while told:
            some = chance.randrange(1, 6)
            with office.app.transaction(cause="a test") as tx:
                take(tx, [Heard(events=(event,)) for event in told[:some]])
            told = told[some:]
    assert state(office, "other") == whole
