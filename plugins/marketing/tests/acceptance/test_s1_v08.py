"""Who is the real potential buyer? A score of visible factors: its top 10% holds 46% of later buyers, lift 4.6."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from crmcore_marketing.campaigns.touching import Touch, touch
from crmcore_marketing.model.campaign import Campaign

SINCE = datetime(2026, 5, 24, tzinfo=UTC)


def halves(ids):
    """Return the half a card learns from and the one it is measured on, as docs/decisions/0032 says."""
    first = [one for one in ids if one * 40_503 % 65_536 < 32_768]
    return first, sorted(set(ids) - set(first))


@pytest.mark.row("S1-V08")
def test_the_best_tenth_holds_46_percent_of_later_buyers(office_with_sales):
    from crmcore_sales.model.opportunity import Opportunity

    office = office_with_sales
    fair = Campaign(name="Spring fair", status="active")
    office.insert(fair)
    buyers, touches, attended = [], [], set()
    for half in halves(office.contacts):
        keen, others = half[: len(half) // 10], half[len(half) // 10 :]
        attended |= set(keen)
        buyers += [*keen[:46], *others[:54]]  # a hundred in each half
        for place, one in enumerate(half):
            before = SINCE - timedelta(days=20 + place % 60)
            if one in attended:
                touches.append(Touch(campaign_id=fair.id, kind="attended", at=before, contact_id=one))
            if place % 3 == 0:  # a mail to every third tells nothing
                touches.append(Touch(campaign_id=fair.id, kind="sent", at=before, contact_id=one))
            if place % 40 in (0, 1):
                touches.append(Touch(campaign_id=fair.id, kind="click", at=before, contact_id=one))
    for place, one in enumerate(set(office.contacts) - set(buyers)):
        if place % 2:  # what happens after that day must not be learned from: only who does not buy clicks then
            touches.append(Touch(campaign_id=fair.id, kind="click", at=SINCE + timedelta(days=9), contact_id=one))
    office.insert(
        *(
            Opportunity(
                title="Order",
                contact_id=one,
                stage="won",
                status="won",
                amount=Decimal(1_000),
                reason="price",
                owner_id=office.users["wang"],
                closed_at=SINCE + timedelta(days=30 + place % 90),
                closed_on=(SINCE + timedelta(days=30 + place % 90)).date(),
            )
            for place, one in enumerate(buyers)
        )
    )
    with office.at("2026-11-24T09:00+08:00", user="ann") as tx:
        touch(tx, touches)

    told = office.json("marketing", "score", "train", "buyers", "--since", "2026-05-24", user="ann")
    assert (told["people"], told["measured"]["people"]) == tuple(map(len, halves(office.contacts)))
    assert (told["positives"], told["measured"]["positives"]) == (100, 100)
    top = told["measured"]["steps"][0]
    assert (round(top["caught"], 2), round(top["lift"], 1)) == (0.46, 4.6)
    assert told["measured"]["steps"][-1]["caught"] == 1.0
    printed = office.crm("marketing", "score", "lift", user="ann").out
    assert "The best tenth holds 46% of them: lift 4.6." in printed

    # Each factor is to be seen, with its points; and for each person what the score is made of.
    card = office.json("marketing", "score", "card", user="ann")["factors"]
    points = {one["name"]: [each["points"] for each in one["bins"]] for one in card}
    assert card[0]["name"] == "touch.attended" or points["touch.attended"][1] > points["touch.attended"][0]
    assert "touch.sent" not in points
    best = office.json("marketing", "score", "list", "--limit", 700, user="ann")
    assert [each["points"] for each in best] == sorted((each["points"] for each in best), reverse=True)
    shown = office.json("marketing", "score", "show", best[0]["contact_id"], user="ann")
    assert shown["points"] == sum(each["points"] for each in shown["parts"])
    events = next(each for each in shown["parts"] if each["factor"] == "touch.attended")
    assert events["points"] > 20
    assert round(events["rate"], 2) == round(46 / (len(halves(office.contacts)[0]) // 10), 2)
    assert shown["likely"] > 0.1
    assert "Score “buyers”" in office.crm("brief", best[0]["contact_id"], user="ann", COLUMNS="200").out

    # The score is something to choose people by.
    keen = office.json("marketing", "audience", "try", "marketing.score > 20", user="ann")
    assert keen["chosen"] == sum(each["points"] > 20 for each in best)
