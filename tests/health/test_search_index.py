"""The doctor counts in a search index what is kept in it: parties with a note, or a text in a field of their own."""

import json


def test_texts_in_fields_of_ones_own_are_counted_and_numbers_are_not(crm, tmp_path):
    file = tmp_path / "fields.toml"
    file.write_text('[field.contact.nickname]\n[field.contact.age]\ntype = "number"\n')
    crm("config", "apply", file)
    for name, *said in (("Ida", "--set", "nickname=Idy"), ("Bob", "--set", "age=4"), ("Cy", "--note", "tea")):
        crm("contact", "add", name, *said)
    (found,) = [one for one in json.loads(crm("doctor", "--json").stdout) if "text_index" in str(one)]
    assert found["severity"] == "info"
    assert "2 records, 2 entries, 0 records missing" in found["message"]
