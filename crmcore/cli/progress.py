"""Progress of long work, on a terminal only."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def progress(what: str) -> Iterator[Callable[[str, int], None]]:
    """Give a function to report progress with: of what, and how many so far. Silent where nobody watches."""
    if not sys.stderr.isatty():
        yield lambda _file, _count: None
        return
    from rich.console import Console

    console = Console(stderr=True)
    with console.status(what) as status:
        yield lambda file, count: status.update(f"{what}: {file} {count:,}")
