"""Upgrading a workspace: core and enabled plugins as one step, checked before and after, or nothing of it.

The order is that of dependency: the core, then what plugins require, then they themselves. Everything happens in one
transaction, so that a failure, a kill or a full disk leaves the workspace exactly as it was.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from time import perf_counter

from attrs import field, frozen
from sqlalchemy import Connection, Engine, func, inspect, select

from crmcore.engine import clock, journal, migrate, positions, tables
from crmcore.engine.bulk import Writer
from crmcore.engine.tables import metadata
from crmcore.engine.workspace import explained, recognised
from crmcore.errors import CrmError, NotFound, PluginError, WorkspaceError
from crmcore.i18n import _
from crmcore.lifecycle import claims, generation, schema, states
from crmcore.model.change import Event
from crmcore.model.user import SYSTEM
from crmcore.plugins.discovery import Installed, installed, load
from crmcore.plugins.manifest import Plugin
from crmcore.plugins.resolve import resolve


@frozen(kw_only=True)
class Step:
    """A history and what is before it: `from_` is the revision reached, `revisions` those still to come."""

    name: str
    from_: str
    revisions: tuple[str, ...]
    version: str = ""
    found: Installed | None = field(default=None, repr=False)
    plugin: Plugin | None = field(default=None, repr=False)

    @property
    def to(self) -> str:
        """The revision, or for a plugin without tables the version, that the step leads to."""
        return self.revisions[-1] if self.revisions else self.from_ or self.version


@frozen(kw_only=True)
class Plan:
    """An upgrade: its steps in order, and the plugins left as they are, by name, each with the reason."""

    steps: tuple[Step, ...]
    left: Mapping[str, str]

    @property
    def label(self) -> str:
        """The revision the upgrade leads to, by which its restore point is named; empty when no table changes."""
        ahead = [step.revisions[-1] for step in self.steps if step.revisions]
        return ahead[0] if ahead else ""


@frozen(kw_only=True)
class Done:
    """An upgrade that was made: its plan, what could be brought back from, and how long it took, in seconds."""

    plan: Plan
    restore_point: str = ""
    seconds: float = 0.0


Keep = Callable[[Connection, str], str]
"""Makes a restore point of the workspace of a connection before the named revision, and returns where it is."""


_COMING_AND_GOING = frozenset(
    {tables.finding, tables.hook_time, tables.schedule, tables.job, tables.subscription, tables.delivery, tables.worker}
)


class _Rehearsed(Exception):  # it ends a transaction that was not meant to hold
    pass


def plan(connection: Connection, without: Collection[str] = ()) -> Plan:
    """Return what an upgrade would do; nothing is changed.

    Every enabled plugin is resolved, and every history read, before anything begins. Left as they are: the plugins of
    `without` with those that require them, and those that are not installed. Raises `CrmError`, naming the plugin and
    what to do, for one that does not load, does not resolve, or whose history is no single line.
    """
    ahead = migrate.pending(connection, migrate.CORE)
    core = Step(name=migrate.CORE.name, from_=_at(connection, migrate.CORE), revisions=tuple(ahead))
    known = _enabled(connection, older=bool(ahead))
    left = dict.fromkeys(states.absent(known), states.absence())
    for name in without:
        if name not in known:
            raise NotFound(_("Plugin {name} is not enabled.").format(name=name))
        left[name] = _("left out")
    left |= {name: _("requires what is left out") for name in known if name not in left and _requires(name, without)}
    steps: dict[str, Step] = {}
    for name in [each for each in known if each not in left]:
        with _advised(name):
            for found, plugin in resolve(name):
                step = _step(connection, found, plugin)
                if ahead or step.revisions or known.get(found.name) != found.version:
                    steps.setdefault(found.name, step)
    return Plan(steps=(*([core] if ahead else ()), *steps.values()), left=left)


def upgrade(engine: Engine, *, without: Collection[str] = (), by: str = SYSTEM.login, keep: Keep | None = None) -> Done:
    """Upgrade a workspace in the name of `by`; a workspace with nothing to upgrade is not touched.

    `keep` makes the restore point, while nobody else writes (SQLite) or migrates. Raises `CrmError` as `plan` does, and
    when a migration fails or what it leaves does not hold: then nothing happened.
    """
    begun = perf_counter()
    with explained(engine):
        with engine.connect() as connection:
            wanted = plan(connection, without)
        if not wanted.steps:
            return Done(plan=wanted, seconds=perf_counter() - begun)
        with migrate.alone(engine) as connection:
            recognised(connection)
            wanted = plan(connection, without)  # another process may have been quicker
            point = keep(connection, wanted.label) if keep is not None and wanted.label else ""
            _carry_out(connection, wanted, by)
    return Done(plan=wanted, restore_point=point, seconds=perf_counter() - begun)


def rehearse(engine: Engine, *, without: Collection[str] = ()) -> Done:
    """Try an upgrade whole and take it back: in a transaction that is rolled back. Raises as `upgrade` does."""
    begun = perf_counter()
    try:
        with explained(engine), migrate.alone(engine) as connection:
            wanted = plan(connection, without)
            _carry_out(connection, wanted, SYSTEM.login)
            migrate.must_hold(connection)
            raise _Rehearsed
    except _Rehearsed:
        return Done(plan=wanted, seconds=perf_counter() - begun)


def _carry_out(connection: Connection, wanted: Plan, by: str) -> None:
    """Take the steps of a plan, in the transaction of the connection, and verify what they leave."""
    if not wanted.steps:
        return
    before = _counts(connection)
    for step in wanted.steps:
        if step.found is None or step.plugin is None:
            migrate.bring(connection, migrate.CORE)
            continue
        with _advised(step.name):
            _take(connection, step.found, step.plugin)
            if step.revisions:
                _must_have_kept(connection, before, step.name)
                migrate.must_hold(connection)
    _must_have_kept(connection, before, migrate.CORE.name)
    for step in wanted.steps:
        if step.revisions and _at(connection, _history(step)) != step.revisions[-1]:
            raise WorkspaceError(_("The tables of {name} did not reach {revision}.").format(
                name=step.name, revision=step.revisions[-1]))  # fmt: skip
    data = {step.name: [step.from_, _at(connection, _history(step))] for step in wanted.steps}
    told = Event(
        at=clock.now(), actor=by, cause="", type="workspace.upgraded", entity="workspace", subject_id=0, data=data
    )
    journal.append(connection, Writer(connection.dialect), [told])
    generation.advance(connection)


def _take(connection: Connection, found: Installed, plugin: Plugin) -> None:
    module = load(found)[1]
    names = claims.examined(found, plugin, module, states.recorded(connection))
    schema.bring(connection, plugin)
    states.write_state(connection, found, plugin, names)
    if claims.listens(module):
        positions.begin_new(connection, [found.name])


@contextmanager
def _advised(name: str) -> Iterator[None]:
    """Say of a failure which plugin it is about, and what can be done."""
    try:
        yield
    except CrmError as error:
        raise PluginError(
            _(
                "Plugin {name} is in the way of the upgrade: {why} Nothing was changed; {command} upgrades the rest."
            ).format(name=name, why=error, command=f"`crm init --without {name}`")
        ) from error


def _requires(name: str, without: Collection[str]) -> bool:
    """Return whether a plugin requires one of those left out, directly or not, as far as plugins load."""
    here = {one.name: one for one in installed()}
    seen: set[str] = set()
    ahead = [name]
    while ahead:
        each = ahead.pop()
        if each in seen or each not in here:
            continue
        seen.add(each)
        with suppress(PluginError):
            ahead.extend(load(here[each])[0].requires)
    return bool(seen & set(without))


def _enabled(connection: Connection, *, older: bool) -> dict[str, str]:
    """Return the enabled plugins and the versions their tables are of; an empty database has none."""
    if older and not inspect(connection).has_table("plugin"):
        return {}
    return states.enabled_versions(connection)


def _step(connection: Connection, found: Installed, plugin: Plugin) -> Step:
    history = migrate.History(name=plugin.name, versions=plugin.migrations) if plugin.migrations else None
    return Step(
        name=found.name,
        from_="" if history is None else _at(connection, history),
        revisions=() if history is None else tuple(migrate.pending(connection, history)),
        version=found.version,
        found=found,
        plugin=plugin,
    )


def _history(step: Step) -> migrate.History:
    if step.plugin is None:
        return migrate.CORE
    return migrate.History(name=step.name, versions=step.plugin.migrations or migrate.CORE.versions)


def _at(connection: Connection, history: migrate.History) -> str:
    return migrate.reached(connection, history) or ""


def _counts(connection: Connection) -> dict[str, int]:
    """Return how many rows each table of the core holds whose rows nobody but their users takes away."""
    there = set(inspect(connection).get_table_names())
    return {
        table.name: int(connection.execute(select(func.count()).select_from(table)).scalar_one())
        for table in metadata.sorted_tables
        if table.name in there and table not in _COMING_AND_GOING
    }


def _must_have_kept(connection: Connection, before: Mapping[str, int], name: str) -> None:
    """Raise `WorkspaceError` when a table of the core holds fewer rows than before."""
    now = _counts(connection)
    lost = [table for table, count in before.items() if now.get(table, 0) < count]
    if lost:
        raise WorkspaceError(
            _("The upgrade of {name} lost {n} rows of {table}.").format(
                name=name, n=before[lost[0]] - now.get(lost[0], 0), table=lost[0]
            )
        )
