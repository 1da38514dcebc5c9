"""S1-V17: opted out at nine, a mail queued before that is not sent after it; per channel and purpose; audited."""

import pytest

TEXT = "Dear {{ contact.name }},\n\nour lecture is on Friday.\n\nNo more of these: {{ unsubscribe_url }}\n"


@pytest.mark.row("S1-V17")
def test_who_opts_out_at_nine_gets_no_mail_at_five_past(office, mail_server):
    def crm(*said, user="mei"):
        return office.crm("marketing", *said, user=user)

    for name, value in (
        ("mail.smtp", mail_server.url),
        ("marketing.from", "华信 <news@huaxin.example>"),
        ("marketing.rate", 100_000),
    ):
        office.crm("setting", "set", name, value, user="ann")
    out, other_purpose, other_channel, unasked = office.contacts[:4]
    office.clock.set("2026-11-24T08:50+08:00")
    crm("campaign", "add", "Lecture", "--code", "L")
    crm("member", "add", out, other_purpose, other_channel, unasked, "--campaign", "L")
    crm("template", "add", "lecture", "--subject", "Lecture for {{ customer.name }}", "--text", TEXT)
    mailing = crm("mailing", "add", "Invitation", "--template", "lecture", "--campaign", "L", "--json").json["id"]
    done = crm("mailing", "queue", mailing, "--json").json
    assert (done["queued"], done["skipped"], done["objected"]) == (4, 0, 0), "nobody has said anything yet"

    office.clock.set("2026-11-24T09:00+08:00")
    deny = ("consent", "deny")
    office.crm(*deny, out, "--channel", "email", "--purpose", "marketing", "--evidence", "by telephone", user="mei")
    office.crm(*deny, other_purpose, "--channel", "email", "--purpose", "sales", "--evidence", "a reply", user="mei")
    office.crm(*deny, other_channel, "--channel", "call", "--purpose", "marketing", "--evidence", "a call", user="mei")

    office.clock.set("2026-11-24T09:05+08:00")
    office.crm("worker", "--once", user="ann")
    addresses = [f"p{place}@firm{place}.example" for place in range(4)]
    assert sorted(mail_server.recipients()) == sorted(addresses[1:]), "not who opted out of just this"

    shown = office.json("marketing", "mailing", "show", mailing)
    assert shown["counts"] == {"sent": 3, "skipped": 1}
    assert shown["status"] == "sent"
    (reason,) = shown["reasons"]
    assert (reason["status"], reason["count"]) == ("skipped", 1)
    assert reason["reason"] == "opted out of marketing by email on 2026-11-24 (by telephone)"
    (left,) = office.json("marketing", "message", "list", "--status", "skipped")
    assert (left["contact_id"], left["sent_at"]) == (out, None)

    # What he wants to hear is another purpose: the contract goes on, and another plugin asks the same policy.
    with office.at("2026-11-24T09:06+08:00") as tx:
        from crmcore_marketing.sending.queueing import queue_message

        queue_message(tx, kind="confirmation", contact_id=out, subject="Your seat", text="Row 7, {{ contact.name }}.")
    office.clock.set("2026-11-24T09:07+08:00")
    office.crm("worker", "--once", user="ann")
    assert mail_server.recipients()[-1] == addresses[0]
    last = mail_server.received()[-1]
    assert (last["Subject"], last["Auto-Submitted"], last["List-Unsubscribe"]) == ("Your seat", "auto-generated", None)

    # Audited: each decision is told, with who objected, and what was sent is an interaction that everybody sees.
    asked = office.json("policy", "log", out, user="ann")
    assert [(one["allowed"], one["act"]["purpose"]) for one in asked] == [(True, "transactional"), (False, "marketing")]
    assert asked[1]["objections"][0][0] == "core.policy.consent"
    assert f"job send: mailing {mailing}" in asked[1]["cause"]
    entries = office.json("brief", other_purpose, user="wang")
    assert "Lecture for" in str(entries)
