"""The tree of a CEL expression, for what is compiled to something else than values.

The library tells whether an expression is well formed, and has no tree to give. So this parser reads only what the
library took; what it has no node for is an `Other`.
Source: the CEL specification, https://github.com/google/cel-spec/blob/master/doc/langdef.md (grammar).
"""

from collections.abc import Iterator

from attrs import evolve, field, frozen

from crmcore.definitions.conditions import check_form
from crmcore.definitions.expression import RESERVED, TOKEN
from crmcore.errors import InvalidInput
from crmcore.i18n import _

_BINARY = {
    "||": 1, "&&": 2,
    "==": 3, "!=": 3, "<": 3, "<=": 3, ">": 3, ">=": 3, "in": 3,
    "+": 4, "-": 4, "*": 5, "/": 5, "%": 5,
}  # fmt: skip
"""How strongly the operators of two sides bind; all are read from the left."""


@frozen(kw_only=True)
class Node:
    """A part of an expression, from the character `start` to the one before `end`, parentheses around it included."""

    start: int
    end: int

    @property
    def parts(self) -> "tuple[Node, ...]":
        """The nodes directly within it."""
        return ()


@frozen(kw_only=True)
class Literal(Node):
    """A number, text, true, false or null."""


@frozen(kw_only=True)
class Path(Node):
    """A name with what is asked of it: `customer.custom.size`."""

    names: tuple[str, ...]

    @property
    def text(self) -> str:
        """The names as they are written."""
        return ".".join(self.names)


@frozen(kw_only=True)
class Call(Node):
    """A call of a function, or of a method of `target`."""

    name: str
    target: Node | None
    arguments: tuple[Node, ...]

    @property
    def parts(self) -> tuple[Node, ...]:
        """The target and the arguments."""
        return (*((self.target,) if self.target is not None else ()), *self.arguments)


@frozen(kw_only=True)
class Unary(Node):
    """`!` or `-` before something."""

    operator: str
    operand: Node

    @property
    def parts(self) -> tuple[Node, ...]:
        """The operand."""
        return (self.operand,)


@frozen(kw_only=True)
class Binary(Node):
    """An operator between two sides."""

    operator: str
    left: Node
    right: Node

    @property
    def parts(self) -> tuple[Node, ...]:
        """Both sides."""
        return (self.left, self.right)


@frozen(kw_only=True)
class Choice(Node):
    """`test ? yes : no`."""

    test: Node
    yes: Node
    no: Node

    @property
    def parts(self) -> tuple[Node, ...]:
        """The test and what follows from it."""
        return (self.test, self.yes, self.no)


@frozen(kw_only=True)
class Other(Node):
    """Anything else: a list, a mapping, a message, an element of something; with the nodes within it."""

    within: tuple[Node, ...]
    list: bool = False

    @property
    def parts(self) -> tuple[Node, ...]:
        """The nodes within."""
        return self.within


def parse(source: str) -> Node:
    """Return the tree of an expression; raises `InvalidInput` for one that is too long or not well formed."""
    check_form(source)
    found = [
        _Token(kind=str(one.lastgroup), text=one.group(), start=one.start(), end=one.end())
        for one in TOKEN.finditer(source)
        if one.lastgroup != "space"
    ]
    parser = _Parser(tokens=found)
    try:
        tree = parser.expression()
    except IndexError:
        tree = None
    if tree is None or not parser.is_done():
        raise InvalidInput(_("“{source}” is written in a way that is not understood here.").format(source=source))
    return tree


def conjuncts(node: Node) -> Iterator[Node]:
    """Yield the parts of an expression that must all hold: those between `&&`, from the left."""
    if isinstance(node, Binary) and node.operator == "&&":
        yield from conjuncts(node.left)
        yield from conjuncts(node.right)
    else:
        yield node


@frozen(kw_only=True)
class _Token:
    kind: str
    text: str
    start: int
    end: int


@frozen(kw_only=True)
class _Parser:
    """Goes through the tokens once, from the left; `_at` holds how far it came."""

    tokens: list[_Token]
    _at: list[int] = field(factory=lambda: [0])

    def expression(self) -> Node:
        test = self._binary(1)
        if not self._take("?"):
            return test
        yes = self._binary(1)
        self._take(":")
        no = self.expression()
        return Choice(start=test.start, end=no.end, test=test, yes=yes, no=no)

    def is_done(self) -> bool:
        return self._at[0] == len(self.tokens)

    def _binary(self, weakest: int) -> Node:
        left = self._unary()
        while (strength := _BINARY.get(self._text(), 0)) >= weakest:
            operator = self._next().text
            right = self._binary(strength + 1)
            left = Binary(start=left.start, end=right.end, operator=operator, left=left, right=right)
        return left

    def _unary(self) -> Node:
        if self._text() not in ("!", "-"):
            return self._member()
        sign = self._next()
        operand = self._unary()
        return Unary(start=sign.start, end=operand.end, operator=sign.text, operand=operand)

    def _member(self) -> Node:
        node = self._primary()
        while (mark := self._text()) in (".", "[", "{"):
            self._next()
            if mark == ".":
                node = self._asked_of(node)
            else:
                closing = "]" if mark == "[" else "}"
                within = self._until(closing)
                node = Other(start=node.start, end=self._end(), within=(node, *within))
        return node

    def _asked_of(self, node: Node) -> Node:
        name = self._next()
        if self._take("("):
            arguments = self._until(")")
            return Call(start=node.start, end=self._end(), name=name.text, target=node, arguments=arguments)
        if isinstance(node, Path):
            return Path(start=node.start, end=name.end, names=(*node.names, name.text))
        return Other(start=node.start, end=name.end, within=(node,))

    def _primary(self) -> Node:
        token = self._next()
        if token.kind in ("text", "number") or token.text in ("true", "false", "null"):
            return Literal(start=token.start, end=token.end)
        if token.text == "(":
            inner = self.expression()
            self._take(")")
            return evolve(inner, start=token.start, end=self._end())
        if token.text in ("[", "{"):
            within = self._until("]" if token.text == "[" else "}")
            return Other(start=token.start, end=self._end(), within=within, list=token.text == "[")
        if token.text == ".":
            token = self._next()  # a name looked up from the root
        if self._take("("):
            arguments = self._until(")")
            return Call(start=token.start, end=self._end(), name=token.text, target=None, arguments=arguments)
        return Path(start=token.start, end=token.end, names=(token.text,))

    def _until(self, closing: str) -> tuple[Node, ...]:
        found = []
        while not self._take(closing):
            found.append(self.expression())
            if not self._take(","):
                self._take(":")
        return tuple(found)

    def _text(self) -> str:
        at = self._at[0]
        return self.tokens[at].text if at < len(self.tokens) and self._is_mark(self.tokens[at]) else ""

    def _is_mark(self, token: _Token) -> bool:
        return token.kind == "mark" or token.text in RESERVED

    def _next(self) -> _Token:
        self._at[0] += 1
        return self.tokens[self._at[0] - 1]

    def _take(self, mark: str) -> bool:
        found = self._text() == mark
        if found:
            self._next()
        return found

    def _end(self) -> int:
        return self.tokens[self._at[0] - 1].end
