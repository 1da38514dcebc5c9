"""Saving: refusing, following and hearing of changes."""

from collections.abc import Iterable, Sequence
from typing import Any

from crmcore.hooks.kinds import APPLY, NOTIFY, VETO, hook
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

    Called once a transaction, after the rows are written and before the commit; `tx.connection` executes statements.
    An exception rolls the whole transaction back and names the plugin.
    """


@hook(NOTIFY)
def crm_on_event(event: Event, tx: Any) -> None:
    """Hear of something that happened.

    Called after the commit, once for every journal entry, in a transaction `tx` of the plugin's own. An exception is
    reported with the plugin's name and touches nobody else.
    """
