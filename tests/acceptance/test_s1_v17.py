import json
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from crmcore.api import Act, App, Event, deliver, impl, permit
from crmcore.model.interaction import Interaction


def out(result):
    return json.loads(result.stdout)


@pytest.fixture
def li(crm):
    key = out(crm("contact", "add", "李伟", "--email", "li@example.com", "--json"))["id"]
    crm("consent", "grant", key, "--purpose", "marketing", "--evidence", "web form", "--at", "2026-11-01T10:00")
    crm(
        "consent", "deny", key, "--channel", "email", "--purpose", "marketing", "--at", "2026-11-22T09:00",
        "--evidence", "clicked unsubscribe",
    )  # fmt: skip
    return key


def asked(crm, key, channel, purpose, at):
    return out(crm("consent", "check", key, "--channel", channel, "--purpose", purpose, "--at", at, "--json"))


@pytest.mark.row("S1-V17")
def test_who_opted_out_at_nine_gets_no_mail_at_five_past(crm, li):
    """Opted out at 09:00: mail asked for at 08:50 may go then, and not at 09:05; other channels and purposes may."""
    assert asked(crm, li, "email", "marketing", "2026-11-22T08:50")["allowed"] is True
    refused = asked(crm, li, "email", "marketing", "2026-11-22T09:05")
    assert refused["allowed"] is False
    (objection,) = refused["objections"]
    assert "opted out of marketing by email" in objection["reason"]
    assert "clicked unsubscribe" in objection["reason"]
    assert asked(crm, li, "call", "marketing", "2026-11-22T09:05")["allowed"] is True
    assert asked(crm, li, "email", "service", "2026-11-22T09:05")["allowed"] is True
    shown = crm("consent", "check", li, "--channel", "email", "--purpose", "marketing").stdout
    assert shown.startswith("refused")

    decisions = out(crm("consent", "log", li, "--json"))
    assert [one["allowed"] for one in decisions] == [False, True, True, False, True]
    assert decisions[-1]["act"]["at"] == "2026-11-22T00:50:00+00:00"
    assert "opted out" in decisions[0]["objections"][0][1]
    assert {one["actor"] for one in decisions} == {"ann"}
    assert "consent.created" in crm("history", li).stdout


@pytest.mark.row("S1-V17")
def test_every_plugin_obeys_when_it_sends_and_not_when_it_queued(workspace, crm, li):
    """A plugin that queued its mail at 08:50 asks again at 09:05, and does not send; its asking is in the journal."""
    sent = []

    def mail(tx, at):
        if permit(tx, Act(kind="contact", at=at, channel="email", purpose="marketing", contact_id=li)).allowed:
            sent.append(at)

    class Mailer:
        """Mails at 08:50 and again at 09:05, when it hears of an interaction."""

        @staticmethod
        @impl
        def crm_on_event(event: Event, tx: SimpleNamespace) -> None:
            if event.type == "interaction.created":
                for minute in (datetime(2026, 11, 22, 0, 50, tzinfo=UTC), datetime(2026, 11, 22, 1, 5, tzinfo=UTC)):
                    mail(tx, minute)

    app = App(workspace, plugins=[("mailer", Mailer)], strict=True)
    with app.transaction(app.actor("ann")) as tx:
        tx.add(Interaction(channel="note", contact_id=li))
    deliver(app)
    app.close()

    assert sent == [datetime(2026, 11, 22, 0, 50, tzinfo=UTC)]
    refused, allowed = out(crm("consent", "log", "--json"))
    assert (refused["allowed"], allowed["allowed"]) == (False, True)
    assert refused["cause"].startswith("plugin mailer on interaction.created #")


@pytest.mark.row("S1-V17")
def test_an_opt_out_of_everything_leaves_what_a_contract_needs(crm, li):
    """A contract's notices have a purpose of their own, which an opt-out of everything does not end."""
    crm("consent", "deny", li, "--at", "2026-11-22T10:00", "--evidence", "letter")
    for channel, purpose in (("email", "marketing"), ("call", "sales"), ("email", "service")):
        assert asked(crm, li, channel, purpose, "2026-11-22T10:05")["allowed"] is False
    assert asked(crm, li, "email", "transactional", "2026-11-22T10:05")["allowed"] is True
    assert "evidence" in crm("consent", "grant", li, "--channel", "email", code=1).stderr
    assert "before it begins" in crm(
        "consent", "deny", li, "--at", "2026-11-22T10:00", "--until", "2026-11-21T10:00", code=1
    ).stderr  # fmt: skip
    listed = out(crm("consent", "list", li, "--json"))
    assert [(one["state"], one["channel"], one["purpose"]) for one in listed] == [
        ("denied", "*", "*"),
        ("denied", "email", "marketing"),
        ("granted", "*", "marketing"),
    ]
