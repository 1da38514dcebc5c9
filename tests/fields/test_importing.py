"""Columns of a table that are a workspace's own fields: typed, rejected by line, taken back, exported again."""

import csv
import io
import json

import pytest
from openpyxl import Workbook

from crmcore.app import App
from crmcore.importing.context import Options
from crmcore.importing.run import Import
from tests.fields.conftest import Counted, custom, define

CONTACT = """
[field.contact.vip]
type = "boolean"
label = "VIP"
[field.contact.badge]
label = "Badge number"
unique = true
[field.contact.joined]
type = "date"
label = "入会日期"
[field.contact.points]
type = "number"
[field.contact.level]
compute = "points > 500 ? 'high' : 'low'"
[field.contact.job]
label = "Role"
"""


def rows(number, **other):
    heads = ["Name", "Email", "VIP", "badge number", "入会日期", "points", "x-Role"]
    table = [heads]
    table += [
        [f"Person {n}", f"p{n}@x.com", "yes" if n % 2 else "no", f"B{n}", "2026-03-01", str(n), "chief"]
        for n in range(number)
    ]
    for line, cells in other.items():
        table[int(line[1:])] = cells
    return table


def write(path, table):
    text = io.StringIO(newline="")
    csv.writer(text).writerows(table)
    path.write_text(text.getvalue(), encoding="utf-8", newline="")
    return path


def listed(crm, *options):
    return json.loads(crm("contact", "list", "--limit", "2000", *options, "--json").stdout)


def test_a_thousand_rows_in_as_many_statements_as_without_fields_and_one_a_chunk(crm, tmp_path, workspace):
    path = write(tmp_path / "people.csv", rows(1000))

    def statements():
        app = App(workspace)
        with Counted(app.engine) as counted:
            report = Import(app, app.actor("ann"), [path], Options()).run()
        app.close()
        return report, len(counted.statements)

    plain, bare = statements()
    crm("import", "--undo", plain.batch)
    define(crm, tmp_path, CONTACT)
    report, with_fields = statements()
    assert (report.read, report.created, report.rejected) == (1000, 1000, 0)
    found = listed(crm)
    assert len(found) == 1000
    one = next(each for each in found if each["name"] == "Person 777")
    assert one["custom"] == {
        "vip": True, "badge": "B777", "joined": "2026-03-01", "points": 777, "level": "high", "job": "chief",
    }  # fmt: skip
    assert one["details"] == {}
    chunks = 4  # of at most 500 rows each, with room
    assert with_fields <= bare + 4 * chunks, (bare, with_fields)


def test_wrong_cells_reject_their_row_with_file_line_and_reason(crm, tmp_path):
    define(crm, tmp_path, CONTACT)
    crm("contact", "add", "Known", "--set", "badge=B7")
    table = rows(
        10,
        _2=["Two", "t@x.com", "perhaps", "X1", "2026-01-01", "1", ""],
        _3=["Three", "th@x.com", "yes", "X2", "some day", "1", ""],
        _4=["Four", "f@x.com", "yes", "X3", "", "a lot", ""],
        _5=["Five", "fi@x.com", "yes", "B0", "", "", ""],
    )
    done = json.loads(crm("import", write(tmp_path / "people.csv", table), "--json").stdout)
    assert (done["read"], done["created"], done["rejected"]) == (10, 5, 5)
    assert [(one["file"], one["line"]) for one in done["rejections"]] == [("people.csv", n) for n in (3, 4, 5, 6, 9)]
    told = [one["reason"] for one in done["rejections"]]
    assert told[0] == "VIP (vip): “perhaps” is not true or false."
    assert "入会日期 (joined): “some day” is not a date" in told[1]
    assert "points: “a lot” is not a number" in told[2]
    assert "Badge number (badge): “B0” is that of contact" in told[3]
    assert "Badge number (badge): “B7” is that of contact" in told[4]


def test_what_is_required_rejects_rows_without_it(crm, tmp_path):
    define(crm, tmp_path, "[field.contact.region]\nrequired = true\n[field.customer.kind_of]\nrequired = true\n")
    table = [["Name", "Region", "Company"], ["A", "north", ""], ["B", "", ""], ["C", "south", "Unknown Ltd"]]
    done = json.loads(crm("import", write(tmp_path / "people.csv", table), "--json").stdout)
    assert (done["created"], done["rejected"]) == (1, 2)
    assert [(one["line"], one["reason"]) for one in done["rejections"]] == [
        (3, "region is required"), (4, "kind_of is required"),
    ]  # fmt: skip


