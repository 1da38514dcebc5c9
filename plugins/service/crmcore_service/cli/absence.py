"""`crm service absence`: who is away, and gets nothing new."""

from typing import Any

import click

from crmcore.command import as_json, paged
from crmcore_service.i18n import _


@click.group()
def absence() -> None:
    """Keep the days on which our people are away: nothing new is given to them then."""


@absence.command()
@click.argument("login")
@click.option("--from", "starts", metavar="DAY", help="The first day; default: today.")
@click.option("--to", "ends", metavar="DAY", help="The last day; default: the first.")
@click.option("--note", default="", metavar="TEXT")
@as_json
def add(login: str, starts: str | None, ends: str | None, note: str, json_: bool) -> None:
    """Say that somebody is away."""
    from crmcore.api import InvalidInput, day_said, here, owner_named, print_json, session, tell
    from crmcore_service.model.queue import Absence

    with session() as s, s.write() as tx:
        today = here(tx).today
        first = day_said("--from", starts, today) if starts else today
        last = day_said("--to", ends, today) if ends else first
        if last < first:
            raise InvalidInput(_("The last day, {last}, is before the first, {first}.").format(last=last, first=first))
        made = tx.add(Absence(user_id=owner_named(tx, login), starts_on=first, ends_on=last, note=note))
    told: dict[str, Any] = {"id": made.id, "login": login, "starts_on": first, "ends_on": last, "note": note}
    if json_:
        print_json(told)
    else:
        tell(_("{login} is away from {first} to {last}.").format(login=login, first=first, last=last))


@absence.command("list")
@click.option("--all", "all_", is_flag=True, help="Those that are over, too.")
@paged
@as_json
def list_(limit: int, after: int | None, all_: bool, json_: bool) -> None:
    """List who is away, and when."""
    from sqlalchemy import select

    from crmcore.api import here, print_json, print_table, session, tables
    from crmcore_service.tables import absence as table

    a, u = table.c, tables.user_account.c
    wanted = select(a.id, u.login, a.starts_on, a.ends_on, a.note).join(tables.user_account, u.id == a.user_id)
    with session() as s, s.read() as reader:
        wanted = wanted if all_ else wanted.where(a.ends_on >= here(reader).today)
        rows = reader.rows(wanted.where(a.id > (after or 0)).order_by(a.id).limit(limit))
    if json_:
        print_json([dict(row._mapping) for row in rows])
    else:
        print_table([_("id"), _("login"), _("first day"), _("last day"), _("note")], rows)


@absence.command()
@click.argument("key", type=click.IntRange(1), metavar="ID")
def remove(key: int) -> None:
    """Take an absence back."""
    from crmcore.api import session, tell
    from crmcore_service.model.queue import Absence

    with session() as s, s.write() as tx:
        tx.remove(tx.get(Absence, key))
    tell(_("Absence {id} is removed.").format(id=key))
