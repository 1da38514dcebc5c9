import json

import pytest


def out(result):
    return json.loads(result.stdout)


@pytest.mark.row("S1-17")
def test_one_party_is_customer_supplier_and_partner_at_once(crm):
    """One party is customer, supplier and partner at once: one record, one history, found under each role.

    This is the core's side of the row. A partner's deal, its protection of 90 days and the flagging of conflicts
    belong to the plugin `sales` and are tested with it.
    """
    key = out(crm("customer", "add", "Nordlicht GmbH", "--role", "customer", "--json"))["id"]
    crm("customer", "role", key, "add", "supplier", "--since", "2026-01-01")
    crm("customer", "role", key, "add", "partner", "--since", "2026-09-01")
    crm("contact", "add", "Ida Holm", "--customer", key)
    crm("customer", "add", "Vest AS", "--role", "supplier")

    for role in ("customer", "supplier", "partner"):
        assert key in [one["id"] for one in out(crm("customer", "list", "--role", role, "--json"))]
    assert [one["name"] for one in out(crm("customer", "list", "--json"))] == ["Nordlicht GmbH", "Vest AS"]
    card = out(crm("customer", "show", key, "--json"))
    assert card["roles"] == ["customer", "supplier", "partner"]
    assert [one["started"] for one in card["role_history"]] == [None, "2026-01-01", "2026-09-01"]

    crm("interaction", "add", "bought, sold and planned", "--contact", "Ida Holm")
    assert len(out(crm("interaction", "list", "--customer", key, "--json"))) == 1

    crm("customer", "role", key, "end", "supplier", "--on", "2026-11-22")
    assert out(crm("customer", "show", key, "--json"))["roles"] == ["customer", "partner"]
    assert key not in [one["id"] for one in out(crm("customer", "list", "--role", "supplier", "--json"))]
    told = [each["type"] for each in out(crm("history", key, "--json"))]
    assert told.count("customer_role.created") == 2
    assert told.count("customer_role.changed") == 1
