"""The filter below its row: what follows from answers, bad rows, nobody who takes over, nobody handed over twice."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from crmcore_marketing.qualifying.handing import hand_over
from crmcore_marketing.qualifying.judging import Answers, Rule, judge
from crmcore_marketing.qualifying.keeping import Asked, keep
from hypothesis import given
from hypothesis import strategies as st

from crmcore.api import InvalidInput
from crmcore.testing.statements import Statements

TODAY = date(2026, 11, 24)
RULE = Rule(within=92, again=90)
DAYS = st.none() | st.integers(0, 900).map(lambda n: TODAY + timedelta(days=n))


@given(st.builds(Answers, need=st.sampled_from(["", "no", "无", "pumps"]), product=st.sampled_from(["", "RT"]),
                 quantity=st.none() | st.just(Decimal(2)), need_by=DAYS, again_on=DAYS))  # fmt: skip
def test_what_follows_from_answers(answers):
    found = judge(answers, RULE, TODAY)
    assert (found.result == "later") == (found.again_on is not None)
    if found.result == "now":
        assert answers.needs
        assert answers.need_by <= TODAY + timedelta(days=92)
    if found.result == "none":
        assert not answers.needs
        assert answers.again_on is None
    if found.again_on is not None:
        assert found.again_on >= TODAY
    if answers.again_on is not None:
        assert found.again_on == answers.again_on


def test_days_that_are_over_are_refused():
    with pytest.raises(InvalidInput, match="need by 2026-11-23 is over on 2026-11-24"):
        judge(Answers(need="pumps", need_by=TODAY - timedelta(days=1)), RULE, TODAY)


def test_bad_rows_are_told_and_the_rest_is_kept_and_waits_for_who_takes_over(office, tmp_path):
    office.crm("marketing", "campaign", "add", "Lecture", "--code", "L1", user="ann")
    one, two, three = office.contacts[:3]
    office.crm("marketing", "member", "add", three, "--campaign", "L1", user="ann")
    member = office.json("marketing", "member", "list", "L1", user="ann")[0]["id"]
    form = tmp_path / "表.csv"
    form.write_text(
        "姓名,需求,产品,数量,需求日期,预算,坐席,备注\n"
        f"{one},换泵,RT-100,12,2027-01-10,20万,wang,急\n"
        f"{two},换泵,RT-100,-3,2027-01-10,,,\n"
        "Nobody Known,换泵,,,2027-01-10,,,\n"
        f"{member},没有需求,,,,,liu,\n"
        f"{one},换泵,,,2027-01-11,,,\n"
        f"{two},换泵,,,2026-01-11,,,\n"
        f"{two},换泵,,,2027-01-11,,ghost,\n"
        ",换泵,,,2027-01-11,,,\n",
        encoding="utf-8",
    )
    done = office.json("marketing", "qualify", "--campaign", "L1", "--file", form, user="ann")
    assert (done["now"], done["later"], done["none"], done["waiting"], done["taken_by"]) == (1, 0, 1, 1, "")
    reasons = {each["line"]: each["reason"] for each in done["rejected"]}
    assert sorted(reasons) == [3, 4, 6, 7, 8, 9]
    for line, said in ((3, "quantity"), (4, "There is no contact"), (6, "line 2 already"), (7, "is over"),
                       (8, "no user"), (9, "who was asked")):  # fmt: skip
        assert said in reasons[line]
    told = office.json("marketing", "qualification", "list", "--campaign", "L1", user="ann")
    assert {(each["contact"]["id"], each["agent"], each["result"], each["need"]) for each in told} == {
        (one, "wang", "now", "换泵"), (three, "liu", "none", "")
    }  # fmt: skip
    first = next(each for each in told if each["result"] == "now")
    assert (first["quantity"], first["budget"], first["currency"], first["note"], first["became"]) == (
        "12.00", "200000.00", "CNY", "急", []
    )  # fmt: skip
    assert "Nobody here goes on" in office.crm("marketing", "qualification", "hand-over", user="ann").out
    assert "Nobody here keeps leads" in office.crm("marketing", "acceptance", user="ann", code=1).err
    assert "换泵" in office.crm("marketing", "qualification", "show", first["id"], user="ann", COLUMNS="160").out

    office.crm("plugin", "enable", "sales", user="ann")  # now somebody takes over
    handed = office.json("marketing", "qualification", "hand-over", "--owner", "wang", user="ann")
    assert [each["entity"] for each in handed["handed"]] == ["sales_lead"]
    assert office.json("marketing", "qualification", "hand-over", user="ann")["handed"] == []
    again = office.json("marketing", "qualify", one, "--campaign", "L1", "--need", "换泵", "--by", "2027-01-20",
                        user="ann")  # fmt: skip
    assert (again["now"], again["in_hand"], again["handed"]) == (1, 1, [])  # the lead is open: it is not doubled
    office.crm("sales", "lead", "reject", handed["handed"][0]["id"], "no money")
    later = office.json("marketing", "qualify", one, "--campaign", "L1", "--need", "换泵", "--by", "2027-01-20",
                        user="ann")  # fmt: skip
    assert len(later["handed"]) == 1
    for said, wrong in (
        ("or the --file", ()),
        ("or --none", (one,)),
        ("or --none", (one, "--none", "--need", "x")),
        ("no contact", ("ghost", "--none")),
        ("is over", (one, "--need", "x", "--by", "2026-01-01")),
    ):
        assert said in office.crm("marketing", "qualify", *wrong, user="ann", code=1).err


def test_the_statements_do_not_grow_with_the_people(office_with_sales):
    office = office_with_sales
    key = office.json("marketing", "campaign", "add", "Lecture", "--code", "L1", user="ann")["id"]

    def statements(people):
        answers = Answers(need="pumps", product="RT-100", need_by=TODAY + timedelta(days=30))
        later = Answers(need="pumps", need_by=TODAY + timedelta(days=300))
        asked = [Asked(contact_id=one, answers=later if place % 3 else answers, line=place + 1)
                 for place, one in enumerate(people)]  # fmt: skip
        with office.at("2026-11-24T11:00+08:00", user="ann") as tx, Statements(office.app) as said:
            hand_over(tx, keep(tx, asked, campaign_id=key).qualifications)
            tx.flush()
        return sum(each.startswith(("SELECT", "WITH")) and "crm_id" not in each for each in said)

    few = statements(office.contacts[:3])
    assert statements(office.contacts[100:400]) <= few + 2
