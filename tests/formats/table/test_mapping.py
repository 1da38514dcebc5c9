from pathlib import Path
from typing import Any

import pytest

from crmcore.errors import InvalidInput
from crmcore.formats.table.format import CSV
from crmcore.formats.table.mapping import read_mapping
from crmcore.formats.table.reading import inspect_csv
from crmcore.hooks.formats import Source
from crmcore.model.incoming import IncomingCustomer, Rejection

DATA = Path(__file__).resolve().parents[3] / "tests" / "data" / "csv"
TABLE = "Kd-Nr;Kunde;Tel\n1;Ann;030\n"


def read(folder: Path, mapping: str, table: str = TABLE) -> list[Any]:
    (folder / "t.csv").write_text(table, encoding="utf-8")
    (folder / "m.toml").write_text(mapping, encoding="utf-8")
    return list(CSV.read(Source(path=folder / "t.csv", options={"mapping": str(folder / "m.toml")})))


def test_a_mapping_file_says_all_there_is_to_say() -> None:
    source = Source(path=DATA / "mapped.csv", options={"mapping": str(DATA / "mapping.toml")})
    first, short, wrong = list(CSV.read(source))
    assert (first.external_id, first.name, first.birthday) == ("4711", "Jürgen Groß", "1960-12-24")
    assert [(point.kind, point.label, point.value) for point in first.points] == [("phone", "home", "030 1")]
    assert dict(first.identifiers) == {"tax": "12/345"}
    assert dict(first.extra) == {"Farbe": "blau"}
    assert first.categories == short.categories == ("Messe 2026",)
    assert short.name == "Änne Öz"
    assert isinstance(wrong, Rejection)
    assert "Geb." in wrong.reason
    assert "31.02.60" in wrong.reason
    assert inspect_csv(source).layout.key == ("external_id",)


def test_other_columns_are_understood_or_kept(tmp_path: Path) -> None:
    table = "Kunde;email\nAnn;a@x.example\n"
    (understood,) = read(tmp_path, '[columns]\n"Kunde" = "name"\n', table)
    assert understood.points[0].value == "a@x.example"
    (kept,) = read(tmp_path, 'other_columns = "extra"\n[columns]\n"Kunde" = "name"\n', table)
    assert dict(kept.extra) == {"email": "a@x.example"}


def test_a_mapping_can_make_the_company_a_record_of_its_own(tmp_path: Path) -> None:
    mapping = (
        '[columns]\n"A" = "name"\n"B" = "organisation"\n"C" = "customer.phone:main"\n"D" = "customer.external_id"\n'
    )
    company, person = read(tmp_path, mapping, "A;B;C;D\nAnn;Acme;555;77\n")
    assert isinstance(company, IncomingCustomer)
    assert (company.name, company.external_id, company.points[0].label) == ("Acme", "77", "main")
    assert person.organisation == "Acme"


def test_a_constant_gives_way_to_a_cell(tmp_path: Path) -> None:
    table = "Kunde;owner\nAnn;\nBob;eve\n"
    ann, bob = read(tmp_path, '[columns]\n"Kunde" = "name"\n[constants]\nowner = "ann"\n', table)
    assert (ann.owner, bob.owner) == ("ann", "eve")


@pytest.mark.parametrize(
    ("mapping", "says"),
    [
        ('entty = "contact"', ["m.toml, line 1", "entty", "entity"]),
        ('entity = "person"', ["m.toml, line 1", "person", "contact"]),
        ('\n[columns]\n"Kunnde" = "name"', ["m.toml, line 3", "Kunnde", "Kunde", "t.csv"]),
        ('\n\n[columns]\n"Kunde" = "nmae"', ["m.toml, line 4", "nmae", "name"]),
        ('entity = "task"\n[columns]\n"Kunde" = "birthday"', ["m.toml, line 3", "birthday"]),
        ('key = ["phnoe"]', ["m.toml", "phnoe", "phone"]),
        ('key = "phone"', ["m.toml, line 1", "key"]),
        ('[constants]\nfarbe = "blau"', ["m.toml, line 2", "farbe"]),
        ('zone = "Europe/Berlinn"', ["m.toml, line 1", "Europe/Berlinn"]),
        ("entity = contact", ["m.toml", "line 1"]),
        ("[columns]\nKunde = 3", ["m.toml", "3"]),
    ],
)
def test_what_a_mapping_file_may_not_say(tmp_path: Path, mapping: str, says: list[str]) -> None:
    with pytest.raises(InvalidInput) as refusal:
        read(tmp_path, mapping)
    assert not [word for word in says if word not in str(refusal.value)], str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_a_mapping_file_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match=r"nowhere\.toml"):
        read_mapping(tmp_path / "nowhere.toml")
