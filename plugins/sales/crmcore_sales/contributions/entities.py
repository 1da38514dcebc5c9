"""The kinds of record that sales keeps, in an order in which their rows can be inserted."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from crmcore.api import EntityType, impl
from crmcore_sales import tables
from crmcore_sales.model.account import Account, Tier
from crmcore_sales.model.coaching import Coaching, CoachingAction, Recommendation
from crmcore_sales.model.competitor import Competitor, Rivalry
from crmcore_sales.model.discount import Approval, Commission, DiscountLimit
from crmcore_sales.model.evidence import Evidence, MethodUse
from crmcore_sales.model.forecast import Freeze
from crmcore_sales.model.lead import Lead
from crmcore_sales.model.mustwin import PlanStep, Review, Slip
from crmcore_sales.model.opportunity import BuyingRole, Line, Opportunity
from crmcore_sales.model.partner import Agent, Registration
from crmcore_sales.model.play import Play
from crmcore_sales.model.product import Price, Product, Rate
from crmcore_sales.model.quote import Quote, QuoteLine
from crmcore_sales.model.stage import Step
from crmcore_sales.model.visit import PlannedVisit, Skip, VisitProgramme
from crmcore_sales.pipeline.facts import FACTS

_CENT = Decimal("0.01")


@impl
def crm_entities() -> Iterable[EntityType]:
    """Declare them."""
    return ENTITIES


def _amount(row: dict[str, Any]) -> None:
    """Fill in what a line comes to, rounded to the cent."""
    price = row["unit_price"]
    row["amount"] = None if price is None else (row["quantity"] * price).quantize(_CENT)


def _received(row: dict[str, Any]) -> None:
    """Let a lead that does not say when it came have come when it was written down, and to its owner at once."""
    row["received_at"] = row["received_at"] or row["created_at"]
    if row["owner_id"]:
        row["assigned_at"] = row["assigned_at"] or row["received_at"]


ENTITIES = (
    EntityType(cls=Product, table=tables.product),
    EntityType(cls=Price, table=tables.price, parents=("product_id",)),
    EntityType(cls=Rate, table=tables.rate),
    EntityType(cls=Opportunity, table=tables.opportunity, facts=FACTS),
    EntityType(cls=Line, table=tables.line, parents=("opportunity_id",), derive=_amount, entered=True),
    EntityType(cls=BuyingRole, table=tables.buying_role, parents=("opportunity_id",), entered=True),
    EntityType(cls=Step, table=tables.step, parents=("opportunity_id",)),
    EntityType(cls=Lead, table=tables.lead, derive=_received),
    EntityType(cls=Quote, table=tables.quote),
    EntityType(cls=QuoteLine, table=tables.quote_line, parents=("quote_id",), derive=_amount),
    EntityType(cls=DiscountLimit, table=tables.discount_limit),
    EntityType(cls=Approval, table=tables.approval, parents=("quote_id",)),
    EntityType(cls=Commission, table=tables.commission),
    EntityType(cls=Competitor, table=tables.competitor),
    EntityType(cls=Rivalry, table=tables.rivalry, parents=("opportunity_id",), entered=True),
    EntityType(cls=Tier, table=tables.tier),
    EntityType(cls=Registration, table=tables.registration),
    EntityType(cls=Agent, table=tables.agent, parents=("partner_id",)),
    EntityType(cls=Account, table=tables.account, parents=("customer_id",)),
    EntityType(cls=Evidence, table=tables.evidence, parents=("opportunity_id",)),
    EntityType(cls=MethodUse, table=tables.method_use, parents=("opportunity_id",)),
    EntityType(cls=Recommendation, table=tables.recommendation, parents=("opportunity_id",)),
    EntityType(cls=Coaching, table=tables.coaching),
    EntityType(cls=CoachingAction, table=tables.coaching_action, parents=("coaching_id",)),
    EntityType(cls=Play, table=tables.play),
    EntityType(cls=Review, table=tables.review, parents=("opportunity_id",)),
    EntityType(cls=Freeze, table=tables.freeze),
    EntityType(cls=Slip, table=tables.slip, parents=("opportunity_id",)),
    EntityType(cls=PlanStep, table=tables.plan_step, parents=("opportunity_id",)),
    EntityType(cls=VisitProgramme, table=tables.programme),
    EntityType(cls=PlannedVisit, table=tables.visit, parents=("programme_id",)),
    EntityType(cls=Skip, table=tables.skip),
)
