"""Audiences as reports."""

from collections.abc import Sequence

import attrs

from crmcore.api import Askable, LeftOut
from crmcore.reports.report import Column, Report
from crmcore_marketing.audiences.explaining import Explained
from crmcore_marketing.audiences.listing import AudienceView, PersonView
from crmcore_marketing.i18n import _


def report(name: str, told: Explained, saved: AudienceView | None = None) -> Report:
    """Return who is in an audience and who is left out and why; `saved` is the audience, where it is one."""
    rows: list[tuple[str, int, int | None, str]] = [
        *((_("not met: {condition}").format(condition=one.text), one.count, one.alone, "") for one in told.conditions),
        *((each.reason, each.people, None, each.by) for each in told.reasons),
    ]
    data = attrs.asdict(told) | {"conditions": [_condition(one) for one in told.conditions]}
    own = attrs.asdict(saved) if saved is not None else {"expression": name}
    return Report(
        title=_("{name}: {included} are in; of {people} people {chosen} are chosen, {excluded} left out").format(
            name=name, included=told.included, chosen=told.chosen, people=told.people, excluded=told.excluded
        ),
        columns=[
            Column(_("left out because")), Column(_("people"), number=True), Column(_("only for this"), number=True),
            Column(_("says")),
        ],
        rows=rows,
        notes=[_("Of conditions somebody may miss several; who is chosen and left out counts once.")],
        data={**own, **data},
    )  # fmt: skip


def _condition(one: LeftOut) -> dict[str, object]:
    return {"text": one.text, "left_out": one.count, "alone": one.alone}


def listed(name: str, found: Sequence[PersonView]) -> Report:
    """Return people of an audience, each with why he is left out, if he is."""
    return Report(
        title=name,
        columns=[Column(_("id")), Column(_("contact")), Column(_("customer")), Column(_("left out because"))],
        rows=[
            (
                str(one.contact.id), one.contact.name, one.customer.name if one.customer else "",
                "; ".join(each.reason for each in one.reasons),
            )
            for one in found
        ],
        data=found,
    )  # fmt: skip


def named(found: Sequence[Askable]) -> Report:
    """Return what conditions can ask."""
    return Report(
        title=_("What conditions can ask"),
        columns=[Column(_("name")), Column(_("kind")), Column(_("what it is"))],
        rows=[(f'{one.name}("…")' if one.takes_text else one.name, _(one.kind), one.title) for one in found],
        data=found,
    )
