"""What somebody else hides changes nothing in what I see of the rest."""

import json


def test_a_private_contact_elsewhere_leaves_my_brief_as_it_is(crm):
    crm("user", "add", "bob", "--role", "rep")
    crm("contact", "add", "Li Wei", "--customer", "Huaxin", "--phone", "13800138000")
    crm("log", "Li Wei 10 min call, wants a quote by Friday")
    crm("log", "Told Li Wei we will deliver within 2 weeks")
    crm("promise", "scan")
    asked = [
        ("brief", "Huaxin", "--json"),
        ("brief", "Li Wei", "--json"),
        ("due", "--all", "--json"),
        ("promise", "list", "--json"),
        ("interaction", "list", "--json"),
        ("search", "quote", "--json"),
    ]
    before = [json.loads(crm(*each).stdout) for each in asked]
    crm("contact", "add", "Secret Friend", "--customer", "Huaxin", "--private", CRM_USER="bob")
    crm("log", "Secret Friend 5 min call, call him tomorrow", CRM_USER="bob")
    after = [json.loads(crm(*each).stdout) for each in asked]
    assert before == after
