"""What a figure is grouped and narrowed by: its own dimensions, what follows from them, and stretches of time."""

from collections.abc import Iterable, Mapping
from typing import Any

from attrs import frozen
from sqlalchemy import Table, func, select

from crmcore.engine.tables import contact, customer, user_account
from crmcore.errors import InvalidInput
from crmcore.hooks.metrics import TIMES, Metric
from crmcore.i18n import _

PARTIES: Mapping[str, Table] = {"customer": customer, "contact": contact}
_OF_USERS = ("team", "department")


@frozen(kw_only=True, eq=False)
class Dimension:
    """A dimension: what it groups by, and for an id the name that goes with it."""

    name: str
    column: Any
    label: Any = None


def dimensions(metric: Metric) -> dict[str, Dimension]:
    """Return the dimensions of a figure by name; a user's team and department follow from the user."""
    found = {name: _dimension(name, column) for name, column in metric.dimensions.items()}
    if "user" in found:
        for name in _OF_USERS:
            found.setdefault(name, Dimension(name=name, column=_of_user(metric.dimensions["user"], name)))
    return found


def names(metric: Metric) -> list[str]:
    """Return what a figure can be grouped by, stretches of time last."""
    return [*dimensions(metric), *(TIMES if metric.at is not None else ())]


def chosen(metric: Metric, wanted: Iterable[str]) -> list[str]:
    """Return the names as they are, without repetitions; raises `InvalidInput` for one the figure does not have."""
    known = names(metric)
    found = list(dict.fromkeys(wanted))
    for name in found:
        if name not in known:
            raise InvalidInput(
                _("The figure {metric} has no dimension “{name}”; it has: {known}.").format(
                    metric=metric.name, name=name, known=", ".join(known) or "-"
                )
            )
    return found


def _dimension(name: str, column: Any) -> Dimension:
    if name in PARTIES:
        table = PARTIES[name].alias(f"{name}_named")
        return Dimension(name=name, column=column, label=_looked_up(table.c.name, table.c.id, column))
    if name == "user":
        user = user_account.alias("user_named")
        return Dimension(name=name, column=column, label=_looked_up(user.c.login, user.c.id, column))
    return Dimension(name=name, column=column)


def _of_user(user_id: Any, name: str) -> Any:
    user = user_account.alias(f"user_{name}")
    return func.nullif(_looked_up(user.c[name], user.c.id, user_id), "")


def _looked_up(value: Any, key: Any, wanted: Any) -> Any:
    return select(value).where(key == wanted).scalar_subquery()
