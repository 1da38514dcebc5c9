"""What selections may ask about tickets: of a customer, and of the person who wrote, under names of their own."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Subquery, and_, func, select

from crmcore.api import Trait
from crmcore_service.i18n import _
from crmcore_service.tables import ticket

_t = ticket.c
_OPEN = and_(_t.closed_at.is_(None), _t.resolved_at.is_(None))


def _by(party: Any) -> Subquery:
    return (
        select(
            party.label("party"),
            func.count().label("tickets"),
            func.count().filter(_OPEN).label("open_tickets"),
            func.max(_t.opened_at).label("latest"),
        )
        .where(party.is_not(None), _t.merged_into_id.is_(None), _t.status != "cancelled")
        .group_by(party)
        .subquery()
    )


_OF_CUSTOMER, _OF_CONTACT = _by(_t.customer_id), _by(_t.contact_id)
_AT_RISK = select(_t.customer_id).where(_t.at_risk.is_(True), _t.closed_at.is_(None)).subquery()


def ticket_traits() -> Iterator[Trait]:
    """Declare them; those of a customer may be asked of its people, too."""
    for prefix, of, source in (("", "customer", _OF_CUSTOMER), ("own_", "contact", _OF_CONTACT)):
        known: dict[str, Any] = {"of": of, "source": source, "key": source.c.party}
        own = of == "contact"
        yield Trait(
            name=f"{prefix}open_tickets", kind="number", value=source.c.open_tickets, empty=0, **known,
            title=_("Open tickets of the person") if own else _("Open tickets of the customer"),
        )  # fmt: skip
        yield Trait(
            name=f"{prefix}tickets", kind="number", value=source.c.tickets, empty=0, **known,
            title=_("Tickets of the person") if own else _("Tickets of the customer"),
        )  # fmt: skip
        yield Trait(
            name=f"{prefix}last_ticket", kind="instant", value=source.c.latest, **known,
            title=_("When the person last opened a ticket") if own else _("When the customer last opened a ticket"),
        )  # fmt: skip
    yield Trait(
        name="at_risk", title=_("Whether a ticket that is not closed says that the customer may leave"), of="customer",
        kind="truth", source=_AT_RISK, key=_AT_RISK.c.customer_id,
    )  # fmt: skip
