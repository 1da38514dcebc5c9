"""Members: who joins, who moves on, who is left; campaigns found by what people type, and the tree below one."""

from datetime import UTC, datetime, timedelta

import pytest
from crmcore_marketing.campaigns.finding import campaign_named, subtree, subtrees
from crmcore_marketing.campaigns.members import engaged, join
from crmcore_marketing.campaigns.touching import Touch
from crmcore_marketing.model.campaign import Campaign
from crmcore_marketing.tables import member, touch
from sqlalchemy import func, select

from crmcore.api import InvalidInput, NotFound, tables

AT = datetime(2026, 11, 24, 2, tzinfo=UTC)


@pytest.fixture
def campaigns(office):
    """A roadshow, two of its cities, a lecture of one of them, and something else."""
    with office.at(AT, user="mei") as tx:
        top = tx.add(Campaign(name="Roadshow", code="RS"))
        cities = [tx.add(Campaign(name=f"Roadshow {one}", code=f"RS-{one}", parent_id=top.id)) for one in "AB"]
        lecture = tx.add(Campaign(name="Lecture", parent_id=cities[0].id))
        other = tx.add(Campaign(name="lecture"))
        ids = [one.id for one in (top, *cities, lecture, other)]
    return ids


def test_members_join_once_and_only_move_on(office, campaigns):
    people, key = office.contacts[:10], campaigns[0]
    with office.at(AT) as tx:
        first = join(tx, key, [*people[:6], people[0], 9_999_999_999], source="a list")
        assert (first.added, first.moved, first.left, first.unknown) == (6, 0, 0, 1)
        again = join(tx, key, select(tables.contact.c.id).where(tables.contact.c.id.in_(people)), status="attended")
        assert (again.added, again.moved, again.left) == (4, 6, 0)
        back = join(tx, key, people, status="invited")
        assert (back.added, back.moved, back.left, set(back.members)) == (0, 0, 10, set(people))
        assert join(tx, key, people, status="attended", touched=False).left == 10
    with office.app.read() as reader:
        m = member.c
        rows = reader.rows(select(m.contact_id, m.customer_id, m.status, m.responded_at).order_by(m.contact_id))
        assert [(row.contact_id, row.customer_id) for row in rows] == list(zip(people, office.customers, strict=False))
        assert {(row.status, row.responded_at) for row in rows} == {("attended", AT)}
        t = touch.c
        counted = select(t.kind, t.engaging, func.count()).group_by(t.kind, t.engaging).order_by(t.kind)
        assert [tuple(row) for row in reader.rows(counted)] == [("attended", True, 10), ("member", False, 6)]


def test_who_did_something_is_a_member_who_answered_when_it_first_did(office, campaigns):
    one, other = office.contacts[:2]
    later = AT + timedelta(hours=1)
    happened = [
        Touch(campaign_id=campaigns[0], kind="form", at=later, contact_id=one),
        Touch(campaign_id=campaigns[0], kind="click", at=AT, contact_id=one),
        Touch(campaign_id=campaigns[0], kind="attended", at=later, contact_id=other),
        Touch(campaign_id=campaigns[0], kind="sent", at=AT, contact_id=office.contacts[2]),
        Touch(campaign_id=None, kind="visit", at=AT, contact_id=one),
    ]
    with office.at(later) as tx:
        engaged(tx, happened, source="web")
    with office.app.read() as reader:
        m = member.c
        rows = reader.rows(select(m.contact_id, m.status, m.responded_at, m.source).order_by(m.contact_id))
        assert rows == [(one, "responded", AT, "web"), (other, "attended", later, "web")]
        assert reader.value(select(func.count()).select_from(touch)) == 5


def test_a_campaign_is_found_by_what_people_type(office, campaigns):
    with office.app.read(office.app.actor("wang")) as reader:
        assert campaign_named(reader, "rs-b") == campaigns[2]
        assert campaign_named(reader, str(campaigns[3])) == campaigns[3]
        assert campaign_named(reader, " roadshow ") == campaigns[0]
        with pytest.raises(NotFound):
            campaign_named(reader, "RS-C")
        with pytest.raises(InvalidInput, match=str(campaigns[4])):
            campaign_named(reader, "Lecture")
        assert {row.id for row in reader.rows(subtree(campaigns[0]))} == set(campaigns[:4])
        assert {tuple(row) for row in reader.rows(subtrees(campaigns[1:3]))} == {
            (campaigns[1], campaigns[1]), (campaigns[1], campaigns[3]), (campaigns[2], campaigns[2]),
        }  # fmt: skip
