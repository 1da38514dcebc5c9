"""A connection that is cut at any moment, whoever has just done what, and told again some of what was told before."""

import sys
from pathlib import Path
from random import Random

import pytest

from crmcore.testing.asterisk_server import TelephoneSystem

sys.path.insert(0, str(Path(__file__).parent))
from playing import Play  # it lies beside this file


def played(app, ears, recordings, seed: int) -> int:
    """Play all recordings, as chance will have it; return how often the connection was cut."""
    random = Random(seed)  # noqa: S311 # the same in every run
    system = TelephoneSystem(
        [each for one in recordings for each in one], overlap=lambda: random.randrange(12), served=False
    )
    system.port = 5038  # nobody connects there
    play = Play(app, ears.add_line(app, system, "env:ASTERISK_SECRET"), random)
    play.run(system)
    return play.cuts


@pytest.mark.parametrize("seed", [6, 13])
def test_all_recordings_cut_at_any_moment_are_the_calls_they_are_uncut(crm_app, ears, recordings, uncut, seed):
    app = crm_app("callcenter")
    assert played(app, ears, recordings, seed) > 100
    assert not ears.differences(ears.facts(app), uncut)


@pytest.mark.drill
def test_drill_a_hundred_times_at_any_moment(crm_databases, ears, recordings, uncut, tmp_path):
    from crmcore.testing.workspace import Workspace

    cuts = 0
    for seed in range(100, 200):
        folder = tmp_path / str(seed)
        folder.mkdir()
        workspace = Workspace(crm_databases.new("sqlite", folder))
        app = workspace.open("callcenter")
        cuts += played(app, ears, recordings, seed)
        assert not ears.differences(ears.facts(app), uncut), seed
        workspace.close()
    print(f"\n{100 * len(recordings):,} recordings, {cuts:,} cuts: 0 differ", end=" ")  # noqa: T201
