"""The call centre in the large: who rings, what a million calls come to (beside SQL by hand), and how fast we hear."""

from collections.abc import Iterator

from bench import callcenter_figures, callcenter_listening, callcenter_lookup
from bench.place import Place
from bench.result import Result
from bench.scale import Scale

PARTS = (callcenter_lookup.run, callcenter_figures.run, callcenter_listening.run)


def run(place: Place, scale: Scale) -> Iterator[Result]:
    """Measure each part."""
    for part in PARTS:
        yield from part(place, scale)
