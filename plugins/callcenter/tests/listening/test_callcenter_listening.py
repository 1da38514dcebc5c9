"""Listening to a telephone system over TCP, in its own framing: cut off at random, also in the middle of a message."""

import json
from collections import Counter
from datetime import UTC, datetime
from queue import Queue
from random import Random

from crmcore_callcenter.listening.ear import Alive, Ear, Got, News, Spec, correlator_of
from crmcore_callcenter.listening.event_socket import EventSocket

from crmcore.testing.asterisk_server import TelephoneSystem, chances
from crmcore.testing.freeswitch_server import TelephoneSystem as FreeSwitch
from crmcore.testing.freeswitch_server import framed

PICKED_UP = "59b750c14f20-1538125952.414"
"""A call that somebody fetched whose own telephone it did not ring: by calling a number, which is a call, too."""


def test_all_recordings_cut_at_random_and_resumed_are_the_calls_they_are_uncut(
    crm_app, ears, recordings, password, uncut
):
    app, random = crm_app("callcenter"), Random(7)  # noqa: S311 # the same in every run
    system = TelephoneSystem(
        [each for one in recordings for each in one],
        cut=chances(random, 200, 40_000, times=60), overlap=lambda: random.randrange(12),
    )  # fmt: skip
    told = ears.heard_whole(app, system, password)
    assert system.cuts > 40, told
    assert not ears.differences(ears.facts(app), uncut)
    assert all(one["status"] == "ended" for one in uncut.values())


def test_the_events_of_a_freeswitch_cut_in_the_middle_are_the_calls_they_are_uncut(
    crm_app, ears, streams, password, uncut_streams
):
    app, random = crm_app("callcenter"), Random(7)  # noqa: S311 # the same in every run
    system = FreeSwitch(
        [each for one in streams for each in one],
        cut=chances(random, 200, 12_000, times=30), overlap=lambda: random.randrange(6),
        late=lambda: random.randrange(4),
    )  # fmt: skip
    told = ears.heard_whole(app, system, password)
    assert system.cuts > 20, told
    assert not ears.differences(ears.facts(app), uncut_streams)


def test_what_begins_after_the_list_and_comes_with_it_is_not_taken_for_over(ears, streams):
    news: Queue[News] = Queue()
    spec = Spec(id=1, name="HQ", kind="esl", address="127.0.0.1:1", login="", password="", system="freeswitch")
    ear = Ear(spec=spec, news=news, pace=ears.pace, clock=lambda: datetime(2026, 11, 24, tzinfo=UTC))
    talk = EventSocket(password="x", correlator=correlator_of(spec))  # noqa: S106 # of nobody
    ear._take(talk, b"Content-Type: auth/request\n\nContent-Type: command/reply\nReply-Text: +OK accepted\n\n", 0.0)
    listed = b'Content-Type: api/response\nContent-Length: 15\n\n{"row_count":0}'
    ear._take(talk, listed + framed(streams[0][0]), 0.0)
    assert [type(news.get_nowait()) for _each in range(news.qsize())] == [Alive, Got]


def test_what_a_gap_swallowed_ends_unknown_and_the_recording_completes_it(
    crm_app, crm_run, ears, recordings, password, uncut, tmp_path
):
    app, random = crm_app("callcenter"), Random(11)  # noqa: S311 # the same in every run
    nobody = "c4061ca6474c-1531991990.1529"  # nobody was called in it, which an import refuses
    told = [one for one in recordings if not any(each.get("Uniqueid") == nobody for each in one)]
    assert len(told) == 25
    messages = [each for one in told for each in ears.stamped(one)]
    uncut = {name: one for name, one in uncut.items() if nobody not in name}
    system = TelephoneSystem(
        messages, cut=chances(random, 2_000, 60_000, times=40), lost=lambda: random.randrange(40)
    )  # fmt: skip
    ears.heard_whole(app, system, password)
    assert system.cuts > 20
    known = ears.facts(app)
    assert {one["status"] for one in known.values()} == {"ended"}
    assert any(one["reason"] == "unknown" for one in known.values())
    of = {key: name for name in uncut for key in name.split()}
    calls = [{of[key] for key in name.split()} for name in known]
    assert all(len(each) == 1 for each in calls)  # nothing of two calls was put into one
    for (name,), count in Counter(map(tuple, calls)).items():  # none is there twice, but one that asked before passing
        joined = uncut[name]["transfers"] or PICKED_UP in name  # on, or that another picked up: two calls, where nobody
        assert count == 1 or joined, name  # heard that they were joined
    missed = tmp_path / "missed.json"
    missed.write_text(json.dumps(messages))
    crm_run("import", missed, "--format", "asterisk-ami")
    assert not ears.differences(ears.facts(app), uncut)
