"""`crm automation`: what runs by itself, why it did or did not, and what it would have done."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from crmcore.cli.output import as_json, print_json, print_table, tell
from crmcore.errors import InvalidInput
from crmcore.i18n import _

if TYPE_CHECKING:
    from crmcore.cli.session import Session
    from crmcore.model.definitions import Automation, Definitions


@click.group()
def automation() -> None:
    """See automations, ask why one did or did not run, and try one on history."""


@automation.command("list")
@as_json
def list_(json_: bool) -> None:
    """List the automations of this workspace, and how often each ran, was cut off and failed."""
    from crmcore.automation.ledger import counts
    from crmcore.cli.session import session

    with session() as s, s.read() as reader:
        ran = counts(reader.connection)
        found = [
            {
                "name": one.name, "title": one.title, "on": one.on, "when": one.when, "actions": list(one.actions),
                **{outcome: ran.get(one.name, {}).get(outcome, 0) for outcome in ("done", "cut", "failed")},
                "last": ran.get(one.name, {}).get("last"),
            }
            for one in s.app.assembly.definitions.automations
        ]  # fmt: skip
    if json_:
        print_json(found)
        return
    print_table(
        [_("automation"), _("on"), _("when"), _("does"), _("ran"), _("cut"), _("failed")],
        [
            (one["name"], one["on"], one["when"], ", ".join(str(a.get("do")) for a in one["actions"]), one["done"],
             one["cut"], one["failed"])
            for one in found
        ],
    )  # fmt: skip


@automation.command()
@click.argument("name")
@click.argument("said", nargs=-1, required=True, metavar="#EVENT|ID|NAME")
@click.option("--limit", type=click.IntRange(1, 1000), default=20, show_default=True, help="How many events at most.")
@as_json
def why(name: str, said: tuple[str, ...], limit: int, json_: bool) -> None:
    """Tell why an automation did or did not run: for an entry of the journal (#12), or for a record's last ones.

    A record is named by its id, a customer or contact also by a name.
    """
    from crmcore.automation.why import named, of_event, of_record
    from crmcore.cli.party_options import id_said
    from crmcore.cli.session import session
    from crmcore.directory.moments import here
    from crmcore.search.naming import the_one

    text = " ".join(said)
    with session() as s, s.read() as reader:
        definitions, entities = s.app.assembly.definitions, s.app.assembly.entities
        asked = named(definitions, reader, name)
        if text.startswith("#") and text[1:].isdigit():
            found = [of_event(reader, definitions, entities, asked, int(text[1:]))]
        else:
            record_id = id_said(text)
            if record_id is None:
                record_id = the_one(reader, text, region=here(reader).region).id
            found = of_record(reader, definitions, entities, asked, record_id, limit)
    if json_:
        print_json(found)
        return
    for one in found:
        click.echo(f"#{one.event_id}  {one.at:%Y-%m-%d %H:%M}  {one.type} {one.subject_id}: {_OUTCOMES[one.outcome]()}")
        if one.reason:
            click.echo(f"    {one.reason}")
        for made in one.made:
            click.echo("    " + _done(made))


_OUTCOMES = {
    "done": lambda: _("it ran"),
    "not": lambda: _("it did not run"),
    "deaf": lambda: _("it did not hear of it"),
    "before": lambda: _("it was not in force"),
    "waiting": lambda: _("it has not run yet"),
    "parked": lambda: _("it was set aside"),
    "cut": lambda: _("it was cut off as a loop"),
    "failed": lambda: _("it failed"),
}


def _done(made: dict[str, Any]) -> str:
    told = ", ".join(f"{key}: {value}" for key, value in sorted(made.items()) if key not in ("do", "entity", "id"))
    record = f" → {made['entity']} {made['id']}" if "id" in made else ""
    return f"{made['do']} ({told}){record}"


@automation.command()
@click.argument("said", metavar="NAME|FILE")
@click.option("--since", required=True, metavar="DATE", help="The first day of the history it is tried on.")
@click.option("--name", default="", metavar="NAME", help="Which automation of the file; needed when it has several.")
@click.option("--limit", type=click.IntRange(0, 10_000), default=20, show_default=True, help="How many runs to tell.")
@as_json
def test(said: str, since: str, name: str, limit: int, json_: bool) -> None:
    """Try an automation on history: for what it would have run, and what it would have done. Nothing is written.

    One that is in force, or one from a file before it is applied.
    """
    from crmcore.automation.trial import trial
    from crmcore.automation.why import named
    from crmcore.cli.session import session
    from crmcore.directory.moments import here, moment_said

    with session() as s, s.read() as reader:
        definitions = s.app.assembly.definitions
        path = Path(said)
        if path.suffix == ".toml":
            definitions, one = _from_file(s, path, name)
        else:
            one = named(definitions, reader, said)
        start = moment_said("--since", since, here(reader))
        done = trial(reader, definitions, s.app.assembly.entities, one, start, limit=limit)
    if json_:
        print_json(done)
        return
    told = _("{entries} entries since {since}: {heard} heard, {runs} runs for {records} records, {failed} failures.")
    counted = {"entries": done.entries, "heard": done.heard, "runs": done.runs, "records": done.records}
    tell(told.format(since=since, failed=done.failed, **counted))
    if done.why_failed:
        tell(done.why_failed)
    for match in done.matches:
        click.echo(f"#{match.event_id}  {match.at:%Y-%m-%d %H:%M}  {match.type} {match.subject_id}")
        for would in match.would:
            click.echo("    " + _done(would))


def _from_file(s: "Session", path: Path, name: str) -> "tuple[Definitions, Automation]":
    """Return the automation of a file that is not applied, and the definitions as they would be with the file.

    Raises `Refused` for what is wrong with the file, `InvalidInput` for none, or for several unnamed.
    """
    from crmcore.configuring.apply import diff
    from crmcore.definitions.reading import read_files

    reading = read_files([path])
    names = [one.name for one in reading.said if one.kind == "automation" and not one.remove]
    with s.app.transaction(s.actor) as tx:
        after = diff(tx, reading).after
        tx.abandon()
    chosen = [one for one in names if name in ("", one)]
    if len(chosen) != 1:
        raise InvalidInput(
            _("{file} has these automations: {names}; say which one with --name.").format(
                file=path.name, names=", ".join(names) or _("none")
            )
        )
    return after, next(one for one in after.automations if one.name == chosen[0])
