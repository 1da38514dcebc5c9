"""The tree of an expression: nested as CEL binds, with the place of every part; no text brings it down."""

from contextlib import suppress

from hypothesis import given
from hypothesis import strategies as st

from crmcore.definitions.syntax import Binary, Call, Node, Path, conjuncts, parse
from crmcore.errors import InvalidInput


def test_operators_bind_as_in_cel() -> None:
    source = "a || b && !c.d == (e + 1) * -2 ? f(x, [1]) : g.h('&&')"
    told = [f"{type(one).__name__} {source[one.start : one.end]}" for one in _every(parse(source))]
    assert told == [
        f"Choice {source}",
        "Binary a || b && !c.d == (e + 1) * -2", "Path a", "Binary b && !c.d == (e + 1) * -2", "Path b",
        "Binary !c.d == (e + 1) * -2", "Unary !c.d", "Path c.d", "Binary (e + 1) * -2", "Binary (e + 1)", "Path e",
        "Literal 1", "Unary -2", "Literal 2", "Call f(x, [1])", "Path x", "Other [1]", "Literal 1", "Call g.h('&&')",
        "Path g", "Literal '&&'",
    ]  # fmt: skip


def test_parts_that_must_all_hold_are_those_between_the_ands() -> None:
    source = "a && (b || c) && (d && !(e && f))"
    assert [source[one.start : one.end] for one in conjuncts(parse(source))] == ["a", "(b || c)", "d", "!(e && f)"]


def test_names_and_calls_are_told_apart() -> None:
    tree = parse('marketing.interest("x") >= customer.custom.size')
    assert isinstance(tree, Binary)
    assert isinstance(tree.left, Call)
    assert isinstance(tree.left.target, Path)
    assert (tree.left.target.text, tree.left.name) == ("marketing", "interest")
    assert isinstance(tree.right, Path)
    assert tree.right.names == ("customer", "custom", "size")


pieces = st.sampled_from(
    [*"()[]{}.,:?!-+*/%<>&|=\"' \n", "&&", "||", "==", "in", "a", "b.c", "true", "1", "2.5", "0x1F", "1u"]
)


@given(st.one_of(st.text(max_size=40), st.lists(pieces, max_size=14).map("".join)))
def test_any_text_is_a_tree_or_one_sentence(source: str) -> None:
    with suppress(InvalidInput):
        for one in _every(parse(source)):
            assert 0 <= one.start < one.end <= len(source)
            assert all(one.start <= part.start and part.end <= one.end for part in one.parts)


def _every(node: Node) -> list[Node]:
    return [node, *(each for part in node.parts for each in _every(part))]
