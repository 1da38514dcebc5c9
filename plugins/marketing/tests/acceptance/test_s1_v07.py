"""Of 1,040 who took our material 188 have a sales touch in 90 days (by rep), 852 none."""

from datetime import timedelta

import pytest
from crmcore_marketing.materials.giving import Given, handed
from sqlalchemy import select

from crmcore.api import Interaction, tables


@pytest.mark.row("S1-V07")
def test_how_many_of_them_already_talk_to_sales(office):
    with office.app.read() as reader:
        i = tables.interaction.c
        late = office.clock.now - timedelta(days=90)
        talked = {row.contact_id for row in reader.rows(select(i.contact_id).where(i.moment > late).distinct())}
    quiet = [one for one in office.contacts if one not in talked]
    people = quiet[:1040]
    office.crm("marketing", "material", "add", "Q", user="ann")
    material = office.json("marketing", "material", "show", "Q", user="ann")["material"]["id"]
    with office.at("2026-11-20T10:00+08:00", user="ann") as tx:
        handed(tx, [Given(material_id=material, contact_id=one, at=tx.now, channel="meeting") for one in people])
    now = office.clock.now
    told = {"channel": "call", "subject": "talk"}
    office.insert(
        *(
            Interaction(
                contact_id=one, user_id=office.users[("wang", "liu", "chen")[place % 3]], direction="out",
                at=now - timedelta(days=89), **told,
            )
            for place, one in enumerate(people[:188])
        ),
        # Too long ago, only planned, and by service: none of these is a touch of sales.
        Interaction(contact_id=people[200], user_id=office.users["wang"], at=now - timedelta(days=91), **told),
        Interaction(contact_id=people[201], user_id=office.users["wang"], at=now, status="planned", **told),
        Interaction(contact_id=people[202], user_id=office.users["sam"], at=now - timedelta(days=2), **told),
    )  # fmt: skip
    found = office.json("marketing", "coverage", "--material", "Q", "--days", 90, user="ann")
    assert (found["total"], found["touched"], found["none"]) == (1040, 188, 852)
    assert {one["login"]: one["people"] for one in found["reps"]} == {"wang": 63, "liu": 63, "chen": 62}
    none = office.json("marketing", "coverage", "--material", "Q", "--who", "none", "--limit", 1000, user="ann")
    assert {one["id"] for one in none} == set(people[188:])
    shown = office.crm("marketing", "coverage", "--material", "Q", user="ann").out
    assert "Of 1040 people 188 had a touch of sales in 90 days, 852 none" in shown
