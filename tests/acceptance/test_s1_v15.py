"""S1-V15: who has an open problem is not sold to, by plugins that know nothing of each other."""

import json

import pytest

OPENED, SENT = "2026-11-17T09:00+08:00", "2026-11-22T10:00+08:00"
RESOLVED, AFTER_TWO, AFTER_THREE = "2026-11-23T12:00+08:00", "2026-11-25T12:00+08:00", "2026-11-26T12:00+08:00"
CALL = ("--channel", "call", "--purpose", "sales", "--json")


def out(done):
    return json.loads(done.stdout)


@pytest.fixture
def three_hundred(site):
    """Three hundred clients, of whom Huaxin has a problem for five days; a rep has to call Li Wei of Huaxin."""
    site.install("open_tickets", "campaign_mail")
    site.process("plugin", "enable", "open_tickets")
    site.process("plugin", "enable", "campaign_mail")
    rows = ["Name,Email,Phone,Company", "Li Wei,li@huaxin.example,+86 138 0000 0001,Huaxin"]
    rows += [f"Person {n},p{n}@c{n}.example,+86 138 0001 {n:04},Company {n}" for n in range(2, 301)]
    (site.folder / "people.csv").write_text("\n".join(rows), encoding="utf-8")
    site.crm("import", site.folder / "people.csv", CRM_NOW="2026-11-01T09:00+08:00")
    site.crm("task", "add", "call about the offer", "--contact", "Li Wei", "--due", "2026-11-22")
    ticket = site.crm("ticket", "open", "Huaxin", "the pump leaks", CRM_NOW=OPENED).stdout.strip()
    return site, ticket


@pytest.mark.row("S1-V15")
def test_a_campaign_skips_who_has_an_open_ticket_and_the_rep_is_warned(three_hundred):
    site, ticket = three_hundred
    told = out(site.crm("campaign", "send", "autumn", CRM_NOW=SENT))
    assert told["sent"] == 299
    (skipped,) = told["skipped"]
    assert skipped["name"] == "Li Wei"
    assert skipped["by"] == ["open_tickets"]
    assert f"ticket {ticket} is open for 5 days: the pump leaks" in skipped["why"]
    assert skipped["until"] is None
    assert out(site.crm("campaign", "list", "autumn")) == {"sent": 299, "skipped": 1}

    # The rep's call goes ahead, with a warning, wherever the rep looks.
    explained = out(site.crm("policy", "explain", "Huaxin", *CALL, CRM_NOW=SENT))
    assert explained["allowed"] is True
    (warning,) = explained["objections"]
    assert (warning["plugin"], warning["severity"]) == ("open_tickets", "warns")
    assert "three days after" in warning["lift"]
    (call,) = out(site.crm("call-list", "--all", "--json", CRM_NOW=SENT))["call"]
    assert call["name"] == "Li Wei"
    assert "the pump leaks" in call["objections"][0]

    # Every decision is in the journal, the refusal with who objected.
    (refused,) = out(site.crm("policy", "log", "--refused", "--plugin", "open_tickets", "--json"))
    assert refused["objections"][0][0] == "open_tickets"
    assert len(out(site.crm("policy", "log", "--limit", "1000", "--json"))) == 301


@pytest.mark.row("S1-V15")
def test_it_lifts_three_days_after_the_resolution(three_hundred):
    site, ticket = three_hundred
    site.crm("ticket", "resolve", ticket, CRM_NOW=RESOLVED)
    early = out(site.crm("campaign", "send", "winter", CRM_NOW=AFTER_TWO))
    assert early["sent"] == 299
    assert early["skipped"][0]["until"] == "2026-11-26T04:00:00+00:00"
    assert "resolved on 2026-11-23" in early["skipped"][0]["why"]
    assert out(site.crm("policy", "explain", "Huaxin", *CALL, CRM_NOW=AFTER_TWO))["objections"]
    late = out(site.crm("campaign", "send", "sale", CRM_NOW=AFTER_THREE))
    assert (late["sent"], late["skipped"]) == (300, [])
    assert out(site.crm("policy", "explain", "Huaxin", *CALL, CRM_NOW=AFTER_THREE))["objections"] == []


@pytest.mark.row("S1-V15")
def test_either_goes_and_the_other_works_on(three_hundred):
    site, _ticket = three_hundred
    site.process("plugin", "disable", "open_tickets")
    assert out(site.crm("campaign", "send", "autumn", CRM_NOW=SENT))["sent"] == 300
    site.process("plugin", "enable", "open_tickets")
    assert out(site.crm("campaign", "send", "again", CRM_NOW=SENT))["sent"] == 299

    site.process("plugin", "disable", "campaign_mail")
    assert out(site.crm("policy", "explain", "Huaxin", *CALL, CRM_NOW=SENT))["objections"]
    site.remove("campaign_mail")  # what is installed is seen by processes that start from here on
    assert out(site.process("policy", "explain", "Huaxin", *CALL, CRM_NOW=SENT))["objections"]
    assert out(site.process("ticket", "list"))[0]["text"] == "the pump leaks"

    site.install("campaign_mail")
    site.process("plugin", "enable", "campaign_mail")
    site.remove("open_tickets")  # uninstalled, but enabled
    assert out(site.process("campaign", "send", "more", CRM_NOW=SENT))["sent"] == 300
    assert out(site.process("policy", "explain", "Huaxin", *CALL, CRM_NOW=SENT))["objections"] == []
    assert "open_tickets" in site.process("plugin", "list").stdout


@pytest.mark.row("S1-V15")
def test_neither_names_the_other(site):
    site.install("open_tickets", "campaign_mail")
    for one, other in (("open_tickets", "campaign"), ("campaign_mail", "ticket")):
        for file in (site.folder / f"crmcore_{one}").rglob("*.py"):
            code = file.read_text(encoding="utf-8")
            assert other not in code.lower()
            imported = [line for line in code.splitlines() if "crmcore" in line and "import" in line]
            assert all("crmcore.api" in line or f"crmcore_{one}" in line for line in imported)
