"""The clock: the one place that says what time it is. `CRM_NOW` (ISO 8601, with an offset) sets it, for rehearsals."""

import os
from datetime import UTC, datetime

from crmcore.errors import InvalidInput
from crmcore.i18n import _


def now() -> datetime:
    """Return the present instant in UTC; raises `InvalidInput` for a `CRM_NOW` that is no instant with an offset."""
    said = os.environ.get("CRM_NOW")
    if not said:
        return datetime.now(UTC)
    try:
        instant = datetime.fromisoformat(said)
    except ValueError:
        instant = None
    if instant is None or instant.tzinfo is None:
        raise InvalidInput(_("CRM_NOW: “{said}” is no instant; write it as 2026-11-22T09:30+08:00.").format(said=said))
    return instant.astimezone(UTC)
