"""Definitions as TOML: what is written reads back as the same, and the reference's example applies."""

import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmcore.definitions.bodies import definitions
from crmcore.definitions.reading import Body, Named, read_text
from crmcore.definitions.shapes import DEPTH, SHAPES, Key
from crmcore.definitions.writing import written
from crmcore.errors import InvalidInput

REFERENCE = Path(__file__).parents[2] / "docs" / "reference" / "definitions.md"
WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=20).map(str.strip)
NAMES = st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=10)


def values(key: Key) -> st.SearchStrategy[Any]:
    match key.type:
        case "text":
            return st.sampled_from(key.choices) if key.choices else WORDS
        case "boolean":
            return st.booleans()
        case "number":
            return st.integers(-(10**6), 10**6) | st.floats(-1e6, 1e6)
        case "texts":
            return st.lists(WORDS, max_size=4, unique=True)
        case "named":
            return st.dictionaries(WORDS, WORDS, max_size=3)
        case "tables":
            shape = key.of or {"do": Key(type="text", needed=True), "subject": Key(type="text")}
            return st.lists(tables(shape), max_size=3)
    return WORDS | st.integers(-5, 5) | st.booleans()


def tables(shape: dict[str, Key]) -> st.SearchStrategy[Body]:
    needed = {name: values(key) for name, key in shape.items() if key.needed}
    others = {name: values(key) for name, key in shape.items() if not key.needed}
    return st.fixed_dictionaries(needed, optional=others).map(
        lambda body: {name: value for name, value in body.items() if shape[name].needed or value != shape[name].default}
    )


@st.composite
def bodies(draw: st.DrawFn) -> dict[Named, Body]:
    found: dict[Named, Body] = {}
    for kind, shape in SHAPES.items():
        for name in draw(st.lists(NAMES, max_size=3, unique=True)):
            full = f"customer.{name}" if DEPTH[kind] > 1 else name
            found[kind, full] = draw(tables(dict(shape)))
    return found


@given(bodies())
def test_what_is_written_reads_back_as_the_same(given: dict[Named, Body]) -> None:
    text = written(given)
    reading = read_text(text, "x.toml")
    assert reading.problems == ()
    again = {(one.kind, one.name): one.body for one in reading.said}
    assert again == given
    assert written(again) == text
    assert definitions(again) == definitions(given)


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused_in_sentences(text: str) -> None:
    try:
        reading = read_text(text, "x.toml")
    except InvalidInput as refused:
        assert "x.toml: is not TOML" in str(refused)  # noqa: PT017 # one of two outcomes
        return
    assert all(problem.startswith("x.toml") for problem in reading.problems)


def example() -> str:
    found = re.search(r"```toml\n(.*?)```", REFERENCE.read_text(encoding="utf-8"), re.DOTALL)
    assert found is not None
    return found[1]


def test_the_example_of_the_reference_applies(crm: Any, tmp_path: Path) -> None:
    file = tmp_path / "example.toml"
    file.write_text(example(), encoding="utf-8")
    crm("config", "apply", file)
    file.write_text(crm("config", "export").stdout, encoding="utf-8")
    assert "Nothing changes" in crm("config", "apply", file).stderr


@pytest.mark.parametrize("kind", list(SHAPES))
def test_the_reference_names_every_key(kind: str) -> None:
    text = REFERENCE.read_text(encoding="utf-8")
    section = text.partition(f"## `[{kind}.")[2].partition("\n## ")[0]
    for name in SHAPES[kind]:
        assert f"`{name}`" in section or f"`{name} " in section, name