def test_a_second_import_updates_key_by_key_and_undo_brings_back(crm, tmp_path):
    define(crm, tmp_path, CONTACT)
    crm("import", write(tmp_path / "a.csv", rows(3)))
    key = listed(crm)[0]["id"]
    crm("contact", "edit", key, "--set", "points=900")
    before = custom(crm, "contact", key)
    table = [["Name", "Email", "VIP", "Badge number"], ["Person 0", "p0@x.com", "yes", ""]]
    done = json.loads(crm("import", write(tmp_path / "b.csv", table), "--json").stdout)
    assert (done["updated"], done["rejected"]) == (1, 0)
    assert custom(crm, "contact", key) == {**before, "vip": True}
    assert json.loads(crm("import", tmp_path / "b.csv", "--json").stdout)["unchanged"] == 1
    crm("import", "--undo", done["batch"])
    assert custom(crm, "contact", key) == before


def test_an_export_is_imported_again_with_the_same_fields(crm, tmp_path, url):
    define(crm, tmp_path, CONTACT)
    crm("import", write(tmp_path / "a.csv", rows(5)))
    before = [(one["name"], one["custom"]) for one in listed(crm)]
    crm("export", tmp_path / "out.csv", "--entity", "contact")
    for one in listed(crm):
        crm("contact", "remove", one["id"], "--yes")
    done = json.loads(crm("import", tmp_path / "out.csv", "--json").stdout)
    assert (done["created"], done["rejected"]) == (5, 0), done["rejections"]
    assert [(one["name"], one["custom"]) for one in listed(crm)] == before


def test_a_workbook_and_a_mapping_file_fill_them_too(crm, tmp_path):
    define(crm, tmp_path, CONTACT + "[field.customer.tier]\ntype = 'choice'\nchoices = ['gold']\n")
    book = Workbook()
    for cells in (["Name", "Email", "Ehrengast", "points"], ["Ann Lee", "ann@x.com", "yes", 12]):
        book.active.append(cells)
    book.save(tmp_path / "people.xlsx")
    (tmp_path / "map.toml").write_text('[columns]\n"Ehrengast" = "extra:vip"\n', encoding="utf-8")
    crm("import", tmp_path / "people.xlsx", "--mapping", tmp_path / "map.toml")
    assert listed(crm)[0]["custom"] == {"vip": True, "points": 12, "level": "low"}
    firms = [["Company name", "Tier", "Website"], ["Acme", "Gold", "https://acme.com"]]
    crm("import", write(tmp_path / "firms.csv", firms))
    assert json.loads(crm("customer", "list", "--json").stdout)[0]["custom"] == {"tier": "gold"}


@pytest.mark.parametrize("noun", ["task", "interaction"])
def test_tasks_and_interactions_take_them_and_give_them_back(crm, tmp_path, noun):
    define(crm, tmp_path, f"[field.{noun}.effort]\ntype = 'number'\nlabel = 'Effort'\n")
    table = {
        "task": [["Subject", "Due", "Effort"], ["Call", "2026-12-01", "3"], ["Write", "2026-12-02", "lots"]],
        "interaction": [["Date", "Channel", "Subject", "Effort"], ["2026-11-01", "call", "Hello", "3"]],
    }[noun]
    (tmp_path / "map.toml").write_text(f'entity = "{noun}"\n', encoding="utf-8")
    mapping = ("--mapping", tmp_path / "map.toml")
    done = json.loads(crm("import", write(tmp_path / "in.csv", table), *mapping, "--json").stdout)
    assert (done["created"], done["rejected"]) == (1, len(table) - 2)
    assert json.loads(crm(noun, "list", "--json").stdout)[0]["custom"] == {"effort": 3}
    crm("export", tmp_path / "out.csv", "--entity", noun)
    head, row = csv.reader((tmp_path / "out.csv").read_text("utf-8-sig").splitlines())
    assert dict(zip(head, row, strict=True))["Effort"] == "3"
