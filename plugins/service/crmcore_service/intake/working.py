"""Reading several mailboxes: one that cannot be read keeps no other from being read."""

from collections.abc import Callable, Iterable

from crmcore.api import CrmError, Desk
from crmcore_service.intake.reading import Opened, Source, read, sources
from crmcore_service.intake.taking import Taken


def run(desk: Desk) -> bool:
    """Read what came since into the mailboxes of the workspace; return whether there is more."""
    with desk.read() as reader:
        found = sources(reader)
    _taken, more = read_all(desk.transaction, found, is_over=desk.is_over)
    return more


def read_all(
    opened: Opened, found: Iterable[Source], *, is_over: Callable[[], bool] = lambda: False
) -> tuple[Taken, bool]:
    """Read mailboxes; return what was taken in, and whether there is more.

    Raises the first problem, a `CrmError`, when the others have been read.
    """
    total, first = Taken(), None
    for one in found:
        try:
            taken, more = read(opened, one, is_over=is_over)
        except CrmError as problem:
            first = first or problem
            continue
        total += taken
        if more or is_over():
            return total, True
    if first is not None:
        raise first
    return total, False
