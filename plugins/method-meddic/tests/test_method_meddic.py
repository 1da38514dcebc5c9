"""What MEDDIC finds in deals; its part in a workspace is tested with sales (row S2-08)."""

import pytest
from crmcore_method_meddic.plugin import sales_findings, sales_method
from crmcore_sales.methods.spec import Deal, Person, Said

KINDS = {"metric": "metrics", "criterion": "decision_criteria", "step": "decision_process", "need": "pain"}


def deal(kinds=tuple(KINDS), roles=("budget", "coach"), support="for", said_by=0):
    return Deal(
        id=7,
        title="Harbour",
        people=tuple(
            Person(contact_id=place, name=role, role=role, support=support) for place, role in enumerate(roles)
        ),
        evidence=tuple(Said(kind=kind, text=kind, contact_id=said_by) for kind in kinds),
    )


def found(one):
    return {(each.flag, each.about) for each in sales_findings({"meddic": (one,), "other": (one, one)})}


def test_a_deal_of_which_all_six_are_known_has_no_flag():
    assert found(deal()) == set()


@pytest.mark.parametrize(("kind", "flag"), KINDS.items())
def test_what_is_not_known_is_flagged(kind, flag):
    assert found(deal(kinds=tuple(each for each in KINDS if each != kind))) == {(flag, "")}


def test_who_is_missing_is_flagged():
    assert found(deal(roles=("coach",))) == {("economic_buyer", "")}
    assert found(deal(roles=("boss",))) == {("champion", "")}


def test_what_stands_on_weak_feet_is_flagged():
    assert found(deal(said_by=1)) == {("second_hand", "budget")}
    assert found(deal(support="neutral")) == {("weak_champion", "coach")}


def test_every_flag_it_raises_is_declared():
    (method,) = sales_method()
    raised = {flag for flag, _about in found(deal(kinds=(), roles=()))}
    assert raised == {one.key for one in method.questions} == set(method.flags) - {"second_hand", "weak_champion"}
