"""`crm plugin replay`: what a plugin would have done."""

import getpass
from collections.abc import Iterable
from datetime import tzinfo
from typing import TYPE_CHECKING

import click

from crmcore.cli.output import as_json, print_json, print_table, tell
from crmcore.errors import Denied
from crmcore.i18n import _

if TYPE_CHECKING:
    from crmcore.replay.report import Replay


@click.command()
@click.argument("name")
@click.option("--since", required=True, metavar="DATE", help="From when on, such as 2026-05-01.")
@click.option("--until", metavar="DATE", help="Up to when, not included; default: now.")
@click.option("--limit", type=click.IntRange(0, 100), default=3, show_default=True, help="How many examples of each.")
@as_json
def replay(name: str, since: str, until: str | None, limit: int, json_: bool) -> None:
    """Tell an installed plugin, enabled or not, what happened, and report what it would have done.

    It is enabled, with what it requires, in a sandbox copy of the workspace, and told every entry of the journal it
    listens to, each at its time; the acts decided on are put to it again. The workspace itself is only read; network
    and other programs are out of reach. The records in the copy are those of today, not those of the time: a plugin
    that looks at more than the entry may have decided otherwise then.
    """
    from crmcore.app import open_workspace
    from crmcore.directory.moments import here, moment_said
    from crmcore.engine import clock
    from crmcore.engine.reader import Reader
    from crmcore.replay.run import replay as run

    given = click.get_current_context().find_root().obj
    app = open_workspace(given["db"])  # no session, which may write at its end: deliveries, what was noticed of plugins
    try:
        actor = app.actor(given["user"] or getpass.getuser())
        scope = app.assembly.scope(actor.role)
        with Reader(app.engine.connect(), actor, scope) as reader:
            place = here(reader)
            if not scope.manages:
                raise Denied(
                    _("Only an administrator replays what happened; {login} is {role}.").format(
                        login=actor.login, role=actor.role
                    )
                )
        begin = moment_said("--since", since, place)
        end = moment_said("--until", until, place) if until else clock.now()
        found = run(app, name, begin, end, limit=limit)
    finally:
        app.engine.dispose()  # closing the app would write what was noticed of plugins
    if json_:
        print_json(found)
    else:
        _print(found, place.zone)


def _print(found: "Replay", zone: tzinfo) -> None:
    period = f"{found.since.astimezone(zone):%Y-%m-%d %H:%M} – {found.until.astimezone(zone):%Y-%m-%d %H:%M}"
    told = [
        (_("plugin"), f"{found.plugin} {found.version}"),
        (_("period"), period),
        (_("entries of the journal"), found.events),
        (_("told to the plugin"), found.told),
        (_("followed from its own effects"), found.followed),
        (_("about records that are gone"), found.gone),
        (_("failures"), found.failures),
    ]
    if found.acts:
        said = _("{n} of {acts} acts; warned of {w}").format(n=found.stopped, acts=found.acts, w=found.warned)
        told.append((_("would have stopped"), said))
    print_table(["", ""], told)
    if found.effects or found.rows:
        print_table([_("would have done"), _("times"), _("on"), _("such as")], _done(found))
    if found.stops:
        rows = [(f"{one.at.astimezone(zone):%Y-%m-%d %H:%M}", one.kind, f"{_(one.entity)} {one.id}", one.reason)
                for one in found.stops]  # fmt: skip
        print_table([_("would have stopped"), _("act"), _("towards"), _("reason")], rows)
    if found.failed:
        print_table([_("failed on"), _("entry"), _("why")], [(one.type, one.event_id, one.why) for one in found.failed])
    tell(
        _("{n} entries in {s:.1f} s, in a copy made in {c:.1f} s; nothing was changed in the workspace.").format(
            n=found.told, s=found.seconds, c=found.copying
        )
    )


def _done(found: "Replay") -> Iterable[tuple[object, ...]]:
    for effect in found.effects:
        for place, one in enumerate(effect.examples):
            first = (effect.type, effect.count) if place == 0 else ("", "")
            yield (*first, one.on, f"{one.id} {one.text}")
        if not effect.examples:
            yield (effect.type, effect.count, "", "")
    for table, count in found.rows.items():
        yield (_("rows of {table}").format(table=table), f"{count:+d}", "", "")
