"""The plugin as a whole: merging and taking back, erasing, searching, who sees what, counted statements."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from crmcore_marketing.campaigns.members import join
from crmcore_marketing.campaigns.touching import Touch, touch
from crmcore_marketing.model.audience import Audience
from crmcore_marketing.model.campaign import Campaign, Member, Spend
from crmcore_marketing.model.event import Event, EventRegistration
from crmcore_marketing.model.form import Form, Submission
from crmcore_marketing.model.mailing import Mailing, Template
from crmcore_marketing.model.material import Handout, Material
from crmcore_marketing.model.programme import Placement, Programme, ProgrammePlay
from crmcore_marketing.model.qualification import Qualification
from crmcore_marketing.model.survey import Answer, Survey
from crmcore_marketing.tables import member, message, metadata, received, visit, visitor
from sqlalchemy import insert, select, update

from crmcore.api import tables
from crmcore.testing.statements import executed_anywhere

AT = datetime(2026, 10, 1, 2, tzinfo=UTC)
TEA = "mag grünen Tee"
ROLES = """
[role.own]
read = "own"
write = "own"
[role.team]
read = "team"
write = "own"
"""


@pytest.fixture
def busy(office):
    """Everything that marketing keeps, of the first six customers: two of each are in everything."""
    programme = Programme(name="Pumpenbau 涡轮")
    office.insert(programme)
    play = ProgrammePlay(programme_id=programme.id, name="Besuch", goal="win")
    fairs = [
        Campaign(name=f"Messe 展会 {place}", code=f"M{place}", owner_id=office.users[owner], status="active",
                 planned_cost=Decimal(1000))
        for place, owner in enumerate(("wang", "chen") * 3)
    ]  # fmt: skip
    brochure, letter = (
        Material(code="PB-40", name="Kesselprospekt 锅炉"),
        Template(name="Brief", subject="锅炉", text="x"),
    )
    poll, form = Survey(name="Zufriedenheit"), Form(name="Anfrageformular", key="ask")
    office.insert(play, *fairs, brochure, letter, poll, form, Audience(name="Kesselbauer", expression="true"))
    talk = Event(name="Kesseltag", starts_at=AT, ends_at=AT, campaign_id=fairs[0].id)
    post = Mailing(name="Herbstbrief", template_id=letter.id, campaign_id=fairs[0].id)
    office.insert(talk, post, *(Spend(campaign_id=one.id, amount=Decimal(900), day=AT.date()) for one in fairs))
    with office.at(AT, user="ann") as tx:
        for place, fair in enumerate(fairs):
            join(tx, fair.id, [*office.staff[0][:2], *office.staff[place][:2]], status="attended", source="Liste")
        tx.flush()
        tx.execute(update(member).values(note=TEA))
        parties = [(office.staff[place][0], office.customers[place]) for place in range(6)]
        for number, (contact, customer) in enumerate(parties):
            who = {"contact_id": contact, "customer_id": customer}
            tx.add(EventRegistration(event_id=talk.id, note=TEA, status="attended", **who))
            tx.add(Handout(material_id=brochure.id, at=AT, channel="visit", **who))
            tx.add(Submission(form_id=form.id, at=AT, data={"wish": TEA}, external_id=f"s{number}", **who))
            tx.add(Qualification(campaign_id=fairs[0].id, need=TEA, result="now", at=AT, **who))
            tx.add(Answer(survey_id=poll.id, verbatim=TEA, sentiment="positive", score=9, at=AT, **who))
            tx.add(Placement(programme_id=programme.id, play_id=play.id, customer_id=customer, since=AT.date()))
            mail = {
                "id": tx.new_id(), "kind": "mailing", "mailing_id": post.id, "campaign_id": fairs[0].id, **who,
                "address": f"tea{number}@firm.example", "purpose": "marketing", "status": "sent", "reason": "",
                "token": f"k{number}", "due_at": AT, "attempts": 1, "worker": "", "sent_at": AT,
                "unsubscribed_at": AT if number < 2 else None, "details": {},
            }  # fmt: skip
            tx.execute(insert(message), [mail])
            if not number:
                waits = {
                    "id": tx.new_id(),
                    "kind": "reminder",
                    "mailing_id": None,
                    "status": "queued",
                    "token": "waits",
                }
                tx.execute(insert(message), [{**mail, **waits, "sent_at": None, "unsubscribed_at": None}])
            came = {"id": tx.new_id(), "external_id": f"<{number}@x>", "at": AT, "read_at": AT, "kind": "reply",
                    "address": mail["address"], "subject": TEA, "reason": "", "message_id": mail["id"],
                    "contact_id": contact, "details": {}}  # fmt: skip
            tx.execute(insert(received), [came])
            browser = {
                "id": tx.new_id(),
                "token": f"v{number}",
                "contact_id": contact,
                "seen_at": AT,
                "tied_by": "form",
            }
            tx.execute(insert(visitor), [browser])
            seen = {
                "id": tx.new_id(), "visitor_id": browser["id"], "at": AT, "path": "/", "referrer": "", "product": "",
                "campaign_id": fairs[0].id, "utm": {}, "machine": False, "external_id": f"e{number}", "source": "",
            }  # fmt: skip
            tx.execute(insert(visit), [seen])
            touch(tx, [Touch(campaign_id=fairs[0].id, kind="click", at=AT, **who)])
    return office


def everything(office):
    """Return all rows of marketing, without the count of how often each was written."""
    with office.app.engine.connect() as connection:
        return {
            table.name: sorted(
                repr([value for name, value in row.items() if name not in ("version", "updated_at")])
                for row in connection.execute(select(table)).mappings()
            )
            for table in metadata.sorted_tables
        }


def figures(office):
    """Return what is told of each campaign, and of the first one on its page."""
    listed = office.json("marketing", "campaign", "list", user="ann")
    page = office.json("marketing", "campaign", "page", "M0", user="ann")
    counted = ("members", "responses", "leads", "won", "cost")
    metrics = ("marketing.members", "marketing.responses", "marketing.opt_outs", "marketing.cost_per_response")
    return (
        [[one[name] for name in counted] for one in listed],
        page["reached"], page["opted_out"], page["overview"],
        [office.json("metric", "show", name, user="ann")["rows"][0]["value"] for name in metrics],
    )  # fmt: skip


def test_a_merge_takes_marketing_along_and_back(busy):
    office, before = busy, everything(busy)
    empty = {name.removeprefix("marketing_") for name in before if not before[name]}
    assert empty <= {"mailbox", "pace", "score", "score_model"}
    # Both are members of the first campaign, registered for the event, and in the mailing.
    for kind, one, other in (
        ("contact", office.staff[0][0], office.staff[1][0]),
        ("customer", *office.customers[:2]),
    ):
        office.crm(kind, "merge", one, other, user="ann")
        moved = office.json("marketing", "member", "list", f"--{kind}", one, user="ann")
        assert {each["campaign"]["name"][:2] for each in moved} == {"M0", "M1", "M2", "M3", "M4", "M5"}
        assert everything(office) != before
        office.crm(kind, "unmerge", other, user="ann")
        now = everything(office)
        assert {
            n: (set(before[n]) - set(now[n]), set(now[n]) - set(before[n])) for n in now if now[n] != before[n]
        } == {}


def test_an_erased_person_is_gone_from_marketing_and_sums_stay(busy):
    office, person = busy, busy.staff[0][0]
    name = office.json("contact", "show", person)["name"]
    office.crm("marketing", "member", "move", "responded", person, "--campaign", "M1", "--note", f"{TEA} sagt {name}",
               user="ann")  # fmt: skip
    before = figures(office)
    theirs = [one["id"] for one in office.json("marketing", "member", "list", "--contact", person, user="ann")]
    office.crm("erase", person, "--yes", user="mei")
    assert figures(office) == before
    with office.app.engine.connect() as connection:
        rows = [dict(row) for table in metadata.sorted_tables for row in connection.execute(select(table)).mappings()]
        told = connection.execute(select(tables.journal.c.data).where(tables.journal.c.subject_id.in_(theirs))).all()
    assert not [row for row in rows if row.get("contact_id") == person or name in str(row) or "tea0@" in str(row)]
    assert not [row for row in told if TEA in str(row) or name in str(row)]
    assert sum(TEA in str(row) for row in rows if "verbatim" in row) == 5
    assert [row["status"] for row in rows if row.get("kind") == "reminder"] == ["cancelled"]  # never sent to nobody
    assert sum(row.get("entity") == "erased" for row in rows) == 8


def test_anything_is_found_by_a_part_of_a_word(busy):
    def found(sought):
        return {(hit["entity"], hit["title"]) for hit in busy.json("search", sought, user="ann")}

    assert found("esse 展会 3") == {("marketing_campaign", "Messe 展会 3")} == found("展会 3")
    assert found("esselpros") == {("marketing_material", "PB-40")} == found("pb-40")
    assert found("esseltag") == {("marketing_event", "Kesseltag")}
    assert found("erbstbrie") == {("marketing_mailing", "Herbstbrief")}
    assert found("umpenbau") == {("marketing_programme", "Pumpenbau 涡轮")} == found("涡轮")
    assert found("esselbau") == {("marketing_audience", "Kesselbauer")}
    assert found("ufriedenhei") == {("marketing_survey", "Zufriedenheit")}
    assert found("ragefor") == {("marketing_form", "Anfrageformular")}


@pytest.mark.parametrize(("role", "sees"), [("own", 3), ("team", 3), ("manager", 6)])
def test_a_role_sees_of_marketing_what_it_reaches(busy, tmp_path, role, sees):
    office = busy
    (tmp_path / "roles.toml").write_text(ROLES)
    office.crm("config", "apply", tmp_path / "roles.toml", user="ann")
    office.crm("user", "edit", "liu", "--role", role, user="ann")
    if role == "own":  # half of them are given to liu
        for each in ("M0", "M2", "M4"):
            office.crm("marketing", "campaign", "edit", each, "--owner", "liu", user="mei")
    listed = office.json("marketing", "campaign", "list", user="liu")
    assert len(listed) == sees
    hits = [hit["title"] for hit in office.json("search", "Messe", user="liu") if hit["entity"] == "marketing_campaign"]
    assert sorted(hits) == sorted(one["name"] for one in listed)
    code = 0 if role == "manager" else 1
    office.crm("marketing", "campaign", "edit", "M1", "--note", "mine", user="liu", code=code)
    office.crm("marketing", "campaign", "show", "M1", user="liu", code=code)
    office.crm("user", "edit", "liu", "--role", "reader", user="ann")
    refused = office.crm("marketing", "member", "add", office.contacts[50], "--campaign", "M0", user="liu", code=1)
    assert "may read but not write" in refused.err


def test_who_leaves_hands_campaigns_over_and_members_go_along(busy):
    office = busy
    office.crm("user", "deactivate", "wang", "--successor", "liu", user="ann")
    assert len(office.json("marketing", "campaign", "list", "--owner", "liu", user="ann")) == 3
    assert office.json("marketing", "campaign", "list", "--owner", "wang", user="ann") == []
    office.crm("marketing", "campaign", "edit", "M0", "--note", "mine now", user="liu")
    assert office.json("marketing", "member", "list", "M0", user="liu")


LISTS = (
    ("campaign", "list"), ("campaign", "show", "M0"), ("campaign", "page", "M0"), ("campaign", "tree", "M0"),
    ("member", "list"), ("member", "list", "M0", "--below"), ("spend", "list"), ("material", "list"),
    ("survey", "list"), ("event", "list"), ("audience", "list"), ("return", "list"),
)  # fmt: skip
NOTES = ("hook_time", "finding", "BEGIN")
"""Words of the host's own notes, which come where time was short, and of what begins a transaction."""


