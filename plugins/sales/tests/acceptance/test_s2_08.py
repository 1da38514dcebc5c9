"""S2-08: a method comes as a plugin: buying roles, red flags, win-results; swapped, with 0 data lost."""

import json

import pytest
from crmcore_sales.model.opportunity import BuyingRole
from crmcore_sales.tables import metadata, method_use
from sqlalchemy import select

pytestmark = pytest.mark.row("S2-08")

KINDS = ("sales_opportunity", "sales_buying_role", "sales_evidence", "sales_rivalry", "task")


@pytest.fixture
def deals(office):
    """Twelve complex deals: in each somebody signs, uses and judges; in the first four nobody helps us."""
    made = office.deals({"title": f"Line {n}", "customer_id": office.customers[n], "amount": 900000} for n in range(12))
    roles = []
    for place, deal in enumerate(made):
        staff = office.contacts[place * 4 : place * 4 + 4]
        for contact_id, role in zip(staff, ("budget", "user", "technical", "coach"), strict=True):
            if role != "coach" or place >= 4:
                roles.append(
                    BuyingRole(opportunity_id=deal.id, contact_id=contact_id, role=role, support="for", source="")
                )
    office.insert(*roles)
    return [deal.id for deal in made]


def flags(office, *arguments):
    return {
        (one["deal"]["id"], one["method"]): {flag["key"] for flag in one["flags"]}
        for one in office.json("sales", "method", "check", *arguments)
    }


def test_a_deal_without_a_coach_is_flagged_and_swapping_the_method_loses_nothing(office, deals, tmp_path):
    def state():
        """Return what is known of the deals, as bytes."""
        commands = [("sales", "evidence", "list"), ("sales", "method", "check"), ("brief", office.customers[0])]
        return json.dumps([office.json(*each) for each in commands], ensure_ascii=False).encode()

    def exported(name):
        """Return the export of deals and their parts, and every row of sales but which method is used where."""
        kinds = [each for kind in KINDS for each in ("--entity", kind)]
        office.crm("export", tmp_path / name, *kinds, user="ann")
        files = {file.name: file.read_bytes() for file in sorted((tmp_path / name).iterdir())}
        with office.app.engine.connect() as connection:
            for table in metadata.sorted_tables:
                if table is not method_use:
                    files[table.name] = connection.execute(select(table).order_by(*table.primary_key)).all()
        return files

    assert "there are: none" in office.crm("sales", "method", "use", "strategic", user="mei", code=1).err
    office.crm("plugin", "enable", "method_strategic", user="ann")
    office.crm("sales", "method", "use", "strategic", user="mei")
    found = flags(office)
    assert [deal for deal, _method in found if "no_coach" in found[deal, "strategic"]] == deals[:4]
    assert all({"no_win"} <= each and "no_economic" not in each for each in found.values())

    # what a rep learns: who wins what, by which figure, how they decide; from an interaction who and when are known
    who = office.contacts[0]
    office.crm("sales", "evidence", "add", deals[0], "win", "她想在年底前升职", "--who", who)
    office.crm("sales", "evidence", "add", deals[0], "result", "40% less energy", "--who", who, "--on", "2026-11-20")
    office.crm("sales", "evidence", "add", deals[0], "metric", "1.2 GWh a year")
    spoken = office.json("interaction", "list", "--limit", 1)[0]
    told = office.json("sales", "evidence", "add", deals[0], "step", "board meets", "--from", spoken["id"])
    assert told["contact_id"]
    assert told["said_on"] == spoken["at"][:10]
    answers = {each["key"]: each for each in office.json("sales", "method", "check", deals[0])[0]["answers"]}
    assert (answers["win"]["answered"], answers["coach"]["answered"]) == (True, False)
    assert (answers["result"]["by"], answers["result"]["on"]) == ("1.2 GWh a year", "2026-11-24")
    brief = {one["title"]: one for one in office.json("brief", office.customers[0])["blocks"]}
    assert "No coach: nobody inside helps us" in brief["Sales method"]["rows"][0][3]

    before, files = state(), exported("before")
    office.crm("plugin", "enable", "method_meddic", user="ann")
    office.crm("sales", "method", "use", "meddic", user="mei")
    found = flags(office, "--flagged")
    assert found[deals[0], "meddic"] == {"decision_criteria", "pain", "champion"}  # the same evidence, other questions
    assert found[deals[5], "meddic"] == {
        "metrics", "decision_criteria", "decision_process", "pain", "second_hand"
    }  # fmt: skip
    office.crm("sales", "method", "use", "strategic", "meddic", "--deal", deals[1])
    assert {method for deal, method in flags(office) if deal == deals[1]} == {"strategic", "meddic"}
    office.crm("sales", "method", "use", "none", user="mei")
    assert {deal for deal, _method in flags(office)} == {deals[1]}
    office.crm("plugin", "disable", "method_strategic", user="ann")
    assert set(flags(office)) == {(deals[1], "meddic")}

    office.crm("plugin", "enable", "method_strategic", user="ann")
    office.crm("sales", "method", "use", "usual", "--deal", "Line 1")
    office.crm("sales", "method", "use", "strategic", user="mei")
    assert state() == before
    after = exported("after")
    assert after == files
    assert len(files["sales_evidence.jsonl"].splitlines()) == len(files["sales_evidence"]) == 4
    assert len(files["sales_opportunity.jsonl"].splitlines()) == 12


def test_any_number_of_deals_takes_the_same_few_statements_and_a_rep_does_not_choose_for_all(
    office, deals, crm_statements
):
    office.crm("plugin", "enable", "method_strategic", user="ann")
    office.crm("plugin", "enable", "method_meddic", user="ann")
    assert "name a deal" in office.crm("sales", "method", "use", "meddic", code=1).err
    office.crm("sales", "method", "use", "strategic", "meddic", user="mei")
    from crmcore_sales.methods.finding import checks

    with office.app.read() as reader, crm_statements(office.app) as few:
        assert len(checks(reader, deals[:1])) == 2
    with office.app.read() as reader, crm_statements(office.app) as many:
        assert len(checks(reader, deals)) == 24
    assert len(many) == len(few) <= 8
