"""`crm callcenter line`: the telephone systems that are listened to, or that post."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from crmcore.command import as_json
from crmcore.reports.showing import out_option, present
from crmcore_callcenter.i18n import _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crmcore.api import Reader, Session
    from crmcore.reports.report import Report
    from crmcore_callcenter.listening.views import LineView

F = TypeVar("F", bound=Callable[..., Any])
_TEXTS = ("code", "address", "login", "password", "system", "dial", "context", "dial_as", "dial_prefix")


@click.group()
def line() -> None:
    """Say which telephone systems are listened to, and which may post what happens."""


def _said(function: F) -> F:
    for option in reversed(
        (
            click.option("--code", metavar="CODE", help="A short name."),
            click.option("--address", metavar="HOST:PORT", help="Where it listens; tls://HOST:PORT for TLS."),
            click.option("--login", metavar="NAME", help="As whom we log in: the name in Asterisk's manager.conf."),
            click.option(
                "--password", metavar="PLACE", help="Where the password, or the key, is: env:VARIABLE or file:/PATH."
            ),
            click.option(
                "--system", metavar="WORD",
                help="The word under which its calls are kept: asterisk or freeswitch, as imports do; a second server"
                " needs another.",
            ),
            click.option(
                "--dial", metavar="CHANNEL", help="The telephone of an agent: PJSIP/{extension}; for click-to-call."
            ),
            click.option("--context", metavar="NAME", help="The context of the dialplan in which numbers are dialled."),
            click.option(
                "--dial-as", type=click.Choice(("e164", "international", "national")),
                help="How numbers are dialled: +8621..., with 00 for +, or as at home where they are of our country.",
            ),
            click.option(
                "--dial-prefix", metavar="DIGITS", help="What is dialled before a number outside, such as 0 or 9."
            ),
            click.option("--number", "numbers", multiple=True, help="A number of ours there; may be given often."),
        )
    ):  # fmt: skip
        function = option(function)
    return function


def _values(given: dict[str, Any]) -> dict[str, Any]:
    found = {name: given[name].strip() for name in _TEXTS if given[name] is not None}
    numbers = [each.strip() for each in given["numbers"]]
    return found | ({"own_numbers": [each for each in numbers if each]} if numbers else {})


@line.command()
@click.argument("name")
@click.option(
    "--kind", type=click.Choice(("ami", "esl", "post")), required=True,
    help="Asterisk's manager interface, FreeSWITCH's event socket, or one that posts.",
)  # fmt: skip
@_said
@as_json
def add(name: str, kind: str, json_: bool, **given: Any) -> None:
    """Add a line; `crm callcenter listen` hears it from then on. Needs an administrator."""
    from crmcore.api import session
    from crmcore_callcenter.listening.lines import add as make

    with session() as s:
        with s.write() as tx:
            made = make(tx, {**_values(given), "name": name, "kind": kind})
        _print(s, made.id, json_=json_)


@line.command()
@click.argument("line_", metavar="LINE")
@click.option("--name", metavar="TEXT")
@_said
@click.option("--active/--inactive", default=None, help="Whether it is listened to, or may post.")
@as_json
def edit(line_: str, name: str | None, active: bool | None, json_: bool, **given: Any) -> None:
    """Change a line; what is not said stays, an empty text takes a value away. Needs an administrator."""
    from crmcore.api import session
    from crmcore_callcenter.agents.naming import line_named
    from crmcore_callcenter.listening.lines import edit as change

    values = _values(given) | ({"name": name} if name else {}) | ({} if active is None else {"active": active})
    if given["numbers"] == ("",):
        values["own_numbers"] = []
    with session() as s:
        with s.write() as tx:
            key = line_named(tx, line_)
            change(tx, key, values)
        _print(s, key, json_=json_)


@line.command()
@click.argument("line_", metavar="LINE")
def remove(line_: str) -> None:
    """Remove a line; the calls that were heard by it stay. Needs an administrator."""
    from crmcore.api import session, tell
    from crmcore_callcenter.agents.naming import line_named
    from crmcore_callcenter.listening.lines import remove as take_away

    with session() as s, s.write() as tx:
        name = take_away(tx, line_named(tx, line_))
    tell(_("Line “{name}” is removed.").format(name=name))


@line.command("list")
@click.option("--all", "all_", is_flag=True, help="The inactive ones too.")
@as_json
@out_option
def list_(all_: bool, json_: bool, out: Path | None) -> None:
    """List lines: whether each is heard, since when, and how fast."""
    from crmcore.api import here, session
    from crmcore_callcenter.listening.views import views

    with session() as s, s.read() as reader:
        found, zone = views(reader, every=all_), here(reader).zone
    present(_listed(found, zone), json_=json_, out=out)


def _listed(found: "Sequence[LineView]", zone: Any) -> "Report":
    from crmcore.reports.report import Column, Report

    return Report(
        title=_("Telephone lines"),
        columns=[
            Column(_("line")), Column(_("kind")), Column(_("address")), Column(_("state")), Column(_("since")),
            Column(_("events"), number=True), Column(_("cut off"), number=True), Column(_("delay")),
            Column(_("problem")),
        ],
        rows=[
            (
                one.name, one.kind, one.address, _state(one), _moment(one.since, zone), one.events, one.cuts,
                _delay(one), one.said,
            )
            for one in found
        ],
        data=found,
    )  # fmt: skip


def _state(one: "LineView") -> str:
    words = {
        "listening": _("listening"), "trying": _("no connection"), "refused": _("refused"), "stopped": _("not heard"),
        "gone": _("not heard"),
    }  # fmt: skip
    if not one.active:
        return _("inactive")
    return words.get(one.state, _("not heard") if one.needs_a_listener else _("may post"))


def _delay(one: "LineView") -> str:
    return (
        _("{p50} / {p95} / {most} ms").format(p50=one.p50_ms, p95=one.p95_ms, most=one.most_ms) if one.most_ms else ""
    )


def _moment(at: Any, zone: Any) -> str:
    return at.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S") if at else ""


@line.command()
@click.argument("line_", metavar="LINE")
@as_json
def show(line_: str, json_: bool) -> None:
    """Show a line: how it is heard, and the delay from what was received to its commit (p50, p95, longest)."""
    from crmcore.api import session
    from crmcore_callcenter.agents.naming import line_named

    with session() as s:
        with s.read() as reader:
            key = line_named(reader, line_)
        _print(s, key, json_=json_)


def _print(s: "Session", key: int, *, json_: bool) -> None:
    from crmcore.api import here, print_json, print_table
    from crmcore_callcenter.listening.views import views

    with s.read() as reader:
        (one,), zone = views(reader, key=key), here(reader).zone
        posts = _posts_to(reader) if one.kind == "post" else ""
    if json_:
        print_json(one)
        return
    fields = (
        (_("name"), one.name), (_("code"), one.code), (_("kind"), one.kind), (_("address"), one.address or posts),
        (_("login"), one.login), (_("password"), one.password), (_("calls are kept under"), one.system),
        (_("telephones"), one.dial), (_("context"), one.context),
        (_("dialled as"), one.dial_as if one.dial else ""), (_("dialled first"), one.dial_prefix),
        (_("our numbers"), ", ".join(one.own_numbers)),
        (_("state"), _state(one)), (_("since"), _moment(one.since, zone)), (_("problem"), one.said),
        (_("listener"), one.holder), (_("heard last"), _moment(one.heard_at, zone)), (_("events"), one.events),
        (_("cut off"), one.cuts), (_("delay (p50 / p95 / longest)"), _delay(one)),
    )  # fmt: skip
    print_table([_("line"), str(one.id)], [(name, value) for name, value in fields if value not in ("", 0)])


def _posts_to(reader: "Reader") -> str:
    from crmcore.web.links import public

    return f"{public(reader)}/calls/events"


@line.command()
@click.argument("line_", metavar="LINE")
@as_json
def check(line_: str, json_: bool) -> None:
    """Connect to a line, log in, and ask what is alive; nothing is taken in. Of one that posts: read its key.

    Needs an administrator.
    """
    from crmcore.api import print_json, session
    from crmcore_callcenter.agents.naming import line_named
    from crmcore_callcenter.listening.checking import check as look
    from crmcore_callcenter.listening.ear import Spec
    from crmcore_callcenter.listening.lines import must_manage
    from crmcore_callcenter.listening.pace import Pace
    from crmcore_callcenter.listening.views import views

    with session() as s:
        with s.write() as tx:
            must_manage(tx)
        with s.read() as reader:
            (one,) = views(reader, key=line_named(reader, line_))
        spec = Spec(
            id=one.id, name=one.name, kind=one.kind, address=one.address, login=one.login, password=one.password,
            system=one.system,
        )  # fmt: skip
        found = look(spec, Pace())
    if json_:
        print_json(found)
    elif one.kind == "post":
        click.echo(_("{line}: the key can be read; who has it may post.").format(line=one.name))
    else:
        said = _("{line}: {greeting}; logged in within {n} ms; channels alive: {channels}.")
        alive = found.said if found.channels is None else found.channels
        click.echo(said.format(line=one.name, greeting=found.greeting, n=found.milliseconds, channels=alive))
