"""What selections may ask about calls: of a customer, and of the person who called or was called."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Float, Subquery, and_, func, literal, select, type_coerce

from crmcore.api import NOW, Trait
from crmcore_callcenter.figures.instants import days_after
from crmcore_callcenter.figures.measures import ENDED, INBOUND
from crmcore_callcenter.i18n import _
from crmcore_callcenter.tables import call

_c = call.c
_MISSED = and_(INBOUND, _c.answered.is_(False), _c.status == ENDED)


def _ever(party: Any) -> Subquery:
    minutes = type_coerce(func.coalesce(func.sum(_c.talk_seconds), 0) / 60.0, Float)
    return (
        select(party.label("party"), func.max(_c.started_at).label("latest"), minutes.label("minutes"))
        .where(party.is_not(None))
        .group_by(party)
        .subquery()
    )


def _lately(party: Any) -> Subquery:
    return (
        select(party.label("party"), func.count().label("calls"), func.count().filter(_MISSED).label("missed"))
        .where(party.is_not(None), _c.started_at >= days_after(NOW, literal(-30)))
        .group_by(party)
        .subquery()
    )


def call_traits() -> Iterator[Trait]:
    """Declare them; those of a customer may be asked of its people, too."""
    for prefix, of, party in (("", "customer", _c.customer_id), ("own_", "contact", _c.contact_id)):
        own = of == "contact"
        ever, lately = _ever(party), _lately(party)
        often: dict[str, Any] = {"of": of, "kind": "number", "source": lately, "key": lately.c.party, "empty": 0}
        known: dict[str, Any] = {"of": of, "source": ever, "key": ever.c.party}
        yield Trait(
            name=f"{prefix}calls_30d", value=lately.c.calls, **often,
            title=_("Calls of the person in 30 days") if own else _("Calls of the customer in 30 days"),
        )  # fmt: skip
        yield Trait(
            name=f"{prefix}missed_30d", value=lately.c.missed, **often,
            title=_("Calls of the person in 30 days that nobody answered") if own
            else _("Calls of the customer in 30 days that nobody answered"),
        )  # fmt: skip
        yield Trait(
            name=f"{prefix}last_call", kind="instant", value=ever.c.latest, **known,
            title=_("When the person was last on the telephone") if own
            else _("When the customer was last on the telephone"),
        )  # fmt: skip
        yield Trait(
            name=f"{prefix}talk_minutes", kind="number", value=ever.c.minutes, empty=0, **known,
            title=_("Minutes talked with the person") if own else _("Minutes talked with the customer"),
        )  # fmt: skip
