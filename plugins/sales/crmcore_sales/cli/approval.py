"""`crm sales approval`: discounts that were asked for, and how far each rep may go."""

from typing import TYPE_CHECKING

import click

from crmcore.command import RECORD_ID, as_json, paged
from crmcore_sales.i18n import _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crmcore_sales.quoting.views import ApprovalView

_STATUS = click.Choice(["automatic", "pending", "granted", "refused", "dropped"])


@click.group()
def approval() -> None:
    """Decide on discounts beyond a rep's limit, and on prices below the lowest margin; see and set the limits."""


@approval.command("list")
@click.option("--status", type=_STATUS, help="Default: all.")
@click.option("--rep", metavar="LOGIN", help="Only what this user asked.")
@paged
@as_json
def list_(status: str | None, rep: str | None, limit: int, after: int | None, json_: bool) -> None:
    """List what was asked, and what came of it."""
    from crmcore.api import session, user_named
    from crmcore_sales.quoting.views import approvals

    with session() as s, s.read() as reader:
        asked_id = user_named(reader, rep).id if rep else None
        found = approvals(reader, limit=limit, after=after, status=status or "", asked_id=asked_id)
    _print(found, json_)


@approval.command()
@click.argument("approval_id", type=RECORD_ID, metavar="ID")
@click.option("--reason", default="")
@as_json
def grant(approval_id: int, reason: str, json_: bool) -> None:
    """Allow what was asked; the quote is sent when nothing else holds it."""
    _decide(approval_id, reason, json_, granted=True)


@approval.command()
@click.argument("approval_id", type=RECORD_ID, metavar="ID")
@click.argument("reason")
@as_json
def refuse(approval_id: int, reason: str, json_: bool) -> None:
    """Refuse what was asked, and say why; the quote stays held until it is revised."""
    _decide(approval_id, reason, json_, granted=False)


def _decide(approval_id: int, reason: str, json_: bool, *, granted: bool) -> None:
    from crmcore.api import session, tell
    from crmcore_sales.cli.quote_told import released, tell_holds
    from crmcore_sales.quoting.approvals import decide
    from crmcore_sales.quoting.views import approvals

    with session() as s:
        with s.write() as tx:
            one = decide(tx, approval_id, grant=granted, reason=reason)
        done = released(s, one.quote_id) if granted else None
        with s.read() as reader:
            found = approvals(reader, limit=1, key=approval_id)
    _print(found, json_, single=True)
    if done is not None:
        tell(_("Quote {number} is {status}.").format(number=found[0].quote, status=_(done.status)))
        tell_holds(done)


@approval.command()
@click.option("--days", type=click.IntRange(1, 3660), default=90, show_default=True, help="So many, up to today.")
@click.option("--rep", metavar="LOGIN", help="Only what this user asked.")
@as_json
def figures(days: int, rep: str | None, json_: bool) -> None:
    """Tell how many approvals passed automatically, inside the limits."""
    from datetime import timedelta

    from crmcore.api import print_json, session, user_named
    from crmcore_sales.quoting.figures import approval_figures

    with session() as s, s.read() as reader:
        asked_id = user_named(reader, rep).id if rep else None
        found = approval_figures(reader, reader.now - timedelta(days=days), reader.now + timedelta(seconds=1), asked_id)
    if json_:
        print_json(found)
        return
    click.echo(
        _("{automatic} of {asked} passed automatically; {granted} granted, {refused} refused, {pending} wait.").format(
            **{name: getattr(found, name) for name in type(found).__annotations__}
        )
    )


@approval.command()
@click.argument("login", required=False)
@click.argument("percent", type=float, required=False)
@click.option("--from", "since", metavar="DATE", help="Default: today.")
@click.option("--reason", default="")
@as_json
def limit(login: str | None, percent: float | None, since: str | None, reason: str, json_: bool) -> None:
    """Show how far below the list each user may go without asking; or set it, as a manager."""
    from decimal import Decimal

    from crmcore.api import day_said, here, print_json, print_table, session, user_named
    from crmcore_sales.quoting.limits import grant as set_limit
    from crmcore_sales.quoting.limits import listed

    with session() as s:
        if login and percent is not None:
            with s.write() as tx:
                today = here(tx).today
                day = day_said("--from", since, today) if since else today
                set_limit(tx, user_named(tx, login).id, Decimal(str(percent)), day, reason)
        with s.read() as reader:
            found = listed(reader, here(reader).today, login or "")
    if json_:
        print_json(found)
        return
    print_table(
        [_("user"), _("limit"), _("since"), _("why")],
        [(each.login, f"{each.percent.normalize():f}%", each.since, each.reason) for each in found],
    )


@approval.command()
@as_json
def earn(json_: bool) -> None:
    """Raise the limits of reps whose forecasts were right in the last three quarters, by rule."""
    from crmcore.api import SYSTEM, here, print_json, print_table, session
    from crmcore_sales.forecasting.accuracy import accurate
    from crmcore_sales.quoting.limits import QUARTERS, listed
    from crmcore_sales.quoting.limits import earn as earn_limits

    with session() as s:
        cause = f"{click.get_current_context().command_path} by {s.actor.login}"
        with s.app.transaction(SYSTEM, cause=cause) as tx:  # a rule, whoever asks for it now
            today = here(tx).today
            raised = {one.user_id for one in earn_limits(tx, accurate(tx, today, QUARTERS), today)}
        with s.read() as reader:
            found = [each for each in listed(reader, today) if each.user_id in raised]
    if json_:
        print_json(found)
        return
    print_table(
        [_("user"), _("limit"), _("why")],
        [(each.login, f"{each.percent.normalize():f}%", each.reason) for each in found],
    )


def _print(found: "Sequence[ApprovalView]", json_: bool, *, single: bool = False) -> None:
    from crmcore.api import print_json, print_table

    if json_:
        print_json(found[0] if single else found)
        return
    print_table(
        [_("id"), _("quote"), _("customer"), _("what"), _("percent"), _("limit"), _("margin"), _("asked"), _("status"),
         _("decided")],
        [
            (each.id, each.quote, each.customer, _(each.kind), each.percent, f"{each.limit_percent.normalize():f}",
             each.margin, each.asked, _(each.status), each.decided)
            for each in found
        ],
    )  # fmt: skip
