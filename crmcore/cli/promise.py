"""`crm promise`: who promised what to whom."""

from datetime import tzinfo
from shutil import get_terminal_size
from typing import TYPE_CHECKING

import click

from crmcore.cli.output import as_json, paged, print_json, print_table, tell
from crmcore.command import RECORD_ID
from crmcore.i18n import _

if TYPE_CHECKING:
    from crmcore.promises.facts import Promised

_WIDE = 100
"""Columns a terminal must have for the sentences to have one of their own."""


@click.group()
def promise() -> None:
    """Who promised what to whom: list, add, kept, broken, scan."""


@promise.command("list")
@click.option("--customer", "customer_said", metavar="ID|NAME", help="Only with this customer.")
@click.option("--contact", "contact_said", metavar="ID|NAME", help="Only with this contact.")
@click.option("--by", type=click.Choice(["us", "them"]), help="Only ours, or theirs.")
@click.option("--status", type=click.Choice(["open", "kept", "broken", "all"]), default="open", show_default=True)
@paged
@as_json
def list_(
    customer_said: str | None,
    contact_said: str | None,
    by: str | None,
    status: str,
    limit: int,
    after: int | None,
    json_: bool,
) -> None:
    """List promises, the earliest due first, with the sentence each was taken from.

    Open promises that cannot both hold are flagged, with the reason.
    """
    from crmcore.cli.session import session
    from crmcore.directory.moments import here
    from crmcore.engine.tables import contact, customer
    from crmcore.promises.ledger import page
    from crmcore.search.naming import the_one

    with session() as s, s.read() as reader:
        place = here(reader)
        customer_id, contact_id = (
            the_one(reader, said, region=place.region, tables=[table]).id if said else None
            for table, said in ((customer, customer_said), (contact, contact_said))
        )
        found = page(
            reader,
            limit=limit,
            after=after,
            status=status,
            by=by or "",
            customer_id=customer_id,
            contact_id=contact_id,
        )
    if json_:
        print_json(found)
        return
    wide = get_terminal_size().columns >= _WIDE
    headings = [_("id"), _("due"), _("who"), _("to"), _("what"), _("said on")]
    print_table([*headings, _("sentence")] if wide else headings, [_row(one, place.zone, wide=wide) for one in found])
    for reason in dict.fromkeys(reason for one in found for reason in one.conflicts):
        tell(f"⚠ {reason}")
    if len(found) == limit:
        tell(_("There may be more: --after {id}").format(id=found[-1].id))


def _row(one: "Promised", zone: tzinfo, *, wide: bool) -> list[object]:
    """Return the row of a promise; where it is not wide enough for the sentence, that stands below what it promises."""
    to = " · ".join(dict.fromkeys(name for name in (one.to, one.customer) if name)) if one.by == "us" else one.to
    what = ("⚠ " if one.conflicts else "") + one.what + _settled(one)
    if not wide and one.sentence and one.sentence != one.what:
        what += f"\n“{one.sentence}”"
    cells: list[object] = [one.id, one.due, one.who, to, what, one.made_at.astimezone(zone).date()]
    return [*cells, one.sentence] if wide else cells


def _settled(one: "Promised") -> str:
    words = {"open": "", "done": _("kept"), "broken": _("broken"), "cancelled": _("cancelled")}
    return f" ({words[one.status]})" if words[one.status] else ""


@promise.command()
@click.argument("text", nargs=-1, required=True)
@click.option("--contact", "contact_said", metavar="ID|NAME", help="To or by whom.")
@click.option("--customer", "customer_said", metavar="ID|NAME", help="To or by which customer.")
@click.option("--by", type=click.Choice(["us", "them"]), default="us", show_default=True)
@click.option("--due", "due_said", metavar="DATE", help="Until when; default: as the text says.")
@as_json
def add(
    text: tuple[str, ...],
    contact_said: str | None,
    customer_said: str | None,
    by: str,
    due_said: str | None,
    json_: bool,
) -> None:
    """Add a promise, told in one sentence: `crm promise add --contact "Li Wei" delivery within 2 weeks`."""
    from crmcore.cli.session import session
    from crmcore.directory.moments import day_said, here
    from crmcore.engine.tables import contact, customer
    from crmcore.model.entity import values
    from crmcore.promises.ledger import add as add_promise
    from crmcore.search.naming import the_one

    if not (contact_said or customer_said):
        raise click.UsageError(_("Say to whom: --contact or --customer."))
    with session() as s, s.write() as tx:
        place = here(tx)
        now = tx.now.astimezone(place.zone)
        contact_id, customer_id = (
            the_one(tx, said, region=place.region, tables=[table]).id if said else None
            for table, said in ((contact, contact_said), (customer, customer_said))
        )
        record = add_promise(
            tx,
            " ".join(text),
            now,
            by=by,
            due=day_said("--due", due_said, now.date()) if due_said else None,
            contact_id=contact_id,
            customer_id=customer_id,
        )
    if json_:
        print_json(values(record))
        return
    due = _(", due {day}").format(day=record.due) if record.due else ""
    click.echo(f"{record.id}  {_('promise')}: {record.subject}{due}")


@promise.command()
@click.argument("promise_id", metavar="ID", type=RECORD_ID)
@as_json
def kept(promise_id: int, json_: bool) -> None:
    """Mark a promise as kept."""
    _settle(promise_id, "done", _("Promise {id} is kept: {what}"), json_=json_)


@promise.command()
@click.argument("promise_id", metavar="ID", type=RECORD_ID)
@as_json
def broken(promise_id: int, json_: bool) -> None:
    """Mark a promise as broken."""
    _settle(promise_id, "broken", _("Promise {id} is broken: {what}"), json_=json_)


def _settle(promise_id: int, status: str, sentence: str, *, json_: bool) -> None:
    from crmcore.cli.session import session
    from crmcore.model.entity import values
    from crmcore.promises.ledger import settle

    with session() as s, s.write() as tx:
        record = settle(tx, promise_id, status)
    if json_:
        print_json(values(record))
    else:
        click.echo(sentence.format(id=record.id, what=record.subject))


@promise.command()
@click.option("--since", metavar="DATE", help="Read again what is younger than this day; nothing is stored twice.")
@as_json
def scan(since: str | None, json_: bool) -> None:
    """Read promises out of imported mails and notes that were not read yet."""
    from crmcore.capture.scan import scan as read
    from crmcore.cli.session import session
    from crmcore.directory.moments import day_said, here
    from crmcore.engine import clock

    with session() as s:
        with s.read() as reader:
            zone = here(reader).zone
        first = day_said("--since", since, clock.now().astimezone(zone).date()) if since else None
        done = read(s.write, zone, first)
    if json_:
        print_json(done)
        return
    click.echo(
        _("{read} interactions read, {passed} passed over; {found} promises found, {known} known before.").format(
            read=done.read, passed=done.passed, found=done.found, known=done.known
        )
    )
