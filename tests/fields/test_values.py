"""Values of fields: what is shown is read again alike, and any text is a value or one sentence."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from crmcore.definitions.shapes import FIELD_TYPES
from crmcore.errors import InvalidInput
from crmcore.fields.values import labels, meant_by, read, shown
from crmcore.model.definitions import Definitions, Field, Term

DEFINITIONS = Definitions(terms=(Term(code="PRICE", label="price", synonyms=("too dear", "太贵")), Term(code="TIME")))


def field(kind: str) -> Field:
    choices = ("gold", "银") if kind == "choice" else ()
    return Field(entity="customer", name="x", type=kind, choices=choices, currency="CNY" if kind == "money" else "")


TEXTS = st.one_of(
    st.text(max_size=30), st.from_regex(r"[-+]?[0-9,.]{1,20}( ?CNY)?", fullmatch=True), st.dates().map(str),
    st.sampled_from(["yes", "否", "gold", "银", "太贵", "TIME", "a@b.co", "+8613800138000", "https://x.com"]),
)  # fmt: skip


@given(st.sampled_from(FIELD_TYPES), TEXTS)
def test_any_text_is_a_value_that_reads_back_or_one_sentence(kind: str, text: str) -> None:
    one = field(kind)
    try:
        value = read(one, text, DEFINITIONS, "CN")
    except InvalidInput as refused:
        told = str(refused)
        assert told.startswith("x")  # one of two outcomes
        return
    assert read(one, value, DEFINITIONS) == value
    if value is not None:
        assert read(one, shown(one, value, labels(DEFINITIONS)), DEFINITIONS) == value


@given(st.decimals(allow_nan=False, allow_infinity=False, places=2, min_value=-(10**12), max_value=10**12))
def test_amounts_are_exact(amount: Decimal) -> None:
    assert Decimal(read(field("money"), amount, DEFINITIONS)) == amount


def test_a_word_means_a_term_in_any_writing() -> None:
    for said in ("price", "PRICE", "Too  Dear", "太贵"):
        found = meant_by(DEFINITIONS, said)
        assert found is not None
        assert found.code == "PRICE"
    assert meant_by(DEFINITIONS, "") is None
    assert meant_by(DEFINITIONS, "weather") is None
