"""`crm callcenter wrap`."""

from typing import TYPE_CHECKING

import click

from crmcore.command import as_json
from crmcore_callcenter.i18n import _

if TYPE_CHECKING:
    from crmcore.api import Reader, Session
    from crmcore_callcenter.desk.wrapping import Said, Wrapped


@click.command()
@click.argument("call_", default="", metavar="[CALL]")
@click.argument("code", default="", metavar="[WRAP-CODE]")
@click.option("--note", metavar="TEXT", help="What was said: its promises, tasks and wishes are kept, as by crm log.")
@click.option("--follow", metavar="DAY", help="When to follow it up, such as 2026-12-01 or “next Friday”.")
@click.option("--answer", "answers", multiple=True, metavar="QUESTION=ANSWER", help="An answer to the code's form.")
@as_json
def wrap(call_: str, code: str, note: str | None, follow: str | None, answers: tuple[str, ...], json_: bool) -> None:
    """Sum up a call: how it ended, what was said, what is to be done; without CALL, your last one.

    Said again it corrects what was said before.
    """
    from crmcore.api import day_said, here, print_json, session
    from crmcore_callcenter.agents.naming import own_agent, wrap_code_named
    from crmcore_callcenter.calls.finding import call_named
    from crmcore_callcenter.calls.views import view
    from crmcore_callcenter.desk.present import last_call
    from crmcore_callcenter.desk.wrapping import Said

    with session() as s:
        with s.read() as reader:
            call_, code = _meant(reader, call_, code)
            key = call_named(reader, call_) if call_ else last_call(reader, own_agent(reader))
            said = Said(
                code_id=wrap_code_named(reader, code) if code else None,
                note=note,
                follow=day_said("--follow", follow, here(reader).today) if follow else None,
                answers=_answers(answers),
            )
        done = sum_up(s, key, said)
        with s.read() as reader:
            found = view(reader, key)
    if json_:
        print_json(
            {
                "call": key, "wrap_up": found.wrap_up, "wrapped_at": found.wrapped_at, "tasks": done.tasks,
                "form": done.form, "callback": done.callback, "interaction": found.interaction,
            }
        )  # fmt: skip
        return
    click.echo(_("Call {id} is summed up: {code}").format(id=key, code=found.wrap_up or _("no code")))
    tell_what_followed(done)


def sum_up(s: "Session", call_id: int, said: "Said") -> "Wrapped":
    """Sum up a call in the user's name, and keep what the caller said of themselves."""
    from crmcore_callcenter.desk import themselves, wrapping

    with s.write() as tx:
        done = wrapping.wrap(tx, call_id, said)
    themselves.keep(s.app, call_id, said.note, login=s.actor.login)
    return done


def tell_what_followed(done: "Wrapped") -> None:
    """Say what a summary led to."""
    if done.form is not None and done.form.sentence:
        click.echo(done.form.sentence)
    if done.tasks:
        click.echo(_("To do: {tasks}").format(tasks=", ".join(map(str, done.tasks))))
    if done.callback is not None:
        click.echo(_("To be called back: {id}").format(id=done.callback))


def _meant(reader: "Reader", call_: str, code: str) -> tuple[str, str]:
    """Return the call and the code that two words mean: one that is a code, and no call, is of the last call."""
    from crmcore.api import NotFound
    from crmcore_callcenter.agents.naming import wrap_code_named
    from crmcore_callcenter.calls.finding import call_named

    if not call_ or code:
        return call_, code
    try:
        call_named(reader, call_)
    except NotFound:
        try:
            wrap_code_named(reader, call_)
        except NotFound:
            return call_, code
        return "", call_
    return call_, code


def _answers(texts: tuple[str, ...]) -> dict[str, str]:
    from crmcore.api import InvalidInput

    found = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals:
            raise InvalidInput(_("“{text}” is no answer; write QUESTION=ANSWER.").format(text=text))
        found[name.strip()] = value.strip()
    return found
