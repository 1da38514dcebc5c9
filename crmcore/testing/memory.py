"""Where files are kept in memory: tests write much that nobody reads again, and need not wait for a disk."""

import os
import shutil
from pathlib import Path

_SHARED = Path("/dev/shm")  # noqa: S108 # those who use it make folders of their own there
_ENOUGH = 1 << 30


def folder() -> Path | None:
    """Return a folder in memory, with a GiB to spare, where programs may run; None where the system has none."""
    if not _SHARED.is_dir() or not os.access(_SHARED, os.W_OK) or os.statvfs(_SHARED).f_flag & os.ST_NOEXEC:
        return None
    return _SHARED if shutil.disk_usage(_SHARED).free > _ENOUGH else None
