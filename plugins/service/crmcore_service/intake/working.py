"""Reading all mailboxes in the background: one that cannot be read keeps no other from being read."""

from crmcore.api import CrmError, Desk
from crmcore_service.intake.reading import read, sources


def run(desk: Desk) -> bool:
    """Read what came since; return whether there is more. Raises the first problem, when the others have been read."""
    with desk.read() as reader:
        found = sources(reader)
    first: CrmError | None = None
    for one in found:
        try:
            _taken, more = read(desk.transaction, one, is_over=desk.is_over)
        except CrmError as problem:
            first = first or problem
            continue
        if more or desk.is_over():
            return True
    if first is not None:
        raise first
    return False
