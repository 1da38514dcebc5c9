"""Policy: objecting to an act towards a party before it happens."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from attrs import frozen

from crmcore.hooks.kinds import VETO, hook


@frozen(kw_only=True)
class Act:
    """Something somebody is about to do towards a party.

    `kind` is contact, visit, quote, discount or a plugin's own; for a contact `channel` (email, call, ...) and
    `purpose` (sales, marketing, service, transactional) say how and why. `at` is when it would happen.
    """

    kind: str
    at: datetime
    channel: str = ""
    purpose: str = ""
    contact_id: int | None = None
    customer_id: int | None = None


@frozen(kw_only=True)
class Objection:
    """Why an act should not happen. `blocks` is false for a warning; `until` is when it ends, if that is known."""

    act: Act
    reason: str
    blocks: bool = True
    until: datetime | None = None


@hook(VETO)
def crm_objections(acts: Sequence[Act], tx: Any) -> Iterable[Objection]:  # type: ignore[empty-body] # a specification
    """Object to acts, each objection naming its act and the reason.

    Called by `tx.permit(acts)` at the moment of acting, with one act or thousands: answer with statements over all of
    them, never one for each. The core's own consent rules and quiet hours answer through this same hook. An exception
    counts as a blocking objection to every act.
    """
