"""`crm sales today`: whom to visit and why; a skip with a reason teaches it."""

from typing import TYPE_CHECKING

import click

from crmcore.command import as_json
from crmcore_sales.i18n import _

if TYPE_CHECKING:
    from crmcore.api import Reader
    from crmcore_sales.guiding.places import Place
    from crmcore_sales.guiding.today import Suggestion, Today

_REASONS = ("too-far", "no-value", "in-touch", "not-due", "not-now", "other")


@click.group(invoke_without_command=True)
@click.option("--from", "start", metavar="LAT,LON|CUSTOMER", help="Where you set out; default: your last visit today.")
@click.option("--rep", metavar="LOGIN", help="Of this user; default: yours.")
@click.option("--limit", type=click.IntRange(1, 100), default=8, show_default=True, help="How many visits at most.")
@as_json
@click.pass_context
def today(context: click.Context, start: str | None, rep: str | None, limit: int, json_: bool) -> None:
    """Suggest whom to visit today, with every reason and its points: the value of open deals, silence, promises due,
    programmes, leads, nearness. What speaks against a visit is said; a wish or an objection leaves it out.

    Skip one with `crm sales today skip CUSTOMER REASON`, and the next suggestions learn from it.
    """
    if context.invoked_subcommand is not None:
        return
    from crmcore.api import print_json, session, user_named
    from crmcore_sales.guiding.today import today as suggest

    with session() as s, s.write() as tx:
        user_id = user_named(tx, rep).id if rep else s.actor.user_id
        found = suggest(tx, user_id, limit=limit, start=_place(tx, start) if start else None)
    if json_:
        print_json(found)
    else:
        _print(found)


@today.command()
@click.argument("customer", metavar="ID|NAME")
@click.argument("reason", type=click.Choice(_REASONS))
@click.option("--until", metavar="DAY", help="Not before this day; of “not-now” a week by itself.")
@click.option("--note", default="", metavar="TEXT", help="Why, in your words.")
@as_json
def skip(customer: str, reason: str, until: str | None, note: str, json_: bool) -> None:
    """Skip a suggested visit, and say why.

    It costs the customer points that come back within four weeks. “no-value”, “in-touch” and “not-due” let the deals'
    value, silence or promises weigh a little less in your suggestions, “too-far” lets nearness weigh more.
    """
    from crmcore.api import Customer, day_said, here, party_id, print_json, session, tables, tell
    from crmcore_sales.guiding.skipping import TAUGHT, add, factor_name, reason_name, skips

    with session() as s:
        with s.write() as tx:
            day = here(tx).today
            key = party_id(tx, tables.customer, customer)
            made = add(tx, key, reason, until=day_said("--until", until, day) if until else None, note=note)
            name = tx.get(Customer, key).name
        with s.read() as reader:
            lesson = skips(reader, s.actor.user_id, day).lessons.get(TAUGHT.get(reason, ""))
    if json_:
        print_json({"customer": {"id": key, "name": name}, "reason": reason, "until": made.until, "learned": lesson})
        return
    tell(_("{customer} is skipped: {reason}.").format(customer=name, reason=reason_name(reason)))
    if lesson is not None:
        told = _("From now on, {factor} weighs × {weight:g} in your suggestions ({n} skips).")
        tell(told.format(factor=factor_name(lesson.factor), weight=lesson.weight, n=lesson.skips))


def _place(reader: "Reader", text: str) -> "Place":
    """Return the place that a person means: degrees, or where a customer lies; raises `InvalidInput` for neither."""
    from sqlalchemy import select

    from crmcore.api import InvalidInput, party_id, tables
    from crmcore_sales.guiding.places import Place, place
    from crmcore_sales.tables import account

    north, comma, east = text.partition(",")
    try:
        if comma:
            return Place(latitude=float(north), longitude=float(east), name=text)
    except ValueError:
        pass
    key = party_id(reader, tables.customer, text)
    row = reader.first(select(account.c.latitude, account.c.longitude).where(account.c.customer_id == key))
    found = place(text, row.latitude, row.longitude) if row else None
    if found is None:
        told = _("Nobody knows where {customer} lies: crm sales account set {customer} --at LATITUDE LONGITUDE")
        raise InvalidInput(told.format(customer=text))
    return found


def _print(found: "Today") -> None:
    from crmcore.api import print_table
    from crmcore_sales.guiding.skipping import factor_name, reason_name

    title = _("Visits for {day}: {n}").format(n=len(found.visits), day=found.day)
    print_table(
        ["", _("customer"), _("contact"), _("points"), _("why")],
        [
            (one.rank, one.customer.name, one.contact.name if one.contact else "", one.points, _why(one))
            for one in found.visits
        ],
        title=f"{title}, {_('from')} {found.start.name}" if found.start else title,
    )
    for stop in found.calendar:
        done = _("visited today") if stop.done else _("in your calendar today")
        click.echo(f"· {stop.name}: {done}")
    for one in found.left_out:
        until = _(" (until {until})").format(until=str(one.until)[:16]) if one.until else ""
        click.echo(_("Left out: {customer}: {why}{until}").format(customer=one.customer.name, why=one.why, until=until))
    for each in found.learned:
        told = _("Learned: {factor} × {weight:g}, from {n} skips ({reason}).")
        click.echo(
            told.format(
                factor=factor_name(each.factor), weight=each.weight, n=each.skips, reason=reason_name(each.reason)
            )
        )


def _why(one: "Suggestion") -> str:
    lines = [f"{each.points:+d} {each.text}" for each in one.reasons]
    return "\n".join([*lines, *(f"⚠ {each.reason}" for each in one.warnings)])
