"""A CEL expression as a condition of SQL.

Negations go inwards until they meet what is compared, so that `!(a == b)` is a comparison too and no NOT over NULL: a
comparison with what is not known is neither true nor false, and who is asked so is not selected. What can be known
before, as `today - days(30)`, is left to CEL itself.
"""

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from attrs import frozen
from sqlalchemy import ColumnElement, Double, Integer, Text, and_, false, func, literal, not_, or_, true

from crmcore.definitions.conditions import Condition
from crmcore.definitions.syntax import Binary, Call, Choice, Literal, Node, Other, Path, Unary
from crmcore.errors import InvalidInput
from crmcore.hooks.selecting import DATE, INSTANT, NUMBER, TEXT, TRUTH
from crmcore.i18n import _
from crmcore.selecting.comparing import (
    MIRRORED,
    NEGATED,
    Constant,
    Unfit,
    among,
    compare,
    days_since,
    has,
    searched,
    truth,
)
from crmcore.selecting.dialects import plain
from crmcore.selecting.names import Names, misplaced
from crmcore.selecting.values import Value, double

_SEARCHES = ("contains", "startsWith", "endsWith")
_SINCE = "days_since"
_NULL = "null"


@frozen(kw_only=True, eq=False)
class Compiler:
    """Compiles the parts of one expression. `moments` are today and now as CEL is given them."""

    source: str
    names: Names
    today: date
    zone: ZoneInfo
    moments: Mapping[str, Any]

    def truth(self, node: Node, wanted: bool = True) -> ColumnElement[bool]:
        """Return SQL that is true where a condition certainly holds (or not, as `wanted`).

        Raises `InvalidInput` with the place of what cannot be asked of all at once.
        """
        fixed = self._constant(node)
        if fixed is not None:
            if not isinstance(fixed.value, bool):
                raise misplaced(node, _("“{text}” is not true or false").format(text=self._text(node)))
            return true() if fixed.value is wanted else false()
        match node:
            case Unary(operator="!"):
                return self.truth(node.operand, not wanted)
            case Binary(operator="&&" | "||"):
                both = self.truth(node.left, wanted), self.truth(node.right, wanted)
                return and_(*both) if (node.operator == "&&") is wanted else or_(*both)
            case Binary(operator="in"):
                return self._in(node, wanted)
            case Binary() if node.operator in NEGATED:
                return self._compared(node, node.operator if wanted else NEGATED[node.operator])
            case Choice():
                return or_(
                    and_(self.truth(node.test), self.truth(node.yes, wanted)),
                    and_(self.truth(node.test, False), self.truth(node.no, wanted)),
                )
            case Call(name="has", target=None, arguments=(Path() as path,)):
                return has(self._named(path), wanted)
            case Call() if node.name in _SEARCHES and node.target is not None and len(node.arguments) == 1:
                return self._searched(node, wanted)
        found = self._value(node)
        if found.kind != TRUTH:
            raise misplaced(node, _("“{text}” is not true or false").format(text=self._text(node)))
        return truth(found, wanted)

    def value(self, node: Node) -> Value:
        """Return the value that a part stands for; raises `InvalidInput` with the place of what cannot be asked."""
        return self._value(node)

    def _text(self, node: Node) -> str:
        return self.source[node.start : node.end]

    def _constant(self, node: Node) -> Constant | None:
        """Return what a part gives, whoever is asked; None for one that depends on that."""
        if not self._is_fixed(node):
            return None
        found = Condition(self._text(node)).value(self.moments)
        if found is None and self._text(node).strip("() ") != _NULL:
            raise misplaced(node, _("“{text}” has no value").format(text=self._text(node)))
        return Constant(value=found)

    def _is_fixed(self, node: Node) -> bool:
        match node:
            case Path():
                return node.text in self.moments
            case Call(name="has" | "days_since"):
                return False
            case Call(target=Path(names=("math",))):
                return all(self._is_fixed(one) for one in node.arguments)
        return all(self._is_fixed(one) for one in node.parts)

    def _is_truth(self, node: Node) -> bool:
        """Return whether a part is a condition, and not only a value that is true or false."""
        match node:
            case Unary(operator="!") | Call(name="has"):
                return True
            case Binary():
                return node.operator in NEGATED or node.operator in ("&&", "||", "in")
            case Call():
                return node.name in _SEARCHES
        return False

    def _compared(self, node: Binary, sign: str) -> ColumnElement[bool]:
        if any(self._is_truth(one) for one in node.parts):
            if sign not in ("==", "!="):
                raise misplaced(node, _("true is not less or more than false"))
            same = sign == "=="
            return or_(
                and_(self.truth(node.left), self.truth(node.right, same)),
                and_(self.truth(node.left, False), self.truth(node.right, not same)),
            )
        for since, other, turned in ((node.left, node.right, sign), (node.right, node.left, MIRRORED[sign])):
            if isinstance(since, Call) and since.name == _SINCE:
                return self._days(since, other, turned)
        try:
            return compare(sign, self._side(node.left), self._side(node.right))
        except Unfit as error:
            raise misplaced(node, str(error)) from error

    def _days(self, since: Call, other: Node, sign: str) -> ColumnElement[bool]:
        fixed = self._constant(other)
        if fixed is None or isinstance(fixed.value, bool) or not isinstance(fixed.value, int | float):
            raise misplaced(other, _("days_since(…) is compared with a number"))
        if len(since.arguments) != 1 or since.target is not None:
            raise misplaced(since, _("days_since(…) takes one date or instant"))
        left = self._value(since.arguments[0])
        if left.kind not in (DATE, INSTANT):
            raise misplaced(since, _("days_since(…) takes one date or instant"))
        return days_since(sign, left, fixed.value, self.today, self._midnight)

    def _midnight(self, day: date) -> datetime:
        return datetime.combine(day, time(), self.zone)

    def _in(self, node: Binary, wanted: bool) -> ColumnElement[bool]:
        match node.right:
            case Other(list=True):
                items = node.right.within
            case _:
                raise misplaced(node.right, _('“in” takes a list: ["a", "b"]'))
        left = self._side(node.left)
        try:
            if wanted and isinstance(left, Value):
                fixed = [self._constant(one) for one in items]
                found = among(left, [one.value for one in fixed if one is not None]) if all(fixed) else None
                if found is not None:
                    return found
            sides = [compare("==" if wanted else "!=", left, self._side(one)) for one in items]
        except Unfit as error:
            raise misplaced(node, str(error)) from error
        return or_(false(), *sides) if wanted else and_(true(), *sides)

    def _searched(self, node: Call, wanted: bool) -> ColumnElement[bool]:
        """Look for a text in another one; both are known where it counts."""
        if node.target is None:
            raise misplaced(node, _("it is asked of a text"))
        part = self._side(node.arguments[0])
        if isinstance(part, Constant) and isinstance(part.value, str) and part.value:
            whole = self._side(node.target)
            if isinstance(whole, Value) and whole.kind == TEXT:
                found = searched(node.name, whole.sql, literal(part.value, Text()), literal(len(part.value), Integer()))
                return found if wanted else and_(not_(found), has(whole, True))
        whole_, part_ = self._words(node.target), self._words(node.arguments[0])
        found = searched(node.name, whole_, part_, func.length(part_))
        return found if wanted else not_(found)

    def _side(self, node: Node) -> Value | Constant:
        fixed = self._constant(node)
        return fixed if fixed is not None else self._value(node)

    def _value(self, node: Node) -> Value:
        match node:
            case Path():
                return self._named(node)
            case Call(target=Path() as path) if f"{path.text}.{node.name}" in self.names.traits:
                return self._asked(node, f"{path.text}.{node.name}")
            case Call(name="size"):
                (only,) = self._operands(node, 1)
                length = func.length(self._words(only), type_=Integer())
                return Value(kind=NUMBER, sql=length)
            case Call(name="lowerAscii" | "upperAscii"):
                (only,) = self._operands(node, 1)
                change = func.lower if node.name == "lowerAscii" else func.upper
                return Value(kind=TEXT, sql=change(plain(self._words(only)), type_=Text()), blank=True)
            case Unary(operator="-"):
                return Value(kind=NUMBER, sql=-self._number(node.operand))
            case Binary(operator="+") if self._is_text(node.left) or self._is_text(node.right):
                return Value(kind=TEXT, sql=self._words(node.left).concat(self._words(node.right)), blank=True)
            case Binary(operator="+" | "-" | "*" | "/"):
                return Value(kind=NUMBER, sql=self._calculated(node))
            case Choice() | Other() | Binary() | Unary() | Literal():
                pass
            case Call():
                raise misplaced(node, _("“{name}” cannot be asked of all at once").format(name=node.name))
        raise misplaced(node, _("“{text}” cannot be asked of all at once").format(text=self._text(node)))

    def _named(self, node: Path) -> Value:
        found = self.names.value(node)
        if found is None:
            raise self.names.unknown(node)
        return found

    def _asked(self, node: Call, name: str) -> Value:
        fixed = [self._constant(one) for one in node.arguments]
        if len(fixed) != 1 or fixed[0] is None or not isinstance(fixed[0].value, str):
            raise misplaced(node, _("{name} is asked with one text").format(name=name))
        try:
            return self.names.trait(node, name, fixed[0].value)
        except InvalidInput as error:
            raise misplaced(node, str(error).rstrip(".。")) from error

    def _operands(self, node: Call, count: int) -> tuple[Node, ...]:
        if len(node.parts) != count:
            raise misplaced(node, _("“{name}” takes one text").format(name=node.name))
        return node.parts

    def _is_text(self, node: Node) -> bool:
        side = self._side(node)
        return isinstance(side.value, str) if isinstance(side, Constant) else side.kind == TEXT

    def _words(self, node: Node) -> ColumnElement[Any]:
        side = self._side(node)
        if isinstance(side, Constant) and isinstance(side.value, str):
            return literal(side.value, Text())
        if isinstance(side, Value) and side.kind == TEXT:
            return side.known
        raise misplaced(node, _("“{text}” is not a text").format(text=self._text(node)))

    def _number(self, node: Node) -> ColumnElement[float]:
        side = self._side(node)
        if isinstance(side, Constant) and isinstance(side.value, int | float) and not isinstance(side.value, bool):
            return double(side.value)
        if isinstance(side, Value) and side.kind == NUMBER:
            return side.number
        raise misplaced(node, _("“{text}” is not a number").format(text=self._text(node)))

    def _calculated(self, node: Binary) -> ColumnElement[Any]:
        left, right = self._number(node.left), self._number(node.right)
        match node.operator:
            case "+":
                found: ColumnElement[Any] = left + right
            case "-":
                found = left - right
            case "*":
                found = left * right
            case _:
                found = left / func.nullif(right, double(0), type_=Double())
        return found
