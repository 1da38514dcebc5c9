"""The call centre in the large: who rings, and what a million calls come to; each beside SQL by hand."""

from collections.abc import Iterator

from bench import callcenter_figures, callcenter_lookup
from bench.place import Place
from bench.result import Result
from bench.scale import Scale

PARTS = (callcenter_lookup.run, callcenter_figures.run)


def run(place: Place, scale: Scale) -> Iterator[Result]:
    """Measure each part."""
    for part in PARTS:
        yield from part(place, scale)
