"""What strategic selling finds in deals; its part in a workspace is tested with sales (row S2-08)."""

import pytest
from crmcore_method_strategic.plugin import sales_findings, sales_method
from crmcore_sales.methods.spec import Deal, Person, Said

EVERYBODY = {"budget": "for", "user": "for", "technical": "neutral", "coach": "for"}


def deal(people, wins=()):
    return Deal(
        id=7,
        title="Harbour",
        people=tuple(
            Person(contact_id=place, name=role.title(), role=role, support=support)
            for place, (role, support) in enumerate(people.items())
        ),
        evidence=tuple(Said(kind="win", text="a quiet life", contact_id=place) for place in wins),
    )


def found(one):
    return {(each.flag, each.about) for each in sales_findings({"strategic": (one,), "other": (one, one)})}


def test_a_deal_with_everybody_and_everybodys_win_has_no_flag():
    assert found(deal(EVERYBODY, wins=(0, 1, 2))) == set()


@pytest.mark.parametrize(
    ("role", "flag"),
    [("budget", "no_economic"), ("user", "no_user"), ("technical", "no_technical"), ("coach", "no_coach")],
)
def test_who_is_missing_is_flagged(role, flag):
    others = {name: support for name, support in EVERYBODY.items() if name != role}
    assert found(deal(others, wins=(0, 1, 2))) == {(flag, "")}


def test_a_boss_gives_the_final_word_as_well():
    people = {"boss": "for", "user": "for", "technical": "for", "coach": "for"}
    assert found(deal(people, wins=(0, 1, 2))) == set()


def test_who_is_against_us_is_flagged_unless_the_final_word_is_for_us():
    assert found(deal(EVERYBODY | {"user": "against"}, wins=(0, 1, 2))) == set()
    people = EVERYBODY | {"budget": "neutral", "user": "against"}
    assert found(deal(people, wins=(0, 1, 2))) == {("against", "User")}


def test_wins_and_stands_that_are_not_known_are_flagged_but_not_the_coachs():
    assert found(deal(EVERYBODY | {"user": ""}, wins=(0,))) == {
        ("no_win", "User"), ("no_win", "Technical"), ("unknown", "User")
    }  # fmt: skip


def test_every_flag_it_raises_is_declared():
    (method,) = sales_method()
    raised = {flag for flag, _about in found(deal({"user": "against", "technical": ""}))}
    assert raised == {"no_economic", "no_coach", "against", "no_win", "unknown"}
    assert raised < set(method.flags)
    assert not found(deal({})) - {(flag, "") for flag in method.flags}
