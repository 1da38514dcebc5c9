"""Customers of one name at several addresses."""

import json

ROWS = "account name,street,city,industry\nRitz,1 Main Street,Boston,Hotel\nRitz,9 Harbour Road,Chicago,Hotel\n"


def test_branches_stay_apart_and_a_second_import_changes_nothing(crm, tmp_path):
    (tmp_path / "branches.csv").write_text(ROWS)
    first = json.loads(crm("import", "branches.csv", "--as", "customer", "--json").stdout)
    assert (first["read"], first["created"]) == (2, 2)
    again = json.loads(crm("import", "branches.csv", "--as", "customer", "--json").stdout)
    assert (again["read"], again["unchanged"]) == (2, 2)


def test_a_customer_known_by_name_alone_gets_its_address(crm, tmp_path):
    crm("customer", "add", "Ritz")
    (tmp_path / "branches.csv").write_text(ROWS)
    said = json.loads(crm("import", "branches.csv", "--as", "customer", "--json").stdout)
    assert (said["created"], said["updated"]) == (1, 1)
