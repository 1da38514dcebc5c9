"""What a change of definitions means for the records there are is told first, and never loses a value."""

import json

from tests.fields.conftest import custom, define


def effects(crm, tmp_path, text, command="diff", code=0):
    path = tmp_path / "change.toml"
    path.write_text(text, encoding="utf-8")
    return crm("config", command, path, "--json", code=code)


def test_a_removed_field_keeps_its_values_out_of_sight_and_brings_them_back(own, tmp_path):
    key = json.loads(own("customer", "add", "Acme", "--set", "code=AB123", "--json").stdout)["id"]
    own("customer", "add", "Other")
    removal = "[field.customer.code]\nremove = true\n"
    told = json.loads(effects(own, tmp_path, removal).stdout)["effects"]
    assert [(one["subject"], one["count"], one["ids"]) for one in told] == [("field.customer.code", 1, [key])]
    assert "1 record keeps its value out of sight" in told[0]["text"]
    effects(own, tmp_path, removal, "apply")
    assert "code" not in custom(own, "customer", key)
    assert "Nothing found" in own("search", "AB123").stderr
    own("customer", "edit", key, "--note", "edited meanwhile", "--set", "tier=gold")
    effects(own, tmp_path, '[field.customer.code]\nlabel = "Code"\n', "apply")
    assert custom(own, "customer", key)["code"] == "AB123"
    assert json.loads(own("search", "AB123", "--json").stdout)[0]["id"] == key


def test_values_against_a_new_limit_are_counted_and_stay(own, tmp_path):
    keys = [
        json.loads(own("customer", "add", f"C{n}", "--set", f"staff={n}", "--json").stdout)["id"] for n in (5, 50, 500)
    ]
    limit = "[field.customer.staff]\ntype = 'number'\nmaximum = 10\n"
    told = json.loads(effects(own, tmp_path, limit).stdout)["effects"]
    assert [(one["count"], one["ids"], one["refused"]) for one in told] == [(2, keys[1:], False)]
    assert "no longer allowed" in told[0]["text"]
    effects(own, tmp_path, limit, "apply")
    assert custom(own, "customer", keys[2])["staff"] == 500
    own("customer", "edit", keys[2], "--note", "unrelated")
    assert "more than 10" in own("customer", "edit", keys[2], "--set", "staff=400", code=1).stderr


def test_values_that_cannot_have_a_new_type_refuse_it(crm, tmp_path):
    define(crm, tmp_path, "[field.customer.size]\n")
    keys = [
        json.loads(crm("customer", "add", f"C{n}", "--set", f"size={size}", "--json").stdout)["id"]
        for n, size in enumerate(("12", "large"))
    ]
    change = "[field.customer.size]\ntype = 'number'\n"
    told = json.loads(effects(crm, tmp_path, change).stdout)["effects"]
    assert [(one["count"], one["ids"], one["refused"]) for one in told] == [(1, keys[1:], True)]
    refused = effects(crm, tmp_path, change, "apply", code=1).stderr
    assert f"1 record has a value that is not of type number; change it first ({keys[1]})" in refused
    assert custom(crm, "customer", keys[0]) == {"size": "12"}
    crm("customer", "edit", keys[1], "--set", "size=40")
    effects(crm, tmp_path, change, "apply")
    assert [custom(crm, "customer", key)["size"] for key in keys] == [12, 40]
    assert len(json.loads(crm("customer", "list", "--where", "size>20", "--json").stdout)) == 1


def test_values_that_are_there_twice_are_told_when_a_field_becomes_unique(crm, tmp_path):
    define(crm, tmp_path, "[field.customer.code]\n")
    for name in ("A", "B"):
        crm("customer", "add", name, "--set", "code=same")
    crm("customer", "add", "C", "--set", "code=other")
    done = json.loads(effects(crm, tmp_path, "[field.customer.code]\nunique = true\n", "apply").stdout)
    assert [(one["count"], one["refused"]) for one in done["effects"]] == [(2, False)]
    assert "is that of customer" in crm("customer", "add", "D", "--set", "code=same", code=1).stderr


def test_a_formula_is_computed_for_all_records_when_it_is_applied(crm, tmp_path):
    define(crm, tmp_path, "[field.customer.staff]\ntype = 'number'\n")
    for number in range(3):
        crm("customer", "add", f"C{number}", "--set", f"staff={number}")
    done = json.loads(
        effects(crm, tmp_path, '[field.customer.size]\ncompute = \'staff > 1 ? "large" : "small"\'\n', "apply").stdout
    )
    assert done["effects"][0]["count"] == 3
    found = json.loads(crm("customer", "list", "--json").stdout)
    assert [one["custom"]["size"] for one in found] == ["small", "small", "large"]
    assert [one["version"] for one in found] == [1, 1, 1]
    assert [one["id"] for one in json.loads(crm("search", "large", "--json").stdout)] == [found[2]["id"]]


def test_a_state_and_a_role_in_use_cannot_go(crm, tmp_path, app):
    from crmcore.model.process_item import ProcessItem

    states = "states = ['new', 'sent', {name = 'done', kind = 'done'}]\n"
    ways = "transitions = [{from = 'new', to = 'sent'}, {from = 'sent', to = 'done'}]\n"
    define(crm, tmp_path, f"[process.shipping]\n{states}{ways}[role.clerk]\nread = 'all'\nwrite = 'own'\n")
    with app.transaction() as tx:
        key = tx.add(ProcessItem(process="shipping", title="Box", state="new")).id
    crm("user", "add", "cleo", "--role", "clerk")
    fewer = "[process.shipping]\nstates = ['sent', {name = 'done', kind = 'done'}]\n"
    refused = effects(crm, tmp_path, fewer + "transitions = [{from = 'sent', to = 'done'}]\n", "apply", code=1).stderr
    assert f"process.shipping: 1 record is in the state new; move it first ({key})" in refused
    refused = effects(
        crm, tmp_path, "[process.shipping]\nremove = true\n[role.clerk]\nremove = true\n", "apply", code=1
    )
    assert "1 record is in the state new" in refused.stderr
    assert "role.clerk: 1 user has the role" in refused.stderr
    assert "There is no role “boss”" in crm("user", "add", "bo", "--role", "boss", code=1).stderr
