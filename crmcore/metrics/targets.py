"""What a figure should reach, and how far it got."""

from collections.abc import Iterable, Sequence
from typing import Any

from attrs import frozen

from crmcore.metrics.compute import Group, Question
from crmcore.metrics.periods import MONTH, QUARTER, YEAR
from crmcore.model.definitions import Target

KINDS = (MONTH, QUARTER, YEAR)
_SCOPES = ("user", "team")


@frozen(kw_only=True)
class Measured:
    """A group of a figure beside its target, if it has one; `attained` is in per cent, None where there is no data."""

    group: Group
    target: float | None = None
    attained: float | None = None


def default_kind(targets: Iterable[Target], name: str) -> str:
    """Return the shortest period a figure has targets for; empty when it has none."""
    kinds = {one.period for one in targets if one.metric == name}
    return next((kind for kind in KINDS if kind in kinds), "")


def measured(targets: Sequence[Target], name: str, question: Question, groups: Sequence[Group]) -> list[Measured]:
    """Return each group with its target: that of its user or team, for the stretch of time it is of.

    Where a figure is asked for by user or by team alone, those with a target and no data are told too.
    """
    mine = [one for one in targets if one.metric == name]
    kind = next((one for one in question.by if one in KINDS), question.period.kind)
    others = [one for one in (*question.by, *question.where) if one not in (*KINDS, *_SCOPES)]
    if not mine or not kind or others:
        return [Measured(group=group) for group in groups]
    wanted = {(one.user, one.team): one.value for one in mine if one.period == kind}
    found = [_measured(group, wanted.get(_scope(group, question))) for group in groups]
    if question.by in (("user",), ("team",)):
        (by,) = question.by
        there = {_scope(group, question) for group in groups}
        for scope, value in wanted.items():
            alone = scope[0] if by == "user" else scope[1]
            if alone and scope not in there and (scope[1] if by == "user" else scope[0]) == "":
                found.append(Measured(group=_nothing(by, alone), target=value))
    return found


def _measured(group: Group, target: float | None) -> Measured:
    if target is None or group.value is None:
        return Measured(group=group, target=target)
    attained = round(100 * float(group.value) / target, 1) if target else None
    return Measured(group=group, target=target, attained=attained)


def _scope(group: Group, question: Question) -> tuple[str, str]:
    user, team = (_said(name, group, question) for name in _SCOPES)
    return user, team


def _said(name: str, group: Group, question: Question) -> str:
    if name in group.keys:
        return str(group.names.get(name, group.keys[name]) or "")
    return str(question.told.get(name, ""))


def _nothing(by: str, who: str) -> Group:
    names: dict[str, Any] = {"user": who} if by == "user" else {}
    return Group(keys={by: None if by == "user" else who}, names=names, value=None, records=0)
