"""A connection that is cut at any moment, whoever has just done what, and told again some of what was told before."""

import sys
from collections import Counter
from pathlib import Path
from random import Random

import pytest
from crmcore_callcenter.calls.taking import take
from crmcore_callcenter.freeswitch.events import read
from crmcore_callcenter.protocol.events import Heard

from crmcore.api import Source
from crmcore.testing.asterisk_server import TelephoneSystem
from crmcore.testing.freeswitch_server import TelephoneSystem as FreeSwitch
from crmcore.testing.freeswitch_server import framed

sys.path.insert(0, str(Path(__file__).parent))
from playing import Play, mixed  # it lies beside this file

JOINED = {"a7", "h8", "k10"}
"""Legs of a call of their own that others were joined with, but not passed on: one who fetched a call that rang for
another, a queue's agent, and the end of a pipe."""


def played(app, ears, system, random: Random) -> int:
    """Play all that a telephone system tells, as chance will have it; return how often the connection was cut."""
    system.port = 5038  # nobody connects there
    play = Play(app, ears.add_line(app, system, "env:ASTERISK_SECRET"), system, random)
    play.run()
    return play.cuts


def asterisk_played(app, ears, recordings, seed: int) -> int:
    random = Random(seed)  # noqa: S311 # the same in every run
    messages = [each for one in recordings for each in one]
    return played(app, ears, TelephoneSystem(messages, overlap=lambda: random.randrange(12), served=False), random)


def freeswitch_played(app, ears, streams, seed: int, *, lossy: bool) -> int:
    """Play a FreeSWITCH that lists the channels late; what it would have said between two connections is lost, if so.

    Else what it said last it may say again.
    """
    random = Random(seed)  # noqa: S311 # the same in every run
    events, gap = mixed(streams, random), {"lost" if lossy else "overlap": lambda: random.randrange(12)}
    system = FreeSwitch(events, **gap, late=lambda: random.choice((0, 0, 1, 3, 8, 20)), served=False)
    return played(app, ears, system, random)


def holds_and_is_made_whole(app, ears, streams, uncut, folder: Path) -> None:
    """Check calls that were heard with gaps, then that their recording makes them what they are without."""
    known = ears.facts(app)
    assert {one["status"] for one in known.values()} == {"ended"}
    of = {key: name for name in uncut for key in name.split()}
    calls = [{of[key] for key in name.split()} for name in known]
    assert all(len(each) == 1 for each in calls)  # nothing of two calls was put into one
    for (name,), times in Counter(map(tuple, calls)).items():  # none is there twice, but where nobody heard it joined
        assert times == 1 or uncut[name]["transfers"] or JOINED & set(name.split()), name
    recording = folder / "missed.esl"
    recording.write_bytes(b"".join(framed(each) for one in streams for each in one))
    heard = [one for one in read(Source(path=recording)) if isinstance(one, Heard)]
    with app.transaction() as tx:
        take(tx, heard)
    assert not ears.differences(ears.facts(app), uncut)


@pytest.mark.parametrize("seed", [0, 11])
def test_all_recordings_cut_at_any_moment_are_the_calls_they_are_uncut(crm_app, ears, recordings, uncut, seed):
    app = crm_app("callcenter")
    assert asterisk_played(app, ears, recordings, seed) > 100
    assert not ears.differences(ears.facts(app), uncut)


@pytest.mark.parametrize("seed", [13, 89])
def test_what_a_freeswitch_told_nobody_is_missing_and_no_more(crm_app, ears, streams, uncut_streams, tmp_path, seed):
    app = crm_app("callcenter")
    assert freeswitch_played(app, ears, streams, seed, lossy=True) > 10
    holds_and_is_made_whole(app, ears, streams, uncut_streams, tmp_path)


@pytest.mark.drill
def test_drill_a_hundred_times_at_any_moment(drilled, ears, recordings, uncut):
    cuts = 0
    for seed, app, _folder in drilled(100):
        cuts += asterisk_played(app, ears, recordings, seed)
        assert not ears.differences(ears.facts(app), uncut), seed
    print(f"\n{100 * len(recordings):,} recordings, {cuts:,} cuts: 0 differ", end=" ")  # noqa: T201


@pytest.mark.drill
def test_drill_a_freeswitch_a_hundred_times_at_any_moment(drilled, ears, streams, uncut_streams):
    cuts = 0
    for seed, app, _folder in drilled(100):
        cuts += freeswitch_played(app, ears, streams, seed, lossy=False)
        assert not ears.differences(ears.facts(app), uncut_streams), seed
    for seed, app, folder in drilled(100):
        cuts += freeswitch_played(app, ears, streams, seed, lossy=True)
        holds_and_is_made_whole(app, ears, streams, uncut_streams, folder)
    print(f"\n{200 * len(streams):,} streams of calls, {cuts:,} cuts: 0 differ", end=" ")  # noqa: T201


@pytest.fixture
def drilled(crm_databases, tmp_path):
    """Gives so many new workspaces, each with a seed and a folder of its own."""
    from crmcore.testing.workspace import Workspace

    def workspaces(count: int):
        for seed in range(100, 100 + count):
            folder = tmp_path / str(seed)
            folder.mkdir(exist_ok=True)
            workspace = Workspace(crm_databases.new("sqlite", folder))
            yield seed, workspace.open("callcenter"), folder
            workspace.close()

    return workspaces
