"""What business came to, as plugins declare it, ready to be part of any statement."""

from typing import Any

import attrs
from sqlalchemy import Alias, BindParameter, ClauseElement, Table, literal, type_coerce
from sqlalchemy.sql.visitors import replacement_traverse

from crmcore.directory.currency import currency
from crmcore.directory.moments import here
from crmcore.engine.borrowed import PluginReader
from crmcore.engine.figures import BASE, NOW, TODAY
from crmcore.engine.reader import Reader
from crmcore.engine.types import Fixed
from crmcore.hooks.outcomes import Outcome, Products

_BOUGHT = ("order", "deal")
"""The stages at which something is bought, the surest first."""


def outcomes(reader: Reader | PluginReader, *stages: str) -> tuple[Outcome, ...]:
    """Return the outcomes of some stages (lead, quote, deal, order; none named: of all) that plugins declare.

    Their expressions are complete: what stood for today, now and the workspace's currency has its value. Read them by
    `reader.rows(select(...).select_from(outcome.source))`, which leaves out what the actor may not see.
    """
    found = [one for one in reader.declared("crm_outcomes") if not stages or one.stage in stages]
    if not found:
        return ()
    values = {TODAY.key: here(reader).today, NOW.key: reader.now, BASE.key: currency(reader)}
    return tuple(_filled(one, values) for one in found)


def bought(reader: Reader | PluginReader) -> tuple[Outcome, ...]:
    """Return what tells of revenue: orders where a plugin keeps them, else deals; won ones are what was bought."""
    found = outcomes(reader, *_BOUGHT)
    return next((some for stage in _BOUGHT if (some := tuple(one for one in found if one.stage == stage))), ())


def products(reader: Reader | PluginReader) -> tuple[Products, ...]:
    """Return what can be sold, as plugins declare it."""
    return tuple(reader.declared("crm_products"))


def worth(outcome: Outcome, amount: Any = None) -> Any:
    """Return the expression for an outcome's amount, or for another in its currency, in the workspace's currency.

    NULL where it or the rate is not known. On SQLite a rate makes it a fraction of a ten-thousandth: sums are exact
    to the cent, and rounded by who shows them.
    """
    return type_coerce((outcome.amount if amount is None else amount) * outcome.rate, Fixed)


def _filled(outcome: Outcome, values: dict[str, Any]) -> Outcome:
    """Return an outcome with values in place of what is known only when somebody asks."""

    def value(element: Any, **_options: Any) -> Any:
        if isinstance(element, BindParameter) and element.key in values and element.required:
            return literal(values[element.key], element.type)
        return element if isinstance(element, Table | Alias) else None  # copies of an alias would be others

    def filled(held: Any) -> Any:
        if not isinstance(held, ClauseElement) or held is outcome.source:
            return held
        return replacement_traverse(held, {"stop_on": [outcome.source]}, value)

    fields = [each.name for each in attrs.fields(Outcome) if each.name not in ("source", "lines")]
    return attrs.evolve(outcome, **{name: filled(getattr(outcome, name)) for name in fields})
