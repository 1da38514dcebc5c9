"""Audiences: who is in, who is left out and why, counted and by name; members of campaigns; what is refused."""

from datetime import timedelta

import pytest
from sqlalchemy import event, select

from crmcore.api import Consent, Interaction, tables


@pytest.fixture
def routers(office_with_sales):
    """300 people who speak German: 12 opted out, 20 heard from us often, 8 cannot be reached by mail."""
    office = office_with_sales
    people = office.contacts[:300]
    now = office.clock.now
    with office.app.engine.begin() as connection:
        connection.execute(
            tables.contact.update().where(tables.contact.c.id.in_(people)).values(language="de", updated_at=now)
        )
        connection.execute(
            tables.contact_point.update()
            .where(tables.contact_point.c.contact_id.in_(people[40:45]), tables.contact_point.c.kind == "email")
            .values(status="bounced")
        )
        connection.execute(
            tables.contact_point.delete().where(
                tables.contact_point.c.contact_id.in_(people[45:48]), tables.contact_point.c.kind == "email"
            )
        )
    office.insert(
        *(
            Consent(
                contact_id=one, channel="email", purpose="marketing", state="denied", at=now - timedelta(days=n + 1)
            )
            for n, one in enumerate(people[:12])
        ),
        *(
            Interaction(
                channel="email", direction="out", at=now - timedelta(hours=n), created_at=now, contact_id=one,
                user_id=office.users["liu"], zone="Asia/Shanghai",
            )
            for one in people[20:40] for n in range(1, 12)
        ),
    )  # fmt: skip
    office.people = people
    return office


def test_an_audience_says_who_is_in_and_why_others_are_not(routers):
    office = routers
    expression = "contact.language == 'de' && sales.won_deals == 0 && contact.has_phone"
    made = office.json("marketing", "audience", "add", "Routers", expression)
    assert (made["name"], made["channel"], made["purpose"], made["owner"]) == ("Routers", "email", "marketing", "wang")
    told = office.json("marketing", "audience", "show", "routers")
    assert (told["people"], told["chosen"]) == (5_000, 300)
    assert told["included"] + told["excluded"] == 300
    assert [(one["text"], one["left_out"], one["alone"]) for one in told["conditions"]] == [
        ("contact.language == 'de'", 4_700, 4_700), ("sales.won_deals == 0", 0, 0), ("contact.has_phone", 0, 0)
    ]  # fmt: skip
    reasons = {one["reason"]: one["people"] for one in told["reasons"]}
    assert sum(reasons.values()) == told["excluded"]
    assert reasons["opted out of marketing by email on … …"] == 12
    assert reasons["no e-mail address"] == 3
    assert sum(n for one, n in reasons.items() if one.startswith("nothing arrives")) == 5
    assert sum(n for one, n in reasons.items() if one.startswith("reached")) >= 20
    shown = office.crm("marketing", "audience", "show", "Routers").out
    assert "not met: contact.language == 'de'" in shown

    left_out = office.json("marketing", "audience", "members", "Routers", "--excluded", "--limit", 7)
    assert [one["contact"]["id"] for one in left_out] == office.people[:7]
    assert left_out[0]["reasons"][0]["by"] == "core.policy.consent"
    following = office.json(
        "marketing", "audience", "members", "Routers", "--excluded", "--limit", 10_000, "--after", office.people[6]
    )
    assert len(following) == told["excluded"] - 7
    those_in = office.json("marketing", "audience", "members", "Routers", "--limit", 1_000)
    assert len(those_in) == told["included"]
    assert all(one["customer"]["name"] and not one["reasons"] for one in those_in)
    others = office.json("marketing", "audience", "members", "Routers", "--not-chosen", "--limit", 2)
    assert [one["reasons"] for one in others] == 2 * [
        [{"by": "condition", "reason": "contact.language == 'de'", "until": None}]
    ]


def test_an_audience_is_asked_anew_and_becomes_members(routers):
    office = routers
    office.crm("marketing", "audience", "add", "German", "contact.language == 'de'")
    office.crm("marketing", "campaign", "add", "Autumn", "--code", "C7", user="ann")
    done = office.json("marketing", "audience", "materialise", "German", "--campaign", "C7", "--allowed", user="ann")
    told = office.json("marketing", "audience", "show", "German")
    assert done["added"] == told["included"] < 300
    again = office.json("marketing", "member", "add", "--campaign", "C7", "--audience", "German", user="ann")
    assert (again["added"], again["left"]) == (300 - done["added"], done["added"])
    office.crm("marketing", "audience", "edit", "German", "--expression", "contact.language == 'xx'")
    assert office.json("marketing", "audience", "show", "German")["chosen"] == 0
    office.crm("marketing", "audience", "remove", "German")
    assert office.json("marketing", "audience", "list") == []


def test_what_cannot_be_asked_is_refused_in_a_sentence(office):
    refused = office.crm("marketing", "audience", "add", "Rich", "sales.won_amount > 1", code=1).err
    assert "At character 1: there is no “sales.won_amount”" in refused
    office.crm("marketing", "audience", "add", "All", "contact.has_email")
    assert "There is an audience “all” already." in office.crm(
        "marketing", "audience", "add", "all", "contact.has_email", code=1
    ).err  # fmt: skip
    assert "There is no audience “None”." in office.crm("marketing", "audience", "show", "None", code=1).err
    known = {one["name"] for one in office.json("marketing", "audience", "names")}
    assert {"contact.language", "customer.kind", "contact.last_interaction"} <= known
    tried = office.json("marketing", "audience", "try", "has(contact.birthday)")
    assert (tried["people"], tried["included"], tried["excluded"]) == (5_000, 0, 0)


def test_the_statements_do_not_grow_with_the_audience(office):
    office.crm("marketing", "audience", "add", "Some", f"contact.id <= {office.contacts[99]}")
    office.crm("marketing", "audience", "add", "Most", f"contact.id <= {office.contacts[3999]}")
    from crmcore_marketing.audiences.choosing import audience_named, selection_of
    from crmcore_marketing.audiences.explaining import explained
    from crmcore_marketing.audiences.judging import Plan

    counts = []
    with office.app.transaction(office.app.actor("wang")) as tx:
        asked = []
        event.listen(tx.connection, "before_cursor_execute", lambda *given: asked.append(given[2]))
        for name in ("Some", "Most"):
            asked.clear()
            one = selection_of(tx, audience_named(tx, name))
            explained(tx, one, Plan(channel="email", purpose="marketing", at=tx.now))
            counts.append(len(asked))
    assert abs(counts[0] - counts[1]) <= 3  # what one of them was the first to ask, and somebody's own wish
    assert max(counts) < 30
    with office.app.read() as reader:
        assert reader.value(select(tables.journal.c.id).where(tables.journal.c.type.startswith("policy."))) is None
