"""What tells of a person in a text goes, what only looks like it stays."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmcore.erasing.texts import MARK, Redactor, emptied

WHO = Redactor(["Li Wei", "Wei Li", "李伟"], ["li@acme.example", "+8613800138000", "138 0013 8000"])


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Li Wei called", f"{MARK} called"),
        ("LI\n WEI called", f"{MARK} called"),
        ("Li Weiss called", "Li Weiss called"),
        ("今天李伟来电", f"今天{MARK}来电"),
        ("write to Li@Acme.Example.", f"write to {MARK}."),
        ("ali@acme.example", "ali@acme.example"),
        ("tel 138 0013 8000, +8613800138000", f"tel {MARK}, {MARK}"),
        ("+86138001380001", "+86138001380001"),
    ],
)
def test_whole_names_and_addresses_only(text: str, left: str) -> None:
    assert WHO.text(text) == left


def test_json_values_and_keys() -> None:
    data = {"to": ["li@acme.example", 3, None], "Li Wei": {"said": "Wei Li agrees"}}
    assert WHO.data(data) == {"to": [MARK, 3, None], MARK: {"said": f"{MARK} agrees"}}


@given(st.text(), st.sampled_from(WHO.needles), st.text())
def test_nothing_is_found_twice_and_hints_never_miss(before: str, needle: str, after: str) -> None:
    text = f"{before} {needle} {after}"
    assert any(hint in text.lower() for hint in WHO.hints)
    assert not WHO.finds(WHO.text(text))


def test_nobody_is_nowhere() -> None:
    assert Redactor([], []).text("Li Wei") == "Li Wei"


def test_an_emptied_entry_keeps_its_form() -> None:
    told = {
        "name": ["Li", "Wei"],
        "owner_id": [3, None],
        "merge": 7,
        "moved": {"interaction": 4},
        "salary": 90,
        "ok": True,
    }
    assert emptied(told) == {
        "name": [None, None], "owner_id": [3, None], "merge": 7, "moved": {"interaction": 4}, "salary": None, "ok": True
    }  # fmt: skip
