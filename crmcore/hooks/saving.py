"""Saving: refusing, following and hearing of changes."""

from collections.abc import Iterable, Sequence
from typing import Any

from crmcore.hooks.kinds import APPLY, NOTIFY, VETO, hook
from crmcore.hooks.reading import Subject
from crmcore.model.change import Change, Event


@hook(VETO)
def crm_before_save(changes: Sequence[Change], tx: Any) -> Iterable[str]:  # type: ignore[empty-body] # a specification
    """Refuse a change set, with reasons.

    Called once a transaction, before anything is written. `changes` is everything about to be written; `tx` may be
    read from. Return one sentence for each refusal; nothing to say is an empty answer. All refusals of all plugins are
    raised together as `Refused`. An exception refuses too: a check that cannot run is not passed.
    """


@hook(APPLY)
def crm_apply(changes: Sequence[Change], tx: Any) -> None:
    """Write what follows from a change set: an index, a sum, a projection of the plugin's own.

    Called once a transaction, after the rows are written and before the commit; `tx.execute` runs statements on the
    plugin's own tables.
    An exception rolls the whole transaction back and names the plugin.
    """


@hook(APPLY)
def crm_erase(subject: Subject, tx: Any) -> Iterable[str]:  # type: ignore[empty-body] # a specification
    """Remove what is known of a person from the plugin's own tables, sums left intact.

    Called by `crm erase`, in its transaction, before the columns of `crm_references` are emptied; `subject` has the ids
    of all records that were merged into the person. Called for the report before it, too, and then rolled back: act
    through `tx` alone. Return one sentence for what went and what stays and why; all are in the report. An exception
    keeps the person's data as it was.

    What is journalled of rows that point at nobody else is emptied. A table whose rows are about a contact, and name
    the customer only for whom it stood, says so: `Table(..., info={"about": "contact_id"})`.
    """


@hook(NOTIFY)
def crm_on_event(event: Event, tx: Any) -> None:
    """Hear of something that happened.

    Called after the commit, at least once for every journal entry whose type the plugin `hears`, in a transaction `tx`
    of the plugin's own. What is done through `tx` is done exactly once: it is committed together with the note that
    the entry was heard. An exception undoes that, and the entry is told again, later and later, at last set aside
    (`crm delivery list`); entries about the same record wait behind it, others do not.
    """
