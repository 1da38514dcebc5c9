"""`crm callcenter list next|done`: whom to call, and what became of it."""

from typing import TYPE_CHECKING

import click

from crmcore.command import as_json
from crmcore_callcenter.i18n import _

if TYPE_CHECKING:
    from crmcore.api import Session
    from crmcore_callcenter.listening.dialling import Placed
    from crmcore_callcenter.outbound.taking import Next
    from crmcore_callcenter.outbound.views import EntryView

_BLOCKS, _ROWS, _SHOWN = 6, 4, 10


@click.command("next")
@click.argument("list_", metavar="[LIST]", required=False)
@click.option("--for", "agent", metavar="LOGIN", help="Who calls; default: you.")
@click.option("--anyway", is_flag=True, help="Also who is only warned of; who is blocked never.")
@click.option("--dial", is_flag=True, help="Place the call.")
@as_json
def next_(list_: str | None, agent: str | None, anyway: bool, dial: bool, json_: bool) -> None:
    """Take the next to call: on a list, or any that is open to you. Nobody else gets the same one.

    Policy is asked at this moment: consent, quiet hours, wishes, open tickets. Whoever it speaks against is left out
    until that is over, and the next one is taken. What is known of them is shown, and what the script says first.
    """
    from crmcore.api import owner_named, session
    from crmcore_callcenter.outbound.lists import list_named
    from crmcore_callcenter.outbound.taking import take

    with session() as s:
        with s.write() as tx:
            user_id = owner_named(tx, agent) if agent else s.actor.user_id
            found = take(tx, list_named(tx, list_) if list_ else None, user_id, anyway=anyway)
        _show(s, found, user_id, json_=json_, dial=dial)


def _show(s: "Session", found: "Next", user_id: int, *, json_: bool, dial: bool) -> None:
    import attrs

    from crmcore.api import print_json, tell
    from crmcore_callcenter.outbound.views import one_entry

    with s.read() as reader:
        one = one_entry(reader, found.entry_id) if found.entry_id is not None else None
    placed = _dial(s, one, user_id) if dial and one is not None else None
    if json_:
        print_json(
            {"entry": one, "again": found.again, "warnings": list(found.warnings), "placed": placed,
             "left_out": [attrs.asdict(each) for each in found.left_out], "opening": _opening(s, one, user_id)}
        )  # fmt: skip
        return
    _tell_left_out(s, found)
    if one is None:
        said = _("Many were left out, and others wait: ask again.") if found.more else _("Nobody is to be called now.")
        click.echo(said)
        return
    if found.again:
        tell(_("You took them before; `crm callcenter list done {entry}` says what became of it.").format(entry=one.id))
    click.echo(
        _("{entry}: call {name} ({customer}) on {number}, list “{list}”").format(
            entry=one.id, name=one.contact.name if one.contact else "–",
            customer=one.customer.name if one.customer else "–", number=one.number, list=one.list.name,
        )
    )  # fmt: skip
    for warning in found.warnings:
        tell("⚠ " + warning)
    _print_brief(s, one)
    if opening := _opening(s, one, user_id):
        click.echo(opening)
    if placed is not None:
        _print_placed(placed)


def _tell_left_out(s: "Session", found: "Next") -> None:
    """Say who was passed over, why, and until when: the first of them by name."""
    from crmcore.api import names, tables, tell

    shown = found.left_out[:_SHOWN]
    if not shown:
        return
    with s.read() as reader:
        called = names(reader, tables.contact, [each.contact_id for each in shown])
    for each in shown:
        until = f"{each.until.astimezone(s.app.assembly.zone):%Y-%m-%d %H:%M}"
        name = called.get(each.contact_id or 0, "–")
        tell(_("Left out until {until}: {name}, {why}").format(until=until, name=name, why=each.why))
    if len(found.left_out) > len(shown):
        tell(_("{n} more were left out.").format(n=len(found.left_out) - len(shown)))


