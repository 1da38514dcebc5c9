"""Sending quotes from a command, and telling people what came of it."""

from typing import TYPE_CHECKING

import click

from crmcore_sales.i18n import _

if TYPE_CHECKING:
    from crmcore.api import Session
    from crmcore_sales.quoting.sending import Sent
    from crmcore_sales.quoting.views import QuoteView


def sent(s: "Session", key: int, reason: str = "") -> "Sent":
    """Send a quote; raises `Refused` where a policy objects. What follows for others' quotes the system does."""
    from crmcore.api import Refused
    from crmcore_sales.model.quote import Quote
    from crmcore_sales.quoting.sending import send

    with s.write() as tx:
        done = send(tx, tx.get(Quote, key), reason)
    if done.refused:  # the decision is in the journal by now
        raise Refused(list(done.refused))
    return released(s, key) if done.release else done


def released(s: "Session", key: int) -> "Sent":
    """Let a quote go on in the name of the system: others' quotes give way, and tasks are done."""
    from crmcore.api import SYSTEM
    from crmcore_sales.quoting.sending import release

    cause = f"{click.get_current_context().command_path} by {s.actor.login}"
    with s.app.transaction(SYSTEM, cause=cause) as tx:
        return release(tx, key)


def tell_holds(done: "Sent") -> None:
    """Say why a quote is held, if it is."""
    from crmcore.api import tell

    for each in done.holds:
        tell(_("Held: {why}.").format(why=each))


def print_quotes(found: "list[QuoteView]", json_: bool, *, single: bool = False) -> None:
    """Print quotes as one JSON document, or as a table."""
    from crmcore.api import print_json, print_table
    from crmcore.reports.report import money

    if json_:
        print_json(found[0] if single else found)
        return
    print_table(
        [_("id"), _("number"), _("status"), _("customer"), _("amount"), _("below list"), _("valid until"), _("owner")],
        [
            (
                each.id,
                f"{each.number}/{each.revision}" if each.revision > 1 else each.number,
                _(each.status),
                each.customer["name"] if each.customer else "",
                money(each.amount, each.currency),
                "" if each.discount is None else f"{each.discount}%",
                each.valid_until,
                each.owner,
            )
            for each in found
        ],
    )
