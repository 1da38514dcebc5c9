"""The pipeline as this workspace defines it, and what whoever has a deal in a stage is told there (row S4-08)."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from attrs import frozen
from sqlalchemy import select

from crmcore.api import Definitions, InvalidInput, NotFound, PluginReader, Process, Reader, State, logins
from crmcore_sales.i18n import _
from crmcore_sales.tables import opportunity, step


def pipeline(definitions: Definitions) -> Process:
    """Return the process that opportunities go through; raises `NotFound` when there is none."""
    found = next((one for one in definitions.processes if one.entity == opportunity.name), None)
    if found is None:
        raise NotFound(_("No process is defined for opportunities now."))
    return found


def stage(process: Process, name: str) -> State | None:
    """Return a stage; None for one that is not defined any more."""
    return next((one for one in process.states if one.name == name), None)


def stage_said(process: Process, text: str) -> State:
    """Return the stage that a person means: its name or label, in any case.

    Raises `InvalidInput` with the stages there are.
    """
    wanted = text.strip().casefold()
    for one in process.states:
        if wanted in (one.name.casefold(), one.label.casefold()):
            return one
    known = ", ".join(one.label or one.name for one in process.states)
    raise InvalidInput(_("There is no stage “{stage}”; there are: {known}.").format(stage=text, known=known))


def status_names() -> dict[str, str]:
    """Return how the kinds of stages are called in the user's language."""
    return {"open": _("open"), "won": _("won"), "lost": _("lost"), "done": _("done")}


def ending(process: Process, kind: str, text: str = "") -> State:
    """Return the stage in which a deal is won or lost: the one that is meant, or the only one of the kind.

    Raises `InvalidInput` when it is not clear which.
    """
    if text:
        found = stage_said(process, text)
        if found.kind != kind:
            raise InvalidInput(
                _("The stage {stage} is not {kind}.").format(stage=found.name, kind=status_names()[kind])
            )
        return found
    ends = [one for one in process.states if one.kind == kind]
    if len(ends) != 1:
        names = ", ".join(one.name for one in ends) or _("none")
        raise InvalidInput(
            _("Which stage is {kind}? Say --stage; there are: {names}.").format(kind=status_names()[kind], names=names)
        )
    return ends[0]


def steps_of(process: Process, name: str) -> tuple[str, ...]:
    """Return the check list of a stage."""
    found = stage(process, name)
    return found.steps if found else ()


def limits(process: Process, now: datetime) -> dict[str, datetime]:
    """Return by stage the instant before which a deal came into it that is there for too long."""
    found = {one.name: one.days for one in process.states if one.kind == "open" and one.days is not None}
    return {name: now - timedelta(days=days) for name, days in found.items()}


@frozen(kw_only=True)
class StepView:
    """A step of a stage's check list: done when and by whom, or not yet (`done_at` is None)."""

    number: int
    text: str
    done: bool
    done_at: datetime | None
    by: str
    note: str


@frozen(kw_only=True)
class Guidance:
    """What a stage tells: its check list with what is done of it, a template, whom to ask, and how long it may take."""

    stage: str
    label: str
    steps: Sequence[StepView]
    done: int
    of: int
    template: str
    expert: str
    probability: int | None
    days: int | None


def guidance(reader: Reader | PluginReader, process: Process, stages: Mapping[int, str]) -> dict[int, Guidance]:
    """Return by id what the stage of each opportunity tells; `stages` has the stage by id. Two statements at most."""
    done: dict[tuple[int, str, str], Any] = {}
    if any(steps_of(process, name) for name in stages.values()):
        for row in reader.rows(select(step).where(step.c.opportunity_id.in_(stages))):
            done[row.opportunity_id, row.stage, row.text] = row
    users = logins(reader, {row.by_id for row in done.values()}) if done else {}
    return {key: _guidance(key, stage(process, name) or State(name=name), done, users) for key, name in stages.items()}


def _guidance(key: int, state: State, done: Mapping[tuple[int, str, str], Any], users: Mapping[int, str]) -> Guidance:
    steps = []
    for number, text in enumerate(state.steps, start=1):
        row = done.get((key, state.name, text))
        steps.append(
            StepView(
                number=number,
                text=text,
                done=row is not None,
                done_at=row.done_at if row else None,
                by=users.get(row.by_id, "") if row else "",
                note=row.note if row else "",
            )
        )
    return Guidance(
        stage=state.name,
        label=state.label,
        steps=steps,
        done=sum(one.done for one in steps),
        of=len(steps),
        template=state.template,
        expert=state.expert,
        probability=state.probability,
        days=state.days,
    )