def _opening(s: "Session", one: "EntryView | None", user_id: int) -> str:
    from crmcore_callcenter.outbound.views import one_list
    from crmcore_callcenter.scripts.knowing import called
    from crmcore_callcenter.scripts.views import view
    from crmcore_callcenter.scripts.wording import filled

    if one is None or one.contact is None:
        return ""
    with s.read() as reader:
        script = one_list(reader, one.list.id).script
        if script is None:
            return ""
        return filled(view(reader, script.id).opening, called(reader, one.contact.id, user_id))


def _print_brief(s: "Session", one: "EntryView") -> None:
    """Show the first lines of what is known of somebody."""
    from crmcore.api import brief, print_table

    for name, text in one.known.items():
        click.echo(f"{name}: {text}")
    if one.contact is None:
        return
    with s.read() as reader:
        now = reader.now.astimezone(s.app.assembly.zone)
        found = brief(reader, s.app.dispatcher, "contact", one.contact.id, one.contact.name, now)
    for _plugin, block in found.blocks[:_BLOCKS]:
        width = max((len(row) for row in block.rows), default=0)
        print_table(block.headings or [""] * width, block.rows[:_ROWS], title=block.title)


def _dial(s: "Session", one: "EntryView", user_id: int) -> "Placed":
    from crmcore_callcenter.listening.dialling import place
    from crmcore_callcenter.outbound.views import one_list

    with s.read() as reader:
        purpose = one_list(reader, one.list.id).purpose
    contact_id = one.contact.id if one.contact else None
    return place(s.write, number=one.number, contact_id=contact_id, purpose=purpose, user_id=user_id)


def _print_placed(placed: "Placed") -> None:
    from crmcore.api import tell

    for warning in placed.warnings:
        tell("⚠ " + warning)
    if placed.call_id is None:
        click.echo(placed.link)
    else:
        said = _("Call {id}: {line} rings you, and then dials {number}.")
        click.echo(said.format(id=placed.call_id, line=placed.line, number=placed.number))


@click.command()
@click.argument("entry", required=False, default="", metavar="[ENTRY]")
@click.option("--result", required=True, metavar="CODE", help="A wrap-up code, or reached, not-reached, refused, …")
@click.option("--again", metavar="TIME", help="When they want to be called.")
@click.option("--call", "call_", metavar="CALL", help="The call it was.")
@click.option("--for", "agent", metavar="LOGIN", help="Who called; default: you.")
@as_json
def done(entry: str, result: str, again: str | None, call_: str | None, agent: str | None, json_: bool) -> None:
    """Say what became of calling somebody; without ENTRY of whom you took last.

    Who was not reached is tried again after the list's minutes, as often as it says.
    """
    from crmcore.api import here, moment_said, owner_named, print_json, session
    from crmcore_callcenter.calls.finding import call_named
    from crmcore_callcenter.outbound.ending import end, ended_lately, entry_called, is_calling, result_named
    from crmcore_callcenter.outbound.views import one_entry

    with session() as s:
        with s.write() as tx:
            user_id = owner_named(tx, agent) if agent else s.actor.user_id
            word = result_named(tx, result)
            key = None if entry or is_calling(tx, user_id) else ended_lately(tx, user_id)
            if key is None:
                one = entry_called(tx, user_id, entry)
                end(
                    tx, one, word, user_id=user_id,
                    again=moment_said("--again", again, here(tx)) if again else None,
                    call_id=call_named(tx, call_) if call_ else None,
                )  # fmt: skip
        with s.read() as reader:
            found = one_entry(reader, one.id if key is None else key)
        zone = s.app.assembly.zone
    if json_:
        print_json(found)
        return
    name = found.contact.name if found.contact else "–"
    if key is not None:
        click.echo(_("{entry} {name} is done already: {result}.").format(entry=key, name=name, result=_(found.result)))
        return
    then = f" {found.next_at.astimezone(zone):%Y-%m-%d %H:%M}" if found.next_at is not None else ""
    click.echo(f"{found.id} {name}: {_(found.status)}{then} {found.why}".rstrip())
