"""`crm callcenter event`: what a script on this machine tells of calls."""

from typing import BinaryIO

import click

from crmcore.command import as_json
from crmcore_callcenter.i18n import _


@click.group()
def event() -> None:
    """Tell what happens to calls, as a telephone system does by `POST /calls/events`."""


@event.command()
@click.argument("file", type=click.File("rb"), default="-", metavar="[FILE|-]")
@click.option("--line", "line_", default="", metavar="LINE", help="Under whose word the calls are kept.")
@as_json
def post(file: BinaryIO, line_: str, json_: bool) -> None:
    """Take events in: a JSON object, a list of them, or one on each line; told twice they are the same.

    docs/reference/call-events.md describes them. What is not right is named with its place, and nothing of it is taken;
    the command then ends with 1.
    """
    from crmcore.api import print_json, session, tell
    from crmcore_callcenter.agents.naming import line_named
    from crmcore_callcenter.listening.posting import post as take_in
    from crmcore_callcenter.listening.posting import sentences, told
    from crmcore_callcenter.model.line import PhoneLine
    from crmcore_callcenter.protocol.posting import SOURCE

    with session() as s, s.write() as tx:
        found = tx.get(PhoneLine, line_named(tx, line_)) if line_ else None
        done = take_in(tx, file.read(), system=found.system if found else SOURCE, line_id=found.id if found else None)
    for sentence in sentences(done.refused, file.name):
        tell(sentence)
    if json_:
        print_json(told(done))
    else:
        click.echo(
            _("Taken: {taken}, known already: {known}, refused: {refused}.").format(
                taken=done.taken, known=done.known, refused=len(done.refused)
            )
        )
    if done.refused:
        raise SystemExit(1)
