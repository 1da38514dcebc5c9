from pathlib import Path
from typing import Any

import pytest

from crmcore.errors import InvalidInput
from crmcore.formats.table.columns import find_target
from crmcore.formats.table.format import CSV, read_csv
from crmcore.formats.table.layouts import Layout
from crmcore.formats.table.reading import inspect_csv
from crmcore.hooks.formats import Source
from crmcore.model.incoming import IncomingContact, IncomingCustomer, Rejection

DATA = Path(__file__).resolve().parents[3] / "tests" / "data" / "csv"


def read(name: str, **options: str) -> list[Any]:
    return list(CSV.read(Source(path=DATA / name, options=options)))


def read_text(tmp_path: Path, text: str, **options: str) -> list[Any]:
    path = tmp_path / "t.csv"
    path.write_text(text, encoding="utf-8", newline="")
    return list(CSV.read(Source(path=path, options=options)))


def points(record: Any) -> list[tuple[str, str, str]]:
    return [(point.kind, point.label, point.value) for point in record.points]


def test_google_contacts_old_headings() -> None:
    grace, unnamed, waterworks = read("google_old.csv")
    assert (grace.name, grace.given, grace.additional) == ("Grace Brewster Hopper", "Grace", "Brewster")
    assert (grace.organisation, grace.title, grace.department) == ("US Navy", "Rear Admiral", "Data Systems")
    assert (grace.birthday, grace.categories) == ("1906-12-09", ("Friends", "myContacts"))
    assert points(grace) == [
        ("email", "work", "grace@navy.example"),
        ("email", "home", "grace@home.example"),
        ("phone", "mobile", "+1 202-555-0171"),
        ("phone", "mobile", "+1 202-555-0172"),
        ("phone", "work", "(202) 555-0100"),
        ("url", "profile", "http://navy.example/hopper"),
        ("address", "home", "1 Bug Lane\nArlington, VA 22202\nUS"),
    ]
    assert grace.points[0].preferred
    assert grace.points[-1].address.street == "1 Bug Lane"
    assert grace.extra["Custom Field 1 - Value"] == "37"
    assert unnamed.name == "info@unnamed.example"
    assert isinstance(waterworks, IncomingCustomer)
    assert (waterworks.name, points(waterworks)) == ("北京水务", [("phone", "work", "010 6590 0000")])


def test_google_contacts_new_headings() -> None:
    (wang,) = read("google_new.csv")
    assert (wang.name, wang.given, wang.family) == ("王小明", "小明", "王")
    assert (wang.organisation, wang.title, wang.department, wang.birthday) == ("北京水务", "工程师", "研发部", "--0412")
    assert wang.photos[0].url == "https://photos.example/1.jpg"
    assert wang.points[-1].address.locality == "北京"


def test_outlook() -> None:
    jose, francois = read("outlook.csv")
    assert inspect_csv(Source(path=DATA / "outlook.csv")).layout.name == "outlook"
    assert (jose.name, jose.organisation, jose.title, jose.birthday) == (
        "José Núñez",
        "Ejemplo S.A.",
        "Director",
        "1970-04-13",
    )
    assert jose.categories == ("Amigos", "Clientes")
    work, home = [point for point in jose.points if point.kind == "address"]
    assert (work.label, work.address.extended, work.address.country) == ("work", "3º izq.", "España")
    assert (home.label, home.address.locality) == ("home", "Getafe")
    assert ("fax", "work", "+34 91 555 0199") in points(jose)
    assert (francois.name, francois.birthday, francois.extra["Hobby"]) == ("François Lefèvre", "", "pêche")


def test_chinese_headings_in_gb18030() -> None:
    zhang, li, unnamed = read("chinese_gb18030.csv")
    assert (zhang.name, zhang.organisation, zhang.title, zhang.department) == (
        "张三",
        "北京华为科技有限公司",
        "经理",
        "销售部",
    )
    assert (zhang.birthday, li.birthday, zhang.note) == ("1980-05-06", "1975-12-01", "老客户")
    assert points(zhang) == [
        ("phone", "mobile", "13800138000"),
        ("phone", "", "010-65900000"),
        ("email", "", "zhangsan@example.cn"),
        ("address", "", "北京市海淀区中关村大街1号"),
    ]
    assert dict(zhang.extra) == {"血型": "A"}
    assert unnamed.name == "13700137000"


