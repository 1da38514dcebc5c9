"""`crm sales`: which command lies in which module, known without importing it."""

import click

from crmcore.command import Commands
from crmcore_sales.i18n import _

COMMANDS = {
    "lead": ("crmcore_sales.cli.lead:lead", "Who may want something: contacted in time, accepted or rejected."),
    "account": ("crmcore_sales.cli.account:account", "Customers as accounts: tiers, contact plans, who is who."),
    "letters": ("crmcore_sales.cli.letters:letters", "Write to the accounts that no person writes to."),
    "today": ("crmcore_sales.cli.today:today", "Whom to visit today, and why; a skip with a reason teaches it."),
    "visit": ("crmcore_sales.cli.visit:visit", "Customers to be visited until a day: how far it is, what is at risk."),
    "opportunity": ("crmcore_sales.cli.opportunity:opportunity", "What somebody may buy, for how much, by when."),
    "product": ("crmcore_sales.cli.product:product", "What is sold."),
    "price": ("crmcore_sales.cli.price:price", "Price lists: by currency, tier of customers, quantity and day."),
    "export": ("crmcore_sales.cli.export:export", "Write opportunities in Salesforce's layout."),
    "rate": ("crmcore_sales.cli.rate:rate", "What currencies are worth, from day to day."),
    "quote": ("crmcore_sales.cli.quote:quote", "Prices offered to customers: one valid price for a product."),
    "commission": ("crmcore_sales.cli.commission:commission", "The plan by which reps earn."),
    "approval": ("crmcore_sales.cli.approval:approval", "Discounts that were asked for, and how far each rep may go."),
    "offer": ("crmcore_sales.cli.offer:offer", "What to quote to keep a customer, with the evidence."),
    "competitor": (
        "crmcore_sales.cli.competitor:competitor",
        "Who else sells what we sell, and how we do against them.",
    ),
    "winloss": ("crmcore_sales.cli.winloss:winloss", "Why deals are won and lost."),
    "evidence": ("crmcore_sales.cli.evidence:evidence", "What was learned about deals, who said it and when."),
    "method": ("crmcore_sales.cli.method:method", "Sales methods: which are used, what is missing, red flags."),
    "tier": ("crmcore_sales.cli.tier:tier", "Classes of customers, each with its contact plan."),
    "pipeline": ("crmcore_sales.cli.pipeline:pipeline", "Open deals, each weighted by its odds."),
    "forecast": ("crmcore_sales.cli.forecast:forecast", "What a quarter will bring, and how right forecasts were."),
    "mustwin": ("crmcore_sales.cli.mustwin:mustwin", "Deals that must be won: sponsor, close plan, weekly review."),
    "funnel": ("crmcore_sales.cli.pipeline_reports:funnel", "How far deals come, and how long they stay."),
    "conformity": ("crmcore_sales.cli.pipeline_reports:conformity", "How many deals went the way the process says."),
    "recommend": ("crmcore_sales.cli.recommend:recommend", "Which rep to trust with a deal."),
    "play": ("crmcore_sales.cli.play:play", "Deals that do not move, and what worked in similar ones."),
    "agent": ("crmcore_sales.cli.agent:agent", "Users who work for a partner, and the deals they follow."),
    "channel": ("crmcore_sales.cli.channel:channel", "Revenue and margin by channel."),
    "partner": ("crmcore_sales.cli.partner:partner", "Partners, the deals they register, conflicts."),
    "coach": ("crmcore_sales.cli.coach:coach", "One-to-ones with reps: deals, a skill, what was agreed."),
    "handover": ("crmcore_sales.cli.handover:handover", "A rep leaves: everything finds a successor."),
    "weekly": ("crmcore_sales.cli.weekly:weekly", "The report of a week, which nobody types."),
}
"""By name: where the command is, and its one-line help."""


@click.group("sales", cls=Commands, lazy=COMMANDS, translate=_)
def sales() -> None:
    """From the first contact to the won deal: leads, opportunities, quotes, forecast."""
