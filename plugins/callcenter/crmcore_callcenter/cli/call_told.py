"""How calls are shown: as a table, as a card with who talked, or to a program."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from crmcore_callcenter.i18n import _

if TYPE_CHECKING:
    from crmcore.api import Here, Reader
    from crmcore.reports.report import Cell, Report
    from crmcore_callcenter.calls.views import CallView, Told
    from crmcore_callcenter.recognising.numbers import Match

_SAYS_NOTHING = frozenset({"", "completed", "unknown", "no-answer"})
_NOT_SHOWN = frozenset({"system", "call", "key", "details"})
_CALLED = {"from_number": "from", "to_number": "to"}


def data(one: "CallView") -> dict[str, Any]:
    """Return a call as `--json` prints it."""
    import attrs

    return {_CALLED.get(each.name, each.name): getattr(one, each.name) for each in attrs.fields(type(one))}


def listed(found: "Sequence[CallView]", here: "Here | None") -> "Report":
    """Return calls as a table; with `here` a narrower one for a screen there, which says each thing once."""
    from crmcore.reports.report import Column, Report

    names = [_("call"), _("began"), _("way"), _("from"), _("to"), _("talked"), _("how")]
    columns = [Column(one) for one in names]
    if here is None:
        columns[5:5] = [Column(_("who")), Column(_("queue"))]
        columns.append(Column(_("s"), number=True))
    return Report(
        title=_("Calls"),
        columns=columns,
        rows=[_row(one) if here is None else _on_screen(one, here) for one in found],
        data=[data(one) for one in found],
    )


def _row(one: "CallView") -> "tuple[Cell, ...]":
    return (
        str(one.id), one.started_at, _(one.direction) if one.direction else "", one.from_number, one.to_number,
        who(one), one.queue, " → ".join(one.talked_to), how(one), one.talk_seconds,
    )  # fmt: skip


def _on_screen(one: "CallView", here: "Here") -> "tuple[Cell, ...]":
    """Return the cells of a call: for who is known their name instead of the number, a queue's instead of what to dial.

    The year is shown where it is not this one.
    """
    began, known = one.started_at.astimezone(here.zone), who(one)
    caller, called = one.from_number or _("number withheld"), one.queue or one.to_number
    if known:
        outside = known if one.contact or one.customer else f"{one.from_number or one.to_number}, {known}"
        caller, called = (caller, outside) if one.direction == "out" else (outside, called)
    went = how(one)
    if one.status == "ended" and one.answered and one.talk_seconds is not None:
        went = _("talked {time}").format(time=f"{one.talk_seconds // 60}:{one.talk_seconds % 60:02}")
    return (
        str(one.id), f"{began:%m-%d %H:%M}" if began.year == here.today.year else f"{began:%Y-%m-%d %H:%M}",
        _(one.direction) if one.direction else "", caller, called, " → ".join(one.talked_to), went,
    )  # fmt: skip


def who(one: "CallView") -> str:
    """Return whose call it was; how many it may be of, where that is not certain."""
    said = ", ".join(each.name for each in (one.contact, one.customer) if each)
    if one.contact is None and one.matches:
        maybe = _("one of {n}").format(n=one.matches)
        return f"{maybe}, {said}" if said else maybe
    return said


def how(one: "CallView") -> str:
    """Return how a call is going, or went."""
    if one.status != "ended":
        return _(one.status)
    if one.answered:
        return _("answered")
    if one.abandoned:
        return _("abandoned")
    return _(one.reason) if one.reason not in _SAYS_NOTHING else _("not answered")


def print_call(
    reader: "Reader", one: "CallView", matches: "Sequence[Match]", told: "Sequence[Told]", recordings: Sequence[str]
) -> None:
    """Print a call for a person: its facts, who rang and talked, whose it may be, and what was heard of it."""
    from crmcore.api import here, print_table

    zone = here(reader).zone

    def at(moment: Any, pattern: str = "%Y-%m-%d %H:%M:%S") -> str:
        return moment.astimezone(zone).strftime(pattern) if moment else ""

    click.echo(f"{one.id}: {one.from_number or _('number withheld')} → {one.to_number}")
    fields = (
        (_("way"), _(one.direction) if one.direction else ""), (_("how"), how(one)), (_("who"), who(one)),
        (_("name shown"), one.from_name), (_("queue"), one.queue), (_("agent"), one.agent),
        (_("began"), at(one.started_at)), (_("answered"), at(one.answered_at)), (_("ended"), at(one.ended_at)),
        (_("waited, s"), one.wait_seconds), (_("talked, s"), one.talk_seconds), (_("held, s"), one.hold_seconds or ""),
        (_("transfers"), one.transfers or ""), (_("wrap-up"), one.wrap_up), (_("recording"), "\n".join(recordings)),
        (_("interaction"), one.interaction), (_("ids"), ", ".join(one.external_ids)), *one.custom.items(),
    )  # fmt: skip
    print_table(["", ""], [(name, value) for name, value in fields if value not in (None, "")])
    for leg in one.legs:
        parts = (
            at(leg.rang_at or leg.answered_at, "%H:%M:%S"),
            leg.agent or leg.name or leg.number or leg.device,
            leg.number if leg.agent or leg.name else "",
            _("talked") if leg.answered else _(leg.reason) if leg.reason else _("rings"),
            _("by transfer ({how})").format(how=_(leg.transfer)) if leg.transfer else "",
        )
        click.echo("  " + "  ".join(part for part in parts if part))
    for match in matches:
        names = ", ".join(name for name in (match.name, match.customer) if name)
        click.echo(_("May be {name}: {why}").format(name=names, why=match.why))
    for each in told:
        said = ", ".join(
            f"{name} {_plain(value)}" for name, value in each.data.items() if name not in ("system", "call", "key")
        )
        click.echo(f"  {at(each.at)}  {each.source} {each.kind}  {said}".rstrip())


def _plain(value: Any) -> str:
    """Return what was told of a field without braces: a party's number, name and device, ids one after the other."""
    if isinstance(value, Mapping):
        return " ".join(_plain(each) for each in value.values())
    return " ".join(map(str, value)) if isinstance(value, list) else str(value)
