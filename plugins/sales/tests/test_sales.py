"""The plugin in a workspace of its own; the fixtures come with crmcore."""


def test_it_is_enabled_and_disabled_without_changing_what_is_there(crm_run, make_contact):
    contact = make_contact("李伟")
    before = crm_run("brief", contact.id).out
    crm_run("plugin", "enable", "sales")
    assert crm_run("plugin", "info", "sales", "--json").json["state"] == "enabled"
    assert crm_run("brief", contact.id).out == before
    crm_run("plugin", "disable", "sales")
