"""The rules, in order: what each asks for, and the function that finds what is wrong."""

from collections.abc import Callable, Iterable

from attrs import frozen

from crmcore.conformance import (
    annotations,
    bronze,
    declarations,
    documents,
    growth,
    keeping,
    neighbours,
    parties,
    schema,
    telling,
)
from crmcore.conformance.subject import Subject

BRONZE, SILVER, GOLD = LEVELS = ("bronze", "silver", "gold")
"""The levels, each with all that the ones before it ask for."""


@frozen(kw_only=True)
class Rule:
    """Something a plugin has to hold to.

    `check` yields a sentence for each thing that is wrong: what it is, and how it is mended. `needs` are the rules
    without which it cannot be asked.
    """

    name: str
    level: str
    title: str
    check: Callable[[Subject], Iterable[str]]
    needs: tuple[str, ...] = ("loads", "hooks", "schema")


_LOADED = ("loads",)

RULES: tuple[Rule, ...] = (
    Rule(name="loads", level=BRONZE, title="is installed, fits this crmcore, and loads", check=bronze.loads, needs=()),
    Rule(name="manifest", level=BRONZE, title="says what it is and needs", check=bronze.manifest, needs=_LOADED),
    Rule(name="hooks", level=BRONZE, title="implements hooks that exist", check=bronze.hooks, needs=_LOADED),
    Rule(name="surface", level=BRONZE, title="imports only what is public", check=bronze.surface, needs=_LOADED),
    Rule(name="quick", level=BRONZE, title="loads in 150 ms, and help in none", check=bronze.quick, needs=_LOADED),
    Rule(name="schema", level=BRONZE, title="has tables and revisions of its own, in one line", check=schema.fits,
         needs=("loads", "hooks")),
    Rule(name="reversible", level=BRONZE, title="migrates up, down and up again", check=schema.reversible),
    Rule(name="declared", level=BRONZE, title="has the tables it declares", check=schema.declared),
    Rule(name="valid", level=SILVER, title="declares what holds together", check=declarations.valid),
    Rule(name="absent", level=SILVER, title="contributes nothing when disabled", check=keeping.absent),
    Rule(name="purged", level=SILVER, title="leaves nothing when purged", check=keeping.purged),
    Rule(name="merging", level=SILVER, title="follows a merge with every row", check=parties.merging),
    Rule(name="erasing", level=SILVER, title="forgets an erased person", check=parties.erasing),
    Rule(name="readable", level=SILVER, title="keeps what can be read without it", check=keeping.readable),
    Rule(name="idempotent", level=SILVER, title="hears an event twice as once", check=telling.idempotent),
    Rule(name="unmoved", level=GOLD, title="works alone, and beside one that crashes", check=neighbours.unmoved),
    Rule(name="steady", level=GOLD, title="asks as often for 100,000 rows as for two", check=growth.steady),
    Rule(name="typed", level=GOLD, title="says its types, and they are right", check=annotations.typed, needs=_LOADED),
    Rule(name="documented", level=GOLD, title="tells what it does", check=documents.documented, needs=_LOADED),
)  # fmt: skip
"""All rules, in the order in which they are asked."""


def rules(level: str) -> tuple[Rule, ...]:
    """Return the rules of a level and of those before it."""
    return tuple(each for each in RULES if LEVELS.index(each.level) <= LEVELS.index(level))
