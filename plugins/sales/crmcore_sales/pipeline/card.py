"""Everything about one opportunity: what it is, what to do in its stage, the way it took, and the ways on."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import attrs
from attrs import frozen
from sqlalchemy import select

from crmcore.api import App, NotFound, Reader, logins, onward
from crmcore_sales.i18n import _
from crmcore_sales.pipeline.guidance import Guidance, guidance, pipeline
from crmcore_sales.pipeline.views import OpportunityView, view
from crmcore_sales.tables import opportunity, passage


@frozen(kw_only=True)
class StayView:
    """A stay in a stage: from when to when (None: it is there), how many days, and who brought it there."""

    stage: str
    entered_at: datetime
    left_at: datetime | None
    days: int
    by: str


@frozen(kw_only=True)
class Card:
    """An opportunity on one screen; `ways` lead on from its stage, each open or with the reasons why not."""

    opportunity: OpportunityView
    guidance: Guidance
    history: Sequence[StayView]
    ways: Sequence[Any]

    def data(self) -> dict[str, Any]:
        """Return it as `--json` prints it: the opportunity's fields, and the rest beside them."""
        fields = {each.name: getattr(self.opportunity, each.name) for each in attrs.fields(OpportunityView)}
        return {**fields, "guidance": self.guidance, "history": self.history, "ways": self.ways}


def card(app: App, reader: Reader, key: int) -> Card:
    """Return everything about an opportunity; raises `NotFound` for one that is absent or hidden."""
    found = view(reader, key)
    row = reader.first(select(opportunity).where(opportunity.c.id == key))
    if found is None or row is None:
        raise NotFound(_("There is no opportunity {id}.").format(id=key))
    process = pipeline(reader.definitions)
    return Card(
        opportunity=found,
        guidance=guidance(reader, process, {key: found.stage})[key],
        history=history(reader, key),
        ways=onward(reader, app.assembly.entities, process, dict(row._mapping)),
    )


def history(reader: Reader, key: int) -> list[StayView]:
    """Return the stays of an opportunity in its stages, in their order."""
    c = passage.c
    rows = reader.rows(select(passage).where(c.opportunity_id == key).order_by(c.entered_at, c.id))
    users = logins(reader, [row.by_id for row in rows])
    return [
        StayView(
            stage=row.stage,
            entered_at=row.entered_at,
            left_at=row.left_at,
            days=((row.left_at or reader.now) - row.entered_at).days,
            by=users.get(row.by_id, ""),
        )
        for row in rows
    ]
