"""What selections may ask about events: how often somebody came, stayed away, and when last."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import case, func, select

from crmcore.api import Trait
from crmcore_marketing.i18n import _
from crmcore_marketing.tables import event, registration

_R = registration.c
_BY_CONTACT: Any = (
    select(
        _R.contact_id,
        func.count(case((_R.status == "attended", 1))).label("attended"),
        func.count(case((_R.status == "no_show", 1))).label("no_shows"),
        func.max(case((_R.status == "attended", event.c.starts_at))).label("last_event"),
    )
    .join(event, event.c.id == _R.event_id)
    .where(_R.contact_id.is_not(None))
    .group_by(_R.contact_id)
    .subquery()
)


def event_traits() -> Iterator[Trait]:
    """Declare them, of contacts."""
    c = _BY_CONTACT.c
    of: dict[str, Any] = {"of": "contact", "source": _BY_CONTACT, "key": c.contact_id}
    yield Trait(name="events_attended", title=_("Events attended"), kind="number", value=c.attended, empty=0, **of)
    yield Trait(
        name="no_shows", title=_("Events registered for and missed"), kind="number", value=c.no_shows, empty=0, **of
    )
    yield Trait(name="last_event", title=_("Last event attended"), kind="instant", value=c.last_event, **of)
