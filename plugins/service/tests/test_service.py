"""The plugin in a workspace of its own; the fixtures come with crmcore."""


def test_it_is_enabled_and_disabled_without_changing_what_is_there(crm_run, make_contact):
    contact = make_contact("李伟")
    before = crm_run("brief", contact.id).out
    crm_run("plugin", "enable", "service")
    assert crm_run("plugin", "info", "service", "--json").json["state"] == "enabled"
    assert crm_run("brief", contact.id).out == before
    crm_run("plugin", "disable", "service")


def test_it_hears_what_its_features_hear():
    from crmcore_service.contributions.events import HEARS
    from crmcore_service.levels import recounting
    from crmcore_service.orders import promising
    from crmcore_service.replying import hearing as acknowledging
    from crmcore_service.tickets import hearing

    heard = (*recounting.HEARS, *promising.HEARS, *hearing.HEARS, *acknowledging.HEARS)
    assert sorted(HEARS) == sorted(heard)
