"""The plugin's tables, by subject; all in one set of metadata."""

from crmcore_sales.tables.accounts import account, tier
from crmcore_sales.tables.base import metadata
from crmcore_sales.tables.coaching import coaching, coaching_action, recommendation
from crmcore_sales.tables.competitors import competitor, rivalry
from crmcore_sales.tables.discounts import approval, commission, discount_limit
from crmcore_sales.tables.evidence import evidence, method_use
from crmcore_sales.tables.forecasts import calibration, freeze, frozen_row, frozen_unit, standing
from crmcore_sales.tables.leads import lead
from crmcore_sales.tables.mustwins import plan_step, review, slip
from crmcore_sales.tables.opportunities import buying_role, line, opportunity
from crmcore_sales.tables.partners import agent, registration
from crmcore_sales.tables.plays import play
from crmcore_sales.tables.products import price, product, rate
from crmcore_sales.tables.quotes import number, offered, quote, quote_line
from crmcore_sales.tables.stages import passage, step
from crmcore_sales.tables.visits import programme, skip, visit

__all__ = [
    "account",
    "agent",
    "approval",
    "buying_role",
    "calibration",
    "coaching",
    "coaching_action",
    "commission",
    "competitor",
    "discount_limit",
    "evidence",
    "freeze",
    "frozen_row",
    "frozen_unit",
    "lead",
    "line",
    "metadata",
    "method_use",
    "number",
    "offered",
    "opportunity",
    "passage",
    "plan_step",
    "play",
    "price",
    "product",
    "programme",
    "quote",
    "quote_line",
    "rate",
    "recommendation",
    "registration",
    "review",
    "rivalry",
    "skip",
    "slip",
    "standing",
    "step",
    "tier",
    "visit",
]
