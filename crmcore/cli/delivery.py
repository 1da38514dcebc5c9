"""`crm delivery`: what plugins and automations could not be told of."""

import click

from crmcore.cli.output import as_json, print_json, print_table, tell
from crmcore.errors import Refused
from crmcore.i18n import _

_STATE = click.Choice(["waiting", "parked", "cut"])


@click.group()
def delivery() -> None:
    """See, retry and drop what plugins and automations could not be told of."""


@delivery.command("list")
@click.option("--state", type=_STATE, help="Default: all.")
@click.option("--limit", type=click.IntRange(1, 10_000), default=50, show_default=True, help="How many at most.")
@click.option("--after", metavar="ID", help="Go on after this delivery (the last one shown).")
@as_json
def list_(state: str | None, limit: int, after: str | None, json_: bool) -> None:
    """List deliveries that failed and are tried again, were set aside, or cut off as part of a loop.

    One that waits without a time waits for another about the same record.
    """
    from crmcore.cli.session import session
    from crmcore.delivery.listing import page

    with session() as s, s.read() as reader:
        found = page(reader.connection, limit=limit, after=after, state=state or "")
    if json_:
        print_json(found)
        return
    print_table(
        [_("id"), _("event"), _("about"), _("state"), _("attempts"), _("next"), _("error")],
        [
            (one.id, one.type, one.subject_id, _(one.state), one.attempts, one.next_at, one.error or _("after another"))
            for one in found
        ],
    )


@delivery.command()
@click.argument("ids", nargs=-1, metavar="ID...")
@click.option("--all", "all_", is_flag=True, help="Everything that waits or is set aside; loops stay cut.")
def retry(ids: tuple[str, ...], all_: bool) -> None:
    """Try deliveries again at once, with all their attempts before them."""
    from crmcore.cli.session import session
    from crmcore.delivery import listing

    if bool(ids) == all_:
        raise click.UsageError(_("Name deliveries, or say --all."))
    with session() as s, s.write() as tx:
        tx.begin()
        if all_:
            count = listing.retry_all(tx)
        else:
            for one in ids:
                listing.retry(tx, one)
            count = len(ids)
    tell(_("{n} deliveries are tried again.").format(n=count))


@delivery.command()
@click.argument("ids", nargs=-1, required=True, metavar="ID...")
@click.option("--yes", is_flag=True, help="Do not ask.")
def drop(ids: tuple[str, ...], yes: bool) -> None:
    """Give up deliveries for good; the journal tells of it, and what waits behind them goes on."""
    from crmcore.cli.session import session
    from crmcore.delivery import listing

    if not yes and not click.confirm(
        _("Give up {ids}? The plugin will never hear of it.").format(ids=", ".join(ids)), err=True
    ):
        raise Refused([_("Nothing was dropped.")])
    with session() as s, s.write() as tx:
        tx.begin()
        listing.drop(tx, ids)
    tell(_("Dropped: {ids}.").format(ids=", ".join(ids)))
