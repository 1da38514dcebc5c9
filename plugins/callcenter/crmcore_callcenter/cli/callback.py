"""`crm callcenter callback`: whom we owe a call."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from crmcore.command import RECORD_ID, as_json, paged
from crmcore.reports.showing import out_option, present
from crmcore_callcenter.i18n import _

if TYPE_CHECKING:
    from crmcore.api import Session
    from crmcore.reports.report import Cell, Report
    from crmcore_callcenter.callbacks.giving import Given
    from crmcore_callcenter.callbacks.views import CallbackView


_SHOWN = 10
"""So many of those who are left out are named."""


@click.group()
def callback() -> None:
    """Call back who gave up waiting, in time."""


@callback.command("list")
@click.option("--queue", "queue_", metavar="QUEUE", help="Only who waited in a queue.")
@click.option("--overdue", is_flag=True, help="Only those to be called by now.")
@click.option("--all", "all_", is_flag=True, help="Those that ended, too.")
@paged
@as_json
@out_option
def list_(
    queue_: str | None, overdue: bool, all_: bool, limit: int, after: int | None, json_: bool, out: Path | None
) -> None:
    """List callbacks, what is due first first."""
    from crmcore.api import session, tell
    from crmcore_callcenter.agents.naming import queue_named
    from crmcore_callcenter.callbacks.views import page, withheld_today

    with session() as s, s.read() as reader:
        key = queue_named(reader, queue_) if queue_ else None
        found = page(reader, limit=limit, after=after, queue_id=key, overdue=overdue, ended=all_)
        withheld = 0 if json_ else withheld_today(reader, key)
    present(_listed(found, narrow=out is None), json_=json_, out=out)
    if withheld:
        tell(_("{n} who gave up today withheld their numbers: nobody can call them back.").format(n=withheld))


def _listed(found: "list[CallbackView]", *, narrow: bool) -> "Report":
    """Return callbacks as a table; a narrow one for a screen says who it is once, and how often only where it was."""
    import attrs

    from crmcore.reports.report import Column, Report

    often = () if narrow else (Column(_("not reached"), number=True),)
    whom = (Column(_("whom")),) if narrow else (Column(_("contact")), Column(_("customer")))
    return Report(
        title=_("Callbacks"),
        columns=[
            Column(_("id")), Column(_("due")), Column(_("phone")), *whom, Column(_("queue")),
            Column(_("gave up"), number=True), *often, Column(_("owner")), Column(_("state")),
        ],
        rows=[(_narrow if narrow else _wide)(one) for one in found],
        data=[attrs.asdict(one) for one in found],
    )  # fmt: skip


def _wide(one: "CallbackView") -> "tuple[Cell, ...]":
    return (
        str(one.id), one.due_at, one.number, one.contact.name if one.contact else "",
        one.customer.name if one.customer else "", one.queue.name if one.queue else "", one.attempts, one.tries,
        one.owner, _state(one),
    )  # fmt: skip


def _narrow(one: "CallbackView") -> "tuple[Cell, ...]":
    known = one.contact or one.customer
    state = f"{_state(one)}, {_('not reached')} {one.tries}×" if one.tries else _state(one)
    return (
        str(one.id), one.due_at, one.number, known.name if known else "", one.queue.name if one.queue else "",
        one.attempts, one.owner, state,
    )  # fmt: skip


def _state(one: "CallbackView") -> str:
    """Return how a callback stands, in words."""
    return _("overdue") if one.overdue else _(one.status.replace("_", " "))


@callback.command()
@click.option("--queue", "queue_", metavar="QUEUE", help="Of one queue; default: of those you answer, or any.")
@as_json
def take(queue_: str | None, json_: bool) -> None:
    """Take the callback that is due first and may be made now: consent, quiet hours and all else are asked."""
    from crmcore.api import print_json, session
    from crmcore_callcenter.agents.naming import queue_named
    from crmcore_callcenter.callbacks.giving import take as give
    from crmcore_callcenter.callbacks.views import view

    with session() as s:
        with s.write() as tx:
            given = give(tx, queue_id=queue_named(tx, queue_) if queue_ else None)
        with s.read() as reader:
            one = view(reader, given.id) if given.id else None
        if json_:
            print_json({"callback": one, "warnings": given.warnings, "left_out": given.left_out})
            return
        if one is not None:
            _print(s, one.id, json_=False)
        _tell(s, given)


def _tell(s: "Session", given: "Given") -> None:
    from crmcore.api import here, tell

    for warning in given.warnings:
        tell(warning)
    with s.read() as reader:
        zone = here(reader).zone
    for one in given.left_out[:_SHOWN]:
        until = one.until.astimezone(zone).strftime("%Y-%m-%d %H:%M") if one.until else ""
        said = _("Not {number}, until {until}: {reasons}") if until else _("Not {number}: {reasons}")
        tell(said.format(number=one.number, until=until, reasons="; ".join(one.reasons)))
    if len(given.left_out) > _SHOWN:
        tell(_("{n} more were left out.").format(n=len(given.left_out) - _SHOWN))
    if given.id is None:
        tell(_("Nobody is to be called back now."))


@callback.command()
@click.argument("callback_", metavar="CALLBACK", type=RECORD_ID)
@click.option("--why", default="", metavar="TEXT", help="How they were reached.")
@as_json
def done(callback_: int, why: str, json_: bool) -> None:
    """Say that they were reached, where no call shows it."""
    _end(callback_, "done", why, json_=json_)


@callback.command("give-up")
@click.argument("callback_", metavar="CALLBACK", type=RECORD_ID)
@click.option("--why", default="", metavar="TEXT", help="Why nobody calls them back.")
@as_json
def give_up(callback_: int, why: str, json_: bool) -> None:
    """Call somebody back no more, and say why."""
    _end(callback_, "given_up", why, json_=json_)


def _end(key: int, status: str, why: str, *, json_: bool) -> None:
    from crmcore.api import session
    from crmcore_callcenter.callbacks.giving import end
    from crmcore_callcenter.model.agent import Callback

    with session() as s:
        with s.write() as tx:
            end(tx, tx.get(Callback, key), status=status, why=why)
        _print(s, key, json_=json_)


@callback.command()
@click.argument("callback_", metavar="CALLBACK", type=RECORD_ID)
@as_json
def show(callback_: int, json_: bool) -> None:
    """Show a callback: who is to be called, by when, and how it ended."""
    from crmcore.api import session

    with session() as s:
        _print(s, callback_, json_=json_)


def _print(s: "Session", key: int, *, json_: bool) -> None:
    from crmcore.api import here, print_json, print_table
    from crmcore_callcenter.callbacks.views import view

    with s.read() as reader:
        one, zone = view(reader, key), here(reader).zone
    if json_:
        print_json(one)
        return
    times = ((_("asked"), one.asked_at), (_("due"), one.due_at), (_("not before"), one.next_at))
    ends = ((_("taken"), one.taken_at), (_("ended"), one.done_at))
    said = {name: at.astimezone(zone).strftime("%Y-%m-%d %H:%M") for name, at in (*times, *ends) if at}
    fields = (
        (_("phone"), one.number), (_("contact"), one.contact and one.contact.name),
        (_("customer"), one.customer and one.customer.name), (_("queue"), one.queue and one.queue.name),
        *said.items(), (_("gave up"), one.attempts), (_("not reached"), one.tries), (_("owner"), one.owner),
        (_("state"), _state(one)), (_("why"), _(one.why) if one.why else ""),
        (_("note"), one.note), (_("call"), one.call), (_("reached in call"), one.done_call),
    )  # fmt: skip
    print_table([_("callback"), str(one.id)], [(name, value) for name, value in fields if value not in (None, "")])
