"""What a workspace sets about sales holds for its quotes."""


def test_quotes_are_numbered_and_valid_as_the_workspace_says(office):
    office.crm("sales", "product", "add", "P", "Pump", "--price", "100")
    add = ("sales", "quote", "add", office.customers[0], "2 P", "--customer")
    first = office.json(*add)
    assert first["number"].startswith("Q-")
    office.crm("setting", "set", "sales.quote_prefix", "HX", user="ann")
    office.crm("setting", "set", "sales.quote_days", 10, user="ann")
    then = office.json(*add)
    assert then["number"].startswith("HX-")
    assert first["valid_until"] > then["valid_until"]
    kept = {one["name"]: one["value"] for one in office.json("setting", "list", "sales.")}
    assert kept["sales.quote_prefix"] == "HX"
    assert kept["sales.quote_days"] == 10