def test_what_is_listed_asks_as_often_for_many_as_for_few(busy):
    office = busy

    def asked():
        found = {}
        for each in LISTS:
            with executed_anywhere(*NOTES) as executed:
                office.crm("marketing", *each, "--json", user="ann")
            found[each] = len(executed)
        for party in (office.customers[0], office.staff[0][0]):
            with executed_anywhere(*NOTES) as executed:
                office.crm("brief", party, "--json", user="ann")
            found["brief", party] = len(executed)
        return found

    parent = office.json("marketing", "campaign", "show", "M0", user="ann")["id"]
    office.insert(Campaign(name="One below", parent_id=parent, status="planned"))
    counts = asked()
    many = [Campaign(name=f"More {place}", parent_id=parent, status="planned") for place in range(40)]
    office.insert(*many)
    office.insert(
        *(Spend(campaign_id=one.id, amount=Decimal(5), day=AT.date()) for one in many),
        *(
            Member(campaign_id=one.id, contact_id=key, status="responded", responded_at=AT + timedelta(hours=1))
            for one in many for key in office.staff[0][:3]
        ),
        *(Material(code=f"X{place}") for place in range(40)),
        *(Event(name=f"Tag {place}", starts_at=AT, ends_at=AT, campaign_id=parent) for place in range(40)),
        *(Survey(name=f"Frage {place}", campaign_id=parent) for place in range(40)),
    )  # fmt: skip
    again = asked()  # what was kept at first may be spared now
    assert {each: (counts[each], again[each]) for each in again if again[each] > counts[each]} == {}
