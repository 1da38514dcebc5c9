"""`crm config`: fields, processes, automations, roles, terms, targets and calendars of a workspace, from TOML files."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from crmcore.cli.output import as_json, print_json, print_table, tell
from crmcore.command import RECORD_ID
from crmcore.i18n import _

if TYPE_CHECKING:
    from crmcore.configuring.plan import Change, Plan

_FILES = click.argument(
    "files", nargs=-1, required=True, metavar="FILE...", type=click.Path(path_type=Path, dir_okay=False)
)
_PRUNE = click.option("--prune", is_flag=True, help="Remove what is in force and in none of the files.")


@click.group()
def config() -> None:
    """Define fields, processes, automations, roles, terms, targets and calendars in TOML; see, apply, revert them."""


@config.command()
@_FILES
@_PRUNE
@as_json
def apply(files: Sequence[Path], prune: bool, json_: bool) -> None:
    """Apply what FILES define, all or nothing; what they do not name stays. Running programs see it at once."""
    from crmcore.cli.session import session
    from crmcore.configuring.apply import apply as apply_files
    from crmcore.definitions.reading import read_files

    reading = read_files(files)
    with session() as s, s.write() as tx:
        done = apply_files(tx, reading, prune=prune)
    _print_done(done.id, done.plan, json_)


@config.command()
@_FILES
@_PRUNE
@as_json
def diff(files: Sequence[Path], prune: bool, json_: bool) -> None:
    """Show what applying FILES would change, and what that would mean for the records there are."""
    from crmcore.cli.session import session
    from crmcore.configuring.apply import diff as compare
    from crmcore.definitions.reading import read_files

    reading = read_files(files)
    with session() as s, s.write() as tx:
        plan = compare(tx, reading, prune=prune)
        tx.abandon()
    if json_:
        print_json(_told(plan))
        return
    _print_plan(plan)


@config.command()
@as_json
def export(json_: bool) -> None:
    """Write all definitions as TOML, which `crm config apply` reads again."""
    from crmcore.cli.session import session
    from crmcore.definitions import store
    from crmcore.definitions.shapes import SHAPES
    from crmcore.definitions.writing import ordered, written

    with session() as s, s.read() as reader:
        bodies = store.bodies(reader.connection)
    if json_:
        print_json(
            [{"kind": kind, "name": name, **ordered(body, SHAPES[kind])} for (kind, name), body in bodies.items()]
        )
        return
    click.echo(written(bodies), nl=False)


@config.command()
@click.argument("application", type=RECORD_ID, required=False, metavar="[ID]")
@as_json
def revert(application: int | None, json_: bool) -> None:
    """Undo the last application of definitions, or that of ID; see `crm config history`."""
    from crmcore.cli.session import session
    from crmcore.configuring.apply import revert as undo

    with session() as s, s.write() as tx:
        done = undo(tx, application)
    _print_done(done.id, done.plan, json_)


@config.command()
@click.option("--limit", type=click.IntRange(1, 1000), default=20, show_default=True, help="How many at most.")
@click.option("--after", type=RECORD_ID, metavar="ID", help="Go on after this one (the last one shown).")
@as_json
def history(limit: int, after: int | None, json_: bool) -> None:
    """List what was applied and reverted, the newest first."""
    from crmcore.cli.session import session
    from crmcore.configuring.apply import history as entries

    with session() as s, s.read() as reader:
        found = entries(reader, limit=limit, after=after)
    if json_:
        print_json(found)
        return
    print_table(
        [_("id"), _("when"), _("who"), _("what"), ""],
        [
            (
                one["id"],
                one["at"].strftime("%Y-%m-%d %H:%M"),
                one["actor"],
                _("reverted {id}").format(id=one["reverts"]) if one["reverts"] else _("applied"),
                ", ".join(f"{each['kind']}.{each['name']} {_(each['action'])}" for each in one["changes"]),
            )
            for one in found
        ],
    )


def _print_done(application: int, plan: "Plan", json_: bool) -> None:
    if json_:
        print_json({"id": application, **_told(plan)})
        return
    _print_plan(plan)
    if application:
        tell(_("Applied as {id}; `crm config revert {id}` takes it back.").format(id=application))


def _told(plan: "Plan") -> dict[str, Any]:
    return {
        "changes": [
            {"kind": one.kind, "name": one.name, "action": one.action, "before": one.before, "after": one.after}
            for one in plan.changes
        ],
        "effects": plan.effects,
    }


_MARKS = {"added": "+", "changed": "~", "removed": "-"}


def _print_plan(plan: "Plan") -> None:
    if not plan.changes:
        tell(_("Nothing changes."))
    for change in plan.changes:
        click.echo(f"{_MARKS[change.action]} {change.kind}.{change.name} ({_(change.action)})")
        _print_keys(change, click.echo)
    for effect in plan.effects:
        ids = ", ".join(map(str, effect.ids))
        more = ", …" if effect.count > len(effect.ids) else ""
        mark = "! " if effect.refused else "  "
        click.echo(f"{mark}{effect.subject}: {effect.text}{f' ({ids}{more})' if ids else ''}")


def _print_keys(change: "Change", say: Callable[[str], None]) -> None:
    for key, (before, after) in change.keys.items():
        if change.action == "changed":
            say(f"    {key}: {_shown(before)} → {_shown(after)}")
        elif change.action == "added":
            say(f"    {key}: {_shown(after)}")


def _shown(value: Any) -> str:
    if value is None:
        return "–"
    if isinstance(value, list):
        return "; ".join(_shown(one) for one in value)
    if isinstance(value, dict):
        return " ".join(f"{key}={_shown(one)}" for key, one in value.items())
    return str(value)
