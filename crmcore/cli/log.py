"""`crm log`: one line becomes an interaction, and what it says is to be done."""

from typing import TYPE_CHECKING, Any

import click

from crmcore.cli.output import as_json, print_json, tell
from crmcore.i18n import _

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from crmcore.capture.store import Stored
    from crmcore.capture.understanding import Understood
    from crmcore.cli.session import Session
    from crmcore.search.naming import Named


@click.command()
@click.argument("text", nargs=-1, required=True)
@click.option("--contact", "contact_said", metavar="ID|NAME", help="With whom, where the line does not say.")
@click.option("--customer", "customer_said", metavar="ID|NAME", help="With which customer.")
@click.option("--at", "at_said", metavar="TIME", help="When it was, such as 2026-11-22T09:30; default: now.")
@click.option("--private", is_flag=True, help="Only you read it.")
@click.option("--add", is_flag=True, help="Add the contact when the address book does not have it.")
@click.option("--dry-run", is_flag=True, help="Say what is understood; store nothing.")
@as_json
def log(
    text: tuple[str, ...],
    contact_said: str | None,
    customer_said: str | None,
    at_said: str | None,
    private: bool,
    add: bool,
    dry_run: bool,
    json_: bool,
) -> None:
    """Log what happened in one line, English or Chinese: `crm log Li Wei 10 min call, wants quote by Friday`.

    Who, how, when and how long are read from it; what is to be done becomes tasks and promises, and what the person
    likes becomes preferences.
    """
    from crmcore.capture.understanding import understand
    from crmcore.cli.session import session
    from crmcore.directory.moments import here, moment_said
    from crmcore.engine import clock
    from crmcore.engine.tables import contact, customer
    from crmcore.search.naming import the_one

    line = " ".join(text)
    with session() as s:
        with s.read() as reader:
            place = here(reader)
            now = (moment_said("--at", at_said, place) if at_said else clock.now()).astimezone(place.zone)
            given: dict[str, Named | None] = {
                table.name: the_one(reader, said, region=place.region, tables=[table]) if said else None
                for table, said in ((contact, contact_said), (customer, customer_said))
            }
            understood = understand(
                reader, line, now, region=place.region, contact=given["contact"], customer=given["customer"]
            )
        stored = None
        if not dry_run:
            understood, stored = _store(s, understood, place.region, private=private, add=add)
    if json_:
        print_json(_data(understood, stored))
    else:
        _print(understood, stored, place.zone)
    _tell(understood, added=stored is not None and add)


def _store(
    s: "Session", understood: "Understood", region: str, *, private: bool, add: bool
) -> "tuple[Understood, Stored]":
    """Store a line; without its preferences where the contact is somebody else's to change."""
    from attrs import evolve

    from crmcore.capture.store import add_contact, store
    from crmcore.errors import Denied

    unknown = add and understood.contact is None and understood.name and not understood.alternatives
    try:
        with s.write() as tx:
            if unknown:
                understood = add_contact(tx, understood, region)
            return understood, store(tx, understood, private=private)
    except Denied as denied:
        if not understood.line.preferences:
            raise
        tell(_("The preference is not kept: {why}").format(why=denied))
    understood = evolve(understood, line=evolve(understood.line, preferences=()))
    with s.write() as tx:
        return understood, store(tx, understood, private=private)


def _data(understood: "Understood", stored: "Stored | None") -> dict[str, Any]:
    line = understood.line
    return {
        "id": stored.interaction.id if stored else None,
        "channel": line.channel,
        "direction": line.direction,
        "at": line.at,
        "seconds": line.seconds,
        "subject": line.subject,
        "name": understood.name,
        "contact": understood.contact,
        "customer": understood.customer,
        "others": understood.others,
        "alternatives": understood.alternatives,
        "tasks": [
            {"id": stored.tasks[place].id if stored else None, **_fields(todo)}
            for place, todo in enumerate(understood.todos)
        ],
        "preferences": [_fields(preference) for preference in line.preferences],
    }


def _fields(value: Any) -> dict[str, Any]:
    from crmcore.model.entity import values

    return {name: str(each) if type(each).__name__ == "time" else each for name, each in values(value).items()}


def _print(understood: "Understood", stored: "Stored | None", zone: "ZoneInfo") -> None:
    line = understood.line
    who = understood.name or _("nobody named")
    if understood.customer:
        who = f"{who} ({understood.customer.name})" if understood.name else understood.customer.name
    length = _(", {minutes} min").format(minutes=round(line.seconds / 60)) if line.seconds else ""
    number = f"{stored.interaction.id}  " if stored else ""
    at = line.at.astimezone(zone).strftime("%Y-%m-%d %H:%M")
    click.echo(f"{number}{_(line.channel)}: {who}, {at}{length}")
    for place, todo in enumerate(understood.todos):
        number = f"{stored.tasks[place].id}  " if stored else ""
        due = _(", due {day}").format(day=todo.due.strftime("%a %Y-%m-%d")) if todo.due else ""
        by = _(" (theirs)") if todo.by == "them" else ""
        click.echo(f"  {number}{_(todo.kind)}{by}: {todo.subject}{due}")
    for preference in line.preferences:
        click.echo(f"  {_('preference')}: {preference.text}")


def _tell(understood: "Understood", *, added: bool) -> None:
    """Say on standard error what was not clear."""
    if understood.alternatives:
        others = ", ".join(f"{one.id} {one.name}" for one in understood.alternatives[:10] if one != understood.contact)
        if understood.contact:
            tell(
                _("Taken for {name} ({id}), with whom you were last in touch; not: {others}.").format(
                    name=understood.contact.name, id=understood.contact.id, others=others
                )
            )
        else:
            tell(_("“{name}” may be any of: {others}. Say which with --contact ID.").format(
                name=understood.name, others=others
            ))  # fmt: skip
    elif understood.contact is None and understood.name and not added:
        tell(
            _(
                "“{name}” is not in the address book; the name is kept with the interaction."
                " Add the contact with: crm contact add “{name}” (or log with --add)."
            ).format(name=understood.name)
        )
    if understood.line.preferences and not (understood.contact or understood.customer):
        tell(_("The preference is not kept: it is not known whose it is."))