def test_traditional_chinese_headings_in_big5() -> None:
    records = read("chinese_big5.csv")
    assert [(r.name, r.points[0].label, r.points[-1].address.locality) for r in records] == [
        ("陳大文", "mobile", "台北"),
        ("林小姐", "mobile", "高雄"),
    ]


def test_chinese_companies() -> None:
    water, supply = read("chinese_companies.csv")
    assert isinstance(water, IncomingCustomer)
    assert (water.name, water.roles, supply.roles) == ("北京水务集团", ("customer",), ("supplier",))
    assert dict(water.identifiers) == {"统一社会信用代码": "91110000MA0000000X"}
    assert water.points[-1].address.locality == "北京"
    assert water.extra["行业"] == "水务"


def test_salesforce_leads_give_person_and_company() -> None:
    company, bertha, second = read("salesforce_leads.csv")
    assert isinstance(company, IncomingCustomer)
    assert (company.name, points(company)) == ("Farmers Coop. of Florida", [("url", "", "http://fcof.example")])
    assert dict(company.extra) == {"INDUSTRY": "Agriculture", "NUMBEROFEMPLOYEES": "120"}
    assert isinstance(bertha, IncomingContact)
    assert (bertha.line, bertha.name, bertha.organisation) == (2, "Bertha Boxer", "Farmers Coop. of Florida")
    assert (bertha.owner, bertha.external_id, bertha.extra["STATUS"]) == ("005x1", "00Qx1", "Open")
    assert (second.name, second.note) == ("Phyllis Cotton", "met at fair")


def test_salesforce_contacts() -> None:
    (rose,) = read("salesforce_contacts.csv")
    assert (rose.organisation, rose.organisation_key, rose.external_id) == ("Edge Communications", "001A", "003A")
    assert (rose.prefix, rose.birthday, rose.owner) == ("Ms.", "1963-12-01", "005A")
    assert dict(rose.identifiers) == {"Oracle_Id__c": "1-0001"}
    assert ("messenger", "wechat", "rose_wx") in points(rose)
    assert rose.points[-1].label == "mailing"
    assert rose.points[-1].address.postal_code == "78767"


def test_hubspot() -> None:
    (ann,) = read("hubspot_contacts.csv")
    assert (ann.external_id, ann.organisation, ann.owner) == ("51", "Acme Inc", "bob@us.example")
    (acme,) = read("hubspot_companies.csv")
    assert isinstance(acme, IncomingCustomer)
    assert (acme.name, acme.external_id) == ("Acme Inc", "90")
    assert ("url", "", "acme.example") in points(acme)


@pytest.mark.parametrize(
    ("header", "kind"),
    [
        ("name,address,city,cuisine,unique_id", IncomingContact),
        ("NAME,PHONE", IncomingContact),
        ("Name,Website", IncomingCustomer),
        ("name,industry", IncomingCustomer),
        ("Company,Phone", IncomingCustomer),
        ("Account Name,Billing City", IncomingCustomer),
        ("First Name,Last Name,Website", IncomingContact),
        ("Name,Company,Website", IncomingContact),
        ("联系人,公司名称,行业", IncomingContact),
        ("公司名称,电话", IncomingCustomer),
        ("Name,AccountNumber", IncomingCustomer),
        ("Symbol,Security,Headquarters Location", IncomingCustomer),
    ],
)
def test_evidence_decides_between_person_and_organisation(tmp_path: Path, header: str, kind: type) -> None:
    cells = [f"cell {n}" for n in range(header.count(",") + 1)]
    records = read_text(tmp_path, f"{header}\n{','.join(cells)}\n")
    assert type(records[-1]) is kind
    for given in ("contact", "customer"):
        forced = read_text(tmp_path, f"{header}\n{','.join(cells)}\n", entity=given)
        assert all(isinstance(record, IncomingContact | IncomingCustomer) for record in forced)
    everything = repr(records)
    assert all(cell in everything for cell in cells)


