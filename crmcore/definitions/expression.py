"""Reading a CEL expression's text: which names it uses, and its numbers as one kind.

CEL knows whole numbers and fractions and never mixes them in arithmetic: `amount * 2` fails when the amount is 99.5.
Here every number is a fraction (a double): values are given as such, and whole literals are rewritten, except an index,
the two sides of `%` and what is marked unsigned. Functions of CEL that give whole numbers are replaced by ours; `size`
then counts characters, where the library counts bytes.
Source: the CEL specification, https://github.com/google/cel-spec/blob/master/doc/langdef.md (lexis, macros).
"""

import re
from collections.abc import Iterator

from attrs import frozen

MACROS = frozenset({"all", "exists", "exists_one", "map", "filter"})
RESERVED = frozenset(
    {
        "true", "false", "null", "in", "as", "break", "const", "continue", "else", "for", "function", "if", "import",
        "let", "loop", "package", "namespace", "return", "var", "void", "while",
    }
)  # fmt: skip
"""Words that no name may be: CEL's literals, its operator, and those it keeps for later."""

REPLACED = frozenset({"size", "getFullYear", "getMonth", "getDate", "getDayOfWeek", "getHours"})
"""Functions of CEL that give whole numbers; each becomes `crm_` and its name."""

TOKEN = re.compile(
    r"""
    (?P<text>[rRbB]{0,2}(?:\"{3}.*?\"{3}|'{3}.*?'{3}|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'))
    |(?P<number>(?:\d*\.\d+|\d+)(?:[eE][+-]?\d+)?[uU]?|0[xX][0-9a-fA-F]+[uU]?)
    |(?P<name>[A-Za-z_][A-Za-z0-9_]*)
    |(?P<space>\s+|//[^\n]*)
    |(?P<mark>&&|\|\||[=!<>]=|.)
    """,
    re.VERBOSE | re.DOTALL,
)
"""The pieces of an expression: the group that matched is their kind."""


@frozen
class Token:
    """A piece of an expression: its kind (text, number, name, mark) and how it is written."""

    kind: str
    text: str


@frozen(kw_only=True)
class Expression:
    """What an expression's text tells.

    `paths` are the names it uses, with what is asked of them (`record.amount`); `macros` counts its loops over lists;
    `written` is the text to compile.
    """

    paths: frozenset[str]
    macros: int
    written: str

    @property
    def names(self) -> frozenset[str]:
        """The names at the beginning of the paths: what a caller must give."""
        return frozenset(path.split(".")[0] for path in self.paths)


def read(source: str) -> Expression:
    """Read an expression; nothing is said about whether it is well formed."""
    every = [Token(str(one.lastgroup), one.group()) for one in TOKEN.finditer(source)]
    tokens = [one for one in every if one.kind != "space"]
    loops = [at for at in range(len(tokens)) if _is_loop(tokens, at)]
    bound = {tokens[at + 3].text for at in loops}
    paths = (path for path in _paths(tokens) if path.split(".")[0] not in bound)
    texts = iter(_texts(tokens))
    written = (one.text if one.kind == "space" else next(texts) for one in every)
    return Expression(paths=frozenset(paths), macros=len(loops), written="".join(written))


def _is(tokens: list[Token], at: int, *texts: str) -> bool:
    return 0 <= at < len(tokens) and tokens[at].kind != "text" and tokens[at].text in texts


def _is_name(tokens: list[Token], at: int) -> bool:
    return 0 <= at < len(tokens) and tokens[at].kind == "name" and tokens[at].text not in RESERVED


def _is_loop(tokens: list[Token], at: int) -> bool:
    """Return whether a macro over a list begins here: `.map(x,`."""
    return _is(tokens, at, ".") and _is(tokens, at + 1, *MACROS) and _is(tokens, at + 2, "(") and at + 3 < len(tokens)


def _paths(tokens: list[Token]) -> Iterator[str]:
    for at, token in enumerate(tokens):
        if not _is_name(tokens, at) or _is(tokens, at - 1, ".") or _is(tokens, at + 1, "("):
            continue
        parts = [token.text]
        after = at + 1
        while _is(tokens, after, ".") and _is_name(tokens, after + 1) and not _is(tokens, after + 2, "("):
            parts.append(tokens[after + 1].text)
            after += 2
        if parts != ["math"]:  # as in math.round(...), which is a function's name
            yield ".".join(parts)


def _texts(tokens: list[Token]) -> Iterator[str]:
    """Yield the tokens as they are to be compiled."""
    for at, token in enumerate(tokens):
        if token.kind == "number" and token.text.isdigit() and not _stays_whole(tokens, at):
            yield f"{token.text}.0"
        elif token.kind == "name" and token.text in REPLACED and _is(tokens, at + 1, "("):
            yield f"crm_{token.text}"
        else:
            yield token.text


def _stays_whole(tokens: list[Token], at: int) -> bool:
    if _is(tokens, at - 1, "%") or _is(tokens, at + 1, "%"):
        return True
    indexed = _is_name(tokens, at - 2) or _is(tokens, at - 2, ")", "]")
    return indexed and _is(tokens, at - 1, "[") and _is(tokens, at + 1, "]")
