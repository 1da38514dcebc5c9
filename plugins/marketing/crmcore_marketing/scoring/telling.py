"""Scores as people and programs see them: how good one is, its factors, who is best, and why somebody is."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from crmcore.reports.report import Column, Report, percent
from crmcore_marketing.i18n import _
from crmcore_marketing.scoring.card import kept
from crmcore_marketing.scoring.scores import ScoreView, bin_said
from crmcore_marketing.scoring.training import card_of

_FEW = 30
"""Positives below which what was measured says little."""


def lift_report(model: Any) -> Report:
    """Return how good a score is, measured on people it was not learned from."""
    found = model.measured
    steps = found["steps"]
    top = steps[0] if steps else None
    notes = [
        _("Learned from {people} people, {positives} of them what is looked for ({target}).").format(
            people=model.people, positives=model.positives, target=model.target
        ),
        _("Measured on {people} others, {positives} of them what is looked for.").format(
            people=found["people"], positives=found["positives"]
        ),
    ]
    if top is not None:
        notes.append(
            _("The best tenth holds {caught} of them: lift {lift}.").format(
                caught=percent(top["caught"]), lift=f"{top['lift']:.1f}"
            )
        )
    if min(model.positives, found["positives"]) < _FEW:
        notes.append(
            _("So few were what is looked for ({n}) that these figures may be chance.").format(
                n=min(model.positives, found["positives"])
            )
        )
    return Report(
        title=_("How good “{name}” is").format(name=model.name),
        columns=[
            Column(_("best"), number=True), Column(_("people"), number=True), Column(_("of them found"), number=True),
            Column(_("share of all"), number=True), Column(_("lift"), number=True),
        ],
        rows=[
            (
                percent(each["share"]), each["people"], Decimal(str(each["positives"])), percent(each["caught"], 1),
                Decimal(str(each["lift"])).quantize(Decimal("0.01")),
            )
            for each in steps
        ],
        bars=[(percent(each["share"]), Decimal(str(each["lift"]))) for each in steps],
        notes=notes,
        data={**_head(model), "measured": {name: found[name] for name in ("people", "positives", "auc", "steps")}},
    )  # fmt: skip


def card_report(model: Any) -> Report:
    """Return the factors of a score, and the points of each bin."""
    card = card_of(model)
    return Report(
        title=_("What “{name}” goes by").format(name=model.name),
        columns=[
            Column(_("factor")), Column(_("value")), Column(_("points"), number=True),
            Column(_("people"), number=True), Column(_("of them found"), number=True),
        ],
        rows=[
            (one.title, bin_said(one, each), each.points, each.people, percent(each.rate, 1))
            for one in card.factors
            for each in one.bins
        ],
        notes=[_("20 points double the odds; nobody with 0 points is likelier than all people together.")],
        data={**_head(model), "factors": kept(card)},
    )  # fmt: skip


def list_report(model: Any, found: Sequence[ScoreView]) -> Report:
    """Return people, the best first, with what speaks most for each."""
    return Report(
        title=_("Most likely by “{name}”").format(name=model.name),
        columns=[
            Column(_("id")), Column(_("contact")), Column(_("points"), number=True), Column(_("likely"), number=True),
            Column(_("because")),
        ],
        rows=[
            (
                one.contact_id, one.name, one.points, percent(one.likely, 1),
                "; ".join(f"{each.title}: {each.bin} ({each.points:+})" for each in one.parts[:3] if each.points),
            )
            for one in found
        ],
        data=found,
    )  # fmt: skip


def person_report(model: Any, found: ScoreView) -> Report:
    """Return somebody's score and its parts."""
    return Report(
        title=_("{name}: {points} points, {likely} of such people are what is looked for").format(
            name=found.name, points=found.points, likely=percent(found.likely, 1)
        ),
        columns=[
            Column(_("factor")), Column(_("value")), Column(_("points"), number=True),
            Column(_("of such found"), number=True), Column(_("people"), number=True),
        ],
        rows=[(each.title, each.bin, each.points, percent(each.rate, 1), each.people) for each in found.parts],
        bars=[(f"{each.title}: {each.bin}", Decimal(each.points)) for each in found.parts if each.points],
        notes=[_("By the score “{name}”; all people together are 0.").format(name=model.name)],
        data={"model": model.name, **{name: getattr(found, name) for name in _TOLD}},
    )  # fmt: skip


_TOLD = ("contact_id", "name", "points", "likely", "at", "parts")


def models_report(found: Sequence[Any]) -> Report:
    """Return the scores there are."""
    heads = [_head(one) for one in found]
    return Report(
        title=_("Scores"),
        columns=[
            Column(_("name")), Column(_("looks for")), Column(_("told by marketing.score")),
            Column(_("factors"), number=True), Column(_("people"), number=True), Column(_("lift"), number=True),
            Column(_("trained")),
        ],
        rows=[
            (
                each["name"], each["target"], _("yes") if each["active"] else "", len(one.factors), each["people"],
                None if each["lift"] is None else Decimal(str(each["lift"])), each["trained_at"],
            )
            for one, each in zip(found, heads, strict=True)
        ],
        data=heads,
    )  # fmt: skip


def _head(model: Any) -> dict[str, Any]:
    steps = model.measured["steps"]
    return {
        "id": model.id, "name": model.name, "target": model.target, "asked": model.asked, "active": model.active,
        "people": model.people, "positives": model.positives, "trained_at": model.trained_at,
        "lift": steps[0]["lift"] if steps else None, "caught": steps[0]["caught"] if steps else None,
    }  # fmt: skip
