"""How far the peak of this process's memory rose, so that it can be put down to the plugin that ran meanwhile."""

import sys
from typing import Any

try:
    import resource
except ImportError:  # not on Windows
    resource = None  # type: ignore[assignment]

_UNIT = 1 if sys.platform == "darwin" else 1024


class _Seen:
    peak: Any = 0


def peak() -> int:
    """Return the largest size this process ever had, in bytes; 0 where the system does not tell."""
    return 0 if resource is None else resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _UNIT


def settle() -> None:
    """Take what the process has grown to so far as the host's own."""
    _Seen.peak = peak()


def growth() -> int:
    """Return by how many bytes the peak rose since the last look."""
    before, _Seen.peak = _Seen.peak, peak()
    return int(_Seen.peak - before)
