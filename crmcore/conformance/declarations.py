"""Silver: what it declares holds: processes, schedules, figures, actions, formats."""

from collections.abc import Iterator

from sqlalchemy import select

from crmcore.app import App
from crmcore.conformance.subject import Subject
from crmcore.hooks import declaring
from crmcore.hooks.metrics import Metric
from crmcore.i18n import _
from crmcore.model.definitions import CREATED, Process


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
            yield from _process(answer)
        elif isinstance(answer, Metric):
            yield from _metric(app, answer)


def _process(process: Process) -> Iterator[str]:
    states, fields = {each.name for each in process.states}, {each.name for each in process.fields}
    if not states:
        yield _("Process {process} has no states.").format(process=process.name)
    for way in process.transitions:
        for name in sorted({way.origin, way.target} - states - {CREATED}):
            yield _("Process {process} has a way to or from “{state}”, which is none of its states.").format(
                process=process.name, state=name
            )
    del fields


def _metric(app: App, metric: Metric) -> Iterator[str]:
    statement = select(metric.value).select_from(metric.source).where(*metric.conditions)
    try:
        with app.engine.connect() as connection:
            connection.execute(statement).all()
    except Exception as error:  # noqa: BLE001 # a figure may fail in any way
        yield _("Figure {metric} cannot be reckoned: {error}").format(
            metric=metric.name, error=str(error).splitlines()[0]
        )
