"""The contract of the command line: every noun lists and shows as JSON, campaigns with what they cost and brought."""

import pytest

NOUNS = ("campaign", "member", "audience", "event", "survey", "material")
CAMPAIGN = {
    "id", "parent", "type", "status", "planned_cost", "cost", "currency", "members", "responses", "leads", "won",
    "revenue",
}  # fmt: skip


@pytest.fixture
def marketed(office):
    """An office in which everything has happened once: a campaign below another, a member, an event, a survey."""
    crm = office.crm
    crm("marketing", "campaign", "add", "Tour", "--code", "T", "--planned-cost", "10k", "--type", "roadshow")
    crm("marketing", "campaign", "add", "Tour 上海", "--code", "T1", "--parent", "T", "--planned-cost", "7k")
    crm("marketing", "spend", "add", "T1", "6200.50", "--for", "Hall")
    crm("marketing", "member", "add", *office.contacts[:3], "--campaign", "T1", "--status", "sent")
    crm("marketing", "member", "move", "responded", office.contacts[0], "--campaign", "T1")
    crm("marketing", "audience", "add", "Everybody", "contact.has_email", user="ann")
    crm("marketing", "event", "add", "Seminar", "--starts", "2026-12-10T14:00", "--campaign", "T1")
    crm("marketing", "survey", "add", "How was it", "--campaign", "T1", user="ann")
    crm("marketing", "material", "add", "P-40", "--name", "Brochure", user="ann")
    return office


def _listed(document):
    return (
        document if isinstance(document, list) else next(each for each in document.values() if isinstance(each, list))
    )


def test_every_noun_lists_and_shows_as_json(marketed):
    for noun in NOUNS:
        listed = _listed(marketed.json("marketing", noun, "list"))
        assert len(listed) >= 1, noun
        shown = marketed.json("marketing", noun, "show", listed[0]["id"])
        assert isinstance(shown, dict), noun
        assert str(listed[0]["id"]) in {str(shown.get("id")), str(shown.get(noun, {}).get("id"))}, noun
    tour, shanghai = marketed.json("marketing", "campaign", "list")
    assert tour.keys() >= CAMPAIGN
    assert marketed.json("marketing", "campaign", "show", "T1").keys() >= CAMPAIGN
    assert shanghai["parent"] == {"id": tour["id"], "name": "T Tour"}
    for one, planned in ((tour, "10000.00"), (shanghai, "7000.00")):
        assert (one["planned_cost"], one["cost"], one["currency"], one["members"], one["responses"]) == (
            planned, "6200.50", "CNY", 3, 1,
        )  # fmt: skip
        assert (one["leads"], one["won"], one["revenue"]) == (0, 0, None)  # nobody tells of won business here
    audience = marketed.json("marketing", "audience", "show", "Everybody")
    assert audience.keys() >= {"included", "excluded"}


def test_the_brief_the_timeline_and_figures_tell_of_campaigns(marketed):
    contact = marketed.contacts[0]
    brief = marketed.json("brief", contact)
    (block,) = [one for one in brief["blocks"] if one["title"] == "Campaigns"]
    assert [(one["name"], one["status"], bool(one["responded_at"])) for one in block["data"]] == [
        ("Tour 上海", "responded", True)
    ]
    timeline = marketed.json("brief", contact, "--timeline")
    entries = timeline if isinstance(timeline, list) else timeline["entries"]
    told = [one["text"] for one in entries if one["entity"] == "marketing_touch"]
    assert told == ["T1 Tour 上海: reply", "T1 Tour 上海: sent"]
    for name, value in (
        ("marketing.members", 3), ("marketing.responses", 1), ("marketing.response_rate", 33.3),
        ("marketing.cost_per_response", 6200.5), ("marketing.opt_outs", 0),
    ):  # fmt: skip
        rows = marketed.json("metric", "show", name, "--by", "campaign")["rows"]
        assert [float(one["value"]) for one in rows] == ([value] if value else []), name
