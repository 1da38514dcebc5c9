"""Plans, maps, partners and channels cost the same number of statements however many accounts there are."""

from datetime import timedelta

import pytest
from crmcore_sales.accounts.channels import channels
from crmcore_sales.accounts.contacts import people
from crmcore_sales.accounts.executives import is_executive
from crmcore_sales.accounts.flags import flags
from crmcore_sales.accounts.partners import partners
from crmcore_sales.accounts.plan import plan
from crmcore_sales.accounts.registrations import registrations
from crmcore_sales.accounts.tiers import tiers
from crmcore_sales.model.account import Account
from crmcore_sales.model.partner import Registration

from crmcore.api import here
from crmcore.testing.statements import Statements


def test_the_number_of_statements_does_not_grow(office):
    office.crm("sales", "tier", "suggest", user="mei")
    office.insert(*(Account(customer_id=key, tier="key") for key in office.customers[:900]))
    for each in office.customers[:2]:
        office.crm("customer", "role", each, "add", "partner", user="mei")
    office.insert(
        *(
            Registration(
                partner_id=office.customers[place % 2], customer_id=office.customers[50 + place // 2], title=f"{place}",
                registered_on=office.today, protected_until=office.today + timedelta(days=90),
            )
            for place in range(200)
        )
    )  # fmt: skip
    office.deals({"stage": "won", "closed": office.today, "amount": place} for place in range(500))
    with office.app.read(office.app.actor("mei")) as reader:
        key, today = tiers(reader)[0], office.today

        def cost(function, *arguments, **more):
            with Statements(office.app) as found:
                answer = function(reader, *arguments, **more)
            return answer, len(found)

        found, statements = cost(plan, key, here(reader).zone, limit=500)
        assert found.accounts == 900
        assert len(found.late) == found.overdue > 100
        assert statements <= 8
        assert cost(people, office.customers[0], 30)[1] <= 5
        assert cost(registrations, today, limit=200)[1] <= 3
        flagged, statements = cost(flags, today)
        assert (len(flagged), statements <= 4) == (100, True)
        listed, statements = cost(partners, today, limit=50)
        assert ([one.protected for one in listed], statements <= 4) == ([100, 100], True)
        assert cost(channels, today, today)[1] <= 6


@pytest.mark.parametrize(
    ("title", "leads"),
    [
        ("CEO", True), ("VP Sales", True), ("Vice President, Asia", True), ("Managing Director", True), ("Owner", True),
        ("董事长", True), ("副总经理", True), ("首席技术官", True), ("Chief of Staff", True), ("Board member", True),
        ("Director of Purchasing", False), ("Product Owner", False), ("Keyboard player", False), ("采购经理", False),
        ("Buyer", False), ("Cooking", False), ("", False),
    ],
)  # fmt: skip
def test_who_leads_is_told_by_the_title(title, leads):
    assert is_executive(title) is leads
