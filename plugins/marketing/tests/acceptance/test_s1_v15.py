"""S1-V15, as far as marketing acts: a campaign to 300 leaves out whose problem is open, and says why; it lifts.

The tickets come from a plugin that knows nothing of marketing, and of which marketing knows nothing.
"""

import pytest

TEXT = "Dear {{ contact.name }},\n\nsee our new pumps.\n\nNo more of these: {{ unsubscribe_url }}\n"


@pytest.mark.row("S1-V15")
def test_a_campaign_to_300_skips_the_one_with_an_open_problem(tickets, mail_server):
    office = tickets
    for name, value in (
        ("mail.smtp", mail_server.url),
        ("marketing.from", "news@huaxin.example"),
        ("marketing.rate", 100_000),
    ):
        office.crm("setting", "set", name, value, user="ann")
    firm = 1200
    people = [office.staff[place][0] for place in range(firm - 150, firm + 150)]
    office.crm("marketing", "campaign", "add", "New pumps", "--code", "P", user="mei")
    office.crm("marketing", "member", "add", *people, "--campaign", "P", user="mei")
    office.crm(
        "marketing", "template", "add", "pumps", "--subject", "New pumps", "--text", TEXT, user="mei",
    )  # fmt: skip

    office.clock.set("2026-11-19T10:00+08:00")
    ticket = office.crm("ticket", "open", office.customers[firm], "the pump leaks", user="mei").out.strip()
    office.clock.set("2026-11-24T10:00+08:00")  # five days later
    said = f"ticket {ticket} is open for 5 days: the pump leaks"
    add = ("marketing", "mailing", "add", "--template", "pumps", "--campaign", "P", "--json")
    first = office.crm(*add, "Pumps", user="mei").json["id"]
    before = office.crm("marketing", "mailing", "queue", first, "--dry-run", "--json", user="mei").json
    assert (before["queued"], before["reasons"]) == (300, {said: 1}), "who and why is told before"
    assert [(one["contact_id"], one["reason"]) for one in before["left_out"]] == [(office.staff[firm][0], said)]
    assert office.json("marketing", "message", "list") == []
    office.crm("marketing", "mailing", "queue", first, user="mei")
    office.crm("worker", "--once", user="ann")

    sent = mail_server.recipients()
    his = f"p{firm}@firm{firm}.example"
    assert (len(sent), len(set(sent)), his in sent) == (299, 299, False)
    shown = office.json("marketing", "mailing", "show", first)
    assert shown["counts"] == {"sent": 299, "skipped": 1}
    assert shown["reasons"] == [{"status": "skipped", "reason": said, "count": 1}], "and after"
    (asked,) = office.json("policy", "log", office.staff[firm][0], "--refused", user="ann")
    assert asked["objections"][0][:2] == ["open_tickets", said]

    office.crm("ticket", "resolve", ticket, user="mei")
    office.clock.advance(days=3, minutes=-1)
    again = ("marketing", "mailing", "queue", first, "--again", "--json")
    assert office.crm(*again, "--dry-run", user="mei").json["already"] == 300
    office.crm(*again, user="mei")
    office.crm("worker", "--once", user="ann")
    (waiting,) = office.json("marketing", "message", "list", "--status", "deferred")
    assert waiting["reason"].startswith(f"ticket {ticket} is resolved on 2026-11-24")
    assert his not in mail_server.recipients(), "a minute before the three days are over"
    office.clock.advance(minutes=2)
    office.crm("worker", "--once", user="ann")
    assert mail_server.recipients()[-1] == his
    assert len(mail_server.recipients()) == 300
    assert office.json("marketing", "mailing", "show", first)["counts"] == {"sent": 300}
