"""`crm sales quote`: which of its commands lies in which module."""

import click

from crmcore.command import Commands
from crmcore_sales.i18n import _

COMMANDS = {
    "list": ("crmcore_sales.cli.quote_show:list_", "List quotes, the newest first."),
    "show": ("crmcore_sales.cli.quote_show:show", "Show a quote: its lines, what holds it, what it earns."),
    "add": ("crmcore_sales.cli.quote_make:add", "Quote an opportunity, or a customer directly."),
    "revise": ("crmcore_sales.cli.quote_make:revise", "Make the next version of a quote."),
    "send": ("crmcore_sales.cli.quote_send:send", "Send a quote; it is held where it contradicts another."),
    "accept": ("crmcore_sales.cli.quote_send:accept", "Close a quote as accepted: the opportunity is won."),
    "decline": ("crmcore_sales.cli.quote_send:decline", "Close a quote as declined, and say why."),
    "withdraw": ("crmcore_sales.cli.quote_send:withdraw", "Take a quote back."),
    "pdf": ("crmcore_sales.cli.quote_show:pdf", "Write a quote as PDF."),
    "bonus": ("crmcore_sales.cli.quote_show:bonus", "What a quote or opportunity adds to your commission."),
    "conflicts": ("crmcore_sales.cli.quote_show:conflicts", "Customers with two valid prices for a product."),
}


@click.group("quote", cls=Commands, lazy=COMMANDS, translate=_)
def quote() -> None:
    """Offer prices to customers: filled in, coherent across reps and channels, valid until a day."""