def test_an_organisation_in_an_address_book_keeps_all_cells(tmp_path: Path) -> None:
    (acme,) = read_text(
        tmp_path, "first name,company,phone,birthday,title,photo\n,Acme,1,1980-01-02,Dr,http://p.example\n"
    )
    assert isinstance(acme, IncomingCustomer)
    assert (acme.name, acme.points[0].value) == ("Acme", "1")
    assert dict(acme.extra) == {"birthday": "1980-01-02", "photo": "http://p.example", "title": "Dr"}


def test_the_entity_option_overrides(tmp_path: Path) -> None:
    (customer,) = read_text(tmp_path, "name,phone\nAcme,1\n", entity="customer")
    assert isinstance(customer, IncomingCustomer)
    with pytest.raises(InvalidInput, match="ticket"):
        read_text(tmp_path, "name,phone\nAcme,1\n", entity="ticket")


def test_damaged_rows_and_headings() -> None:
    records = read("damaged.csv")
    names = [record.name for record in records if not isinstance(record, Rejection)]
    assert names == ["Ann", "Eve", "7", "+49 30 1", "Gus", "Hal"]
    ann = records[0]
    assert [point.value for point in ann.points if point.kind == "email"] == ["ann@x.example", "ann@y.example"]
    assert dict(ann.extra) == {"column 5": "spare"}
    guarded = next(record for record in records if not isinstance(record, Rejection) and record.name == "+49 30 1")
    assert guarded.points[0].value == "=cmd|' /C calc'!A0"
    nothing = next(record for record in records if isinstance(record, Rejection) and record.line == 11)
    assert "name" in nothing.reason
    assert "kept" in nothing.raw


def test_a_wrong_date_names_column_and_value(tmp_path: Path) -> None:
    good, bad, ambiguous = read_text(tmp_path, "name,birthday\nA,1980-02-29\nB,1981-02-29\nC,03/04/1980\n")
    assert good.birthday == "1980-02-29"
    assert isinstance(bad, Rejection)
    assert (bad.line, "birthday" in bad.reason, "1981-02-29" in bad.reason) == (3, True, True)
    assert "03/04/1980" in ambiguous.reason


def test_a_column_of_dates_settles_what_one_date_does_not(tmp_path: Path) -> None:
    records = read_text(tmp_path, "name,birthday\nA,03/04/1980\nB,13/04/1980\n")
    assert [record.birthday for record in records] == ["1980-04-03", "1980-04-13"]
    records = read_text(tmp_path, "name,birthday\nA,03/04/1980\nB,04/13/1980\n")
    assert [record.birthday for record in records] == ["1980-03-04", "1980-04-13"]


def test_headings_that_say_nothing_are_refused_with_the_way_out(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match=r"t\.csv.*colour, size.*mapping file.*\[columns\]"):
        read_text(tmp_path, "colour,size\nred,4\n")
    with pytest.raises(InvalidInput, match="empty"):
        read_text(tmp_path, "")
    with pytest.raises(InvalidInput, match=r"none\.csv"):
        list(CSV.read(Source(path=tmp_path / "none.csv")))


def test_a_layout_can_be_passed_in(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("wer,wo\nAnna,Bonn\n", encoding="utf-8")
    ours = Layout(name="ours", required=(frozenset({"wer"}),), columns={"wer": "name", "wo": "locality"})
    (anna,) = read_csv(Source(path=path), layouts=[ours])
    assert (anna.name, anna.points[0].address.locality) == ("Anna", "Bonn")


@pytest.mark.parametrize(
    ("heading", "target"),
    [
        ("MOBILEPHONE", "phone:mobile"),
        ("MailingStreet", "street:mailing"),
        ("手机（必填）", "phone:mobile"),
        ("单位电话", "phone:work"),
        ("Business Street 2", "extended:work"),
        ("Who is it", None),
        ("", None),
    ],
)
def test_headings_are_compared_by_their_letters(heading: str, target: str | None) -> None:
    found = find_target(heading)
    assert (found[0] if found else None) == target
