from hypothesis import given
from hypothesis import strategies as st

from crmcore.language.sentences import clauses, sentences


def texts(text: str) -> list[str]:
    return [part.text for part in sentences(text)]


def test_abbreviations_and_numbers_do_not_end_a_sentence() -> None:
    assert texts("Mr. Li pays 1.5 million. Dr. Wu e.g. does not! 好的。再见") == [
        "Mr. Li pays 1.5 million.",
        "Dr. Wu e.g. does not!",
        "好的。",
        "再见",
    ]


def test_a_wrapped_line_goes_on_and_a_short_one_ends() -> None:
    wrapped = "We will send you the revised quotation for the two routers\nby Friday this week.\nRegards\nLi"
    assert texts(wrapped) == [
        "We will send you the revised quotation for the two routers\nby Friday this week.",
        "Regards",
        "Li",
    ]


def test_clauses() -> None:
    assert [c.text for c in clauses("paid 480,000 CNY, wants 3 more; and we will deliver at 10:30")] == [
        "paid 480,000 CNY",
        "wants 3 more",
        "and we will deliver at 10:30",
    ]


@given(st.text(alphabet="ab. ,，。?!\n1:;但andwe", max_size=60))
def test_parts_are_stretches_of_the_text_and_nothing_but_marks_is_lost(text: str) -> None:
    for cut in (sentences, clauses):
        last = 0
        for part in cut(text):
            assert last <= part.start < part.end
            assert text[part.start : part.end] == part.text
            assert not any(c.isalnum() for c in text[last : part.start])
            last = part.end
        assert not any(c.isalnum() for c in text[last:])
