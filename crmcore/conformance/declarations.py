"""Silver: what it declares holds together: processes, schedules, figures."""

from collections.abc import Iterator
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import attrs
from sqlalchemy import select

from crmcore.app import App
from crmcore.configuring.check_processes import process_problems
from crmcore.configuring.known import known
from crmcore.conformance.subject import Subject
from crmcore.delivery.schedules import following
from crmcore.errors import PluginError
from crmcore.hooks import declaring, forms, handing, outcomes
from crmcore.hooks.background import Schedule
from crmcore.hooks.entities import EntityType
from crmcore.hooks.handing import Taker
from crmcore.hooks.metrics import Metric
from crmcore.hooks.outcomes import Outcome
from crmcore.i18n import _
from crmcore.model.definitions import Process

_NO_VALUES = {"name", "title", "stage", "source", "entity", "lines"}
"""What of an outcome is no expression over its source."""


def valid(subject: Subject) -> Iterator[str]:
    """Ask whether it can be declared at all, whether processes hang together, and figures can be reckoned."""
    with subject.workspace() as app:
        for hook in (*vars(declaring), *vars(outcomes), *vars(handing), *vars(forms)):
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
        elif isinstance(answer, Outcome) and (problem := outcome_problem(app, answer)):
            yield problem
        elif isinstance(answer, Taker) and answer.entity not in app.assembly.entities.tables:
            yield _("Taker {taker} makes records of no kind that is here: {entity}.").format(
                taker=answer.name, entity=answer.entity
            )


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


def outcome_problem(app: App, outcome: Outcome) -> str:
    """Return why an outcome, with all it tells, cannot be read; empty for one that can."""
    told = [getattr(outcome, each.name) for each in attrs.fields(Outcome) if each.name not in _NO_VALUES]
    statement = select(*[one.label(f"c{place}") for place, one in enumerate(told) if one is not None])
    statements = [statement.select_from(outcome.source).limit(1)]
    if outcome.lines is not None:
        of = outcome.lines
        told = [of.product, of.name, of.quantity, of.amount, *([] if of.family is None else [of.family])]
        lines = select(*[one.label(f"c{place}") for place, one in enumerate(told)])
        statements.append(lines.select_from(outcome.source.join(of.source, of.record == outcome.record)).limit(1))
    try:
        with app.engine.connect() as connection:
            now = datetime.now(UTC)
            for each in statements:
                connection.execute(each, {"today": now.date(), "now": now, "base": "EUR"}).all()
    except Exception as error:  # noqa: BLE001 # an expression may fail in any way
        return _("Outcome {outcome} cannot be read: {error}").format(
            outcome=outcome.name, error=str(error).splitlines()[0]
        )
    return ""
