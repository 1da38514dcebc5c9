"""The kinds of record that service keeps, in an order in which their rows can be inserted."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from crmcore.api import EntityType, impl
from crmcore_service import tables
from crmcore_service.model.answer import Deflection, PublicAnswer, Rating
from crmcore_service.model.asset import Asset, Contract, Cover
from crmcore_service.model.gain import Cost, Gain, HourRate
from crmcore_service.model.level import Escalation, EscalationStep, Level, LevelTarget
from crmcore_service.model.order import Part, Place, Skill, Technician, Visit, WorkOrder
from crmcore_service.model.queue import Absence, Category, ServiceMailbox, TicketQueue
from crmcore_service.model.ticket import Ticket

_CENT = Decimal("0.01")


def _worth(row: dict[str, Any]) -> None:
    """Fill in what an amount is worth in the workspace's currency, rounded to the cent."""
    row["worth"] = (row["amount"] * row["rate"]).quantize(_CENT)


ENTITIES = (
    EntityType(cls=Level, table=tables.level),
    EntityType(cls=LevelTarget, table=tables.target, parents=("level_id",)),
    EntityType(cls=EscalationStep, table=tables.step, parents=("level_id",)),
    EntityType(cls=TicketQueue, table=tables.queue),
    EntityType(cls=Category, table=tables.category),
    EntityType(cls=Absence, table=tables.absence),
    EntityType(cls=ServiceMailbox, table=tables.mailbox),
    EntityType(cls=Place, table=tables.place),
    EntityType(cls=Technician, table=tables.technician),
    EntityType(cls=Skill, table=tables.skill),
    EntityType(cls=Asset, table=tables.asset),
    EntityType(cls=Contract, table=tables.contract),
    EntityType(cls=Cover, table=tables.cover, parents=("contract_id",)),
    EntityType(cls=Ticket, table=tables.ticket),
    EntityType(cls=WorkOrder, table=tables.work_order),
    EntityType(cls=Visit, table=tables.visit, parents=("work_order_id",)),
    EntityType(cls=Part, table=tables.part, parents=("work_order_id",)),
    EntityType(cls=Escalation, table=tables.escalation),
    EntityType(cls=PublicAnswer, table=tables.public_answer, parents=("ticket_id",)),
    EntityType(cls=Deflection, table=tables.deflection),
    EntityType(cls=Rating, table=tables.rating),
    EntityType(cls=HourRate, table=tables.hour_rate),
    EntityType(cls=Cost, table=tables.cost, derive=_worth),
    EntityType(cls=Gain, table=tables.gain, derive=_worth),
)


@impl
def crm_entities() -> Iterable[EntityType]:
    """Declare them."""
    return ENTITIES
