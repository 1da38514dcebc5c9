"""Ticking off the steps of a stage's check list."""

from collections.abc import Sequence

from crmcore.api import InvalidInput, Transaction
from crmcore_sales.i18n import _
from crmcore_sales.model.opportunity import Opportunity
from crmcore_sales.model.stage import Step
from crmcore_sales.pipeline.guidance import pipeline, steps_of
from crmcore_sales.tables import step


def tick(tx: Transaction, record: Opportunity, said: Sequence[str], *, undo: bool = False, note: str = "") -> None:
    """Note that steps of an opportunity's stage were done, or were not after all; done is done once.

    Raises `InvalidInput` for what is no step of the stage.
    """
    steps = steps_of(pipeline(tx.definitions), record.stage)
    done = {one.text: one for one in tx.load(Step, step.c.opportunity_id == record.id, step.c.stage == record.stage)}
    for text in dict.fromkeys(step_said(steps, one, record.stage) for one in said):
        if undo and text in done:
            tx.remove(done[text])
        elif not undo and text not in done:
            made = Step(opportunity_id=record.id, stage=record.stage, text=text, done_at=tx.now, note=note)
            made.by_id = tx.actor.user_id or None
            tx.add(made)


def step_said(steps: Sequence[str], text: str, stage: str) -> str:
    """Return the step that a person means: its number, or the words it begins with.

    Raises `InvalidInput` with the steps there are.
    """
    if text.isascii() and text.isdigit() and 1 <= int(text) <= len(steps):
        return steps[int(text) - 1]
    found = [one for one in steps if one.casefold().startswith(text.strip().casefold())]
    if len(found) != 1:
        listed = "; ".join(f"{n}. {one}" for n, one in enumerate(steps, start=1)) or _("none")
        raise InvalidInput(
            _("“{text}” is no step of {stage}; there are: {steps}.").format(text=text, stage=stage, steps=listed)
        )
    return found[0]
