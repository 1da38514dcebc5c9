"""A selection: who an expression chooses, as one statement, and what each part of the expression leaves out."""

from collections.abc import Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from attrs import frozen
from sqlalchemy import ColumnElement, FromClause, Select, and_, false, func, not_, select, true

from crmcore.definitions.syntax import conjuncts, parse
from crmcore.directory.currency import currency
from crmcore.engine.borrowed import PluginReader
from crmcore.engine.reader import Reader
from crmcore.engine.visibility import SUMS_UP
from crmcore.errors import InvalidInput
from crmcore.hooks.selecting import CONTACT
from crmcore.i18n import _
from crmcore.selecting.compiling import Compiler
from crmcore.selecting.names import TABLES, Askable, Names, every, names, traits
from crmcore.selecting.needing import needed


@frozen(kw_only=True, eq=False)
class Part:
    """A part of an expression that must hold: its text, and its condition (NULL or false where it does not)."""

    text: str
    condition: ColumnElement[bool]


@frozen(kw_only=True)
class LeftOut:
    """How many a part leaves out, and how many it alone: those who meet all others."""

    text: str
    count: int
    alone: int


@frozen(kw_only=True)
class Counted:
    """How many there are, how many an expression chooses, and what each of its parts leaves out."""

    total: int
    chosen: int
    parts: tuple[LeftOut, ...]


@frozen(kw_only=True, eq=False)
class Selection:
    """Contacts or customers (`of`) that an expression chooses; those that were merged into others are left out.

    The statements are asked through a reader, which adds what its actor may see.
    """

    of: str
    expression: str
    parts: tuple[Part, ...]
    _names: Names
    _given: Mapping[str, Any]

    @property
    def statement(self) -> Select[Any]:
        """The ids of those who are chosen, in no order; to be used in `in_`, or ordered and limited."""
        conditions = [part.condition for part in self.parts]
        return self._of((), needed(and_(true(), *conditions))).where(*conditions).params(self._given)

    @property
    def judged(self) -> Select[Any]:
        """Everybody: the `id`, and `part_0`, `part_1`... for each part whether it holds."""
        held = [func.coalesce(one.condition, false()).label(f"part_{place}") for place, one in enumerate(self.parts)]
        return self._of(held).params(self._given)

    def _of(self, columns: Sequence[Any], needed: frozenset[FromClause] = frozenset()) -> Select[Any]:
        table = TABLES[self.of]
        every: list[Any] = [table.c.id, *columns]
        living = select(*every).select_from(self._names.source(needed)).where(table.c.merged_into_id.is_(None))
        return living.execution_options(**{SUMS_UP: True})


def selection(reader: Reader | PluginReader, expression: str, of: str = CONTACT) -> Selection:
    """Return who a CEL expression chooses among the contacts, or the customers; an empty one chooses everybody.

    Names are `contact.language`, `customer.custom.size`, and the traits that plugins declare, `sales.won_amount`; a
    contact's customer is that of its oldest current position. A comparison with what is not known does not hold, nor
    does its negation; `has(x)`, `!has(x)` tell. Beside CEL's operators there are `in`, `has`, `size`, `contains`,
    `startsWith`, `endsWith`, `lowerAscii`, `upperAscii`, `today`, `now`, `date`, `days` and `days_since(x)`, the days
    before today in the workspace's zone. Raises `InvalidInput` with the place of what cannot be asked of all at once.
    """
    if of not in TABLES:
        raise InvalidInput(_("Contacts or customers can be selected, not “{of}”.").format(of=of))
    zone = ZoneInfo(str(reader.settings().get("zone") or "UTC"))
    today = reader.now.astimezone(zone).date()
    known = names(reader, of, today)
    compiler = Compiler(
        source=expression, names=known, today=today, zone=zone, moments={"today": today, "now": reader.now}
    )
    found = conjuncts(parse(expression)) if expression.strip() else ()
    parts = tuple(Part(text=expression[one.start : one.end], condition=compiler.truth(one)) for one in found)
    return Selection(
        of=of,
        expression=expression,
        parts=parts,
        names=known,
        given={**compiler.moments, "base": currency(reader)},
    )


def counted(reader: Reader | PluginReader, one: Selection) -> Counted:
    """Return how many a selection chooses, and what its parts leave out: one statement over everybody."""
    judged = one.judged.subquery("judged")
    held: Sequence[Any] = [judged.c[f"part_{place}"] for place in range(len(one.parts))]
    columns: list[Any] = [func.count(), func.count().filter(and_(*held)) if held else func.count()]
    for place, part in enumerate(held):
        others = [each for at, each in enumerate(held) if at != place]
        columns += [func.count().filter(not_(part)), func.count().filter(not_(part), *others)]
    statement: Select[Any] = select(*columns)
    row = reader.first(statement.select_from(judged))
    told = tuple(row) if row is not None else (0,) * len(columns)
    return Counted(
        total=told[0],
        chosen=told[1],
        parts=tuple(
            LeftOut(text=part.text, count=told[2 + 2 * place], alone=told[3 + 2 * place])
            for place, part in enumerate(one.parts)
        ),
    )


def askable(reader: Reader | PluginReader) -> list[Askable]:
    """Return the names that selections may use in this workspace: fields, its own fields, and traits."""
    return list(every(reader.definitions, traits(reader)))
