"""Silver: what it declares holds together: processes, schedules, figures."""

from collections.abc import Iterator
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select

from crmcore.app import App
from crmcore.configuring.check_processes import process_problems
from crmcore.configuring.known import known
from crmcore.conformance.subject import Subject
from crmcore.delivery.schedules import following
from crmcore.errors import PluginError
from crmcore.hooks import declaring
from crmcore.hooks.background import Schedule
from crmcore.hooks.entities import EntityType
from crmcore.hooks.metrics import Metric
from crmcore.i18n import _
from crmcore.model.definitions import Process


def valid(subject: Subject) -> Iterator[str]:
    """Ask whether it can be declared at all, whether processes hang together, and figures can be reckoned."""
    with subject.workspace() as app:
        for hook in vars(declaring):
            if hook.startswith("crm_"):
                yield from _declared(app, subject, hook)


def _declared(app: App, subject: Subject, hook: str) -> Iterator[str]:
    before = len(app.dispatcher.failures)
    answers = app.dispatcher.collect_by_plugin(hook)
    for failure in app.dispatcher.failures[before:]:
        if failure.plugin == subject.name:
            yield _("{hook} fails: {error}").format(hook=hook, error=failure.message)
    for plugin, answer in answers:
        if plugin != subject.name:
            continue
        if isinstance(answer, Process):
            yield from _process(app, answer)
        elif isinstance(answer, EntityType):
            yield from _facts(app, answer)
        elif isinstance(answer, Schedule):
            yield from _schedule(answer)
        elif isinstance(answer, Metric):
            yield from _metric(app, answer)


def _process(app: App, process: Process) -> Iterator[str]:
    with app.transaction() as tx:
        problems = list(process_problems(process, tx.definitions, known(tx)))
    for keys, reason in problems:
        yield _("Process {process}, {place}: {reason}.").format(
            process=process.name, place=".".join(map(str, keys)), reason=reason
        )


def _facts(app: App, entity: EntityType) -> Iterator[str]:
    with app.read() as reader:
        for name in entity.facts:
            try:
                app.assembly.entities.named(entity.name).facts[name].of(reader, (0,))
            except PluginError as error:
                yield str(error)


def _schedule(schedule: Schedule) -> Iterator[str]:
    try:
        following(schedule.cron, datetime.now(UTC), ZoneInfo("Asia/Shanghai"))
    except Exception as error:  # noqa: BLE001 # whatever is wrong with the five fields
        yield _("Schedule {schedule}: “{cron}” is no time: {error}").format(
            schedule=schedule.name, cron=schedule.cron, error=error
        )


def _metric(app: App, metric: Metric) -> Iterator[str]:
    statement = select(metric.value).select_from(metric.source).where(*metric.conditions)
    try:
        with app.engine.connect() as connection:
            now = datetime.now(UTC)
            connection.execute(statement, {"today": now.date(), "now": now}).all()
    except Exception as error:  # noqa: BLE001 # a figure may fail in any way
        yield _("Figure {metric} cannot be reckoned: {error}").format(
            metric=metric.name, error=str(error).splitlines()[0]
        )
