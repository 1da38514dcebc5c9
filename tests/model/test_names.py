"""Names of people: parts, display, order, keys."""

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmcore.model.names import display_name, name_key, parse_name, search_text, sort_key
from crmcore.model.pinyin import romanise, romanise_place, syllables


@pytest.mark.parametrize(
    ("text", "given_name", "family", "additional", "prefix", "suffix"),
    [
        ("李伟", "伟", "李", "", "", ""),
        ("李 伟", "伟", "李", "", "", ""),
        ("欧阳娜娜", "娜娜", "欧阳", "", "", ""),
        ("司馬懿", "懿", "司馬", "", "", ""),
        ("李伟 (Li Wei)", "伟", "李", "", "", ""),
        ("Li Wei 李伟", "伟", "李", "", "", ""),
        ("李伟先生", "伟", "李", "", "", "先生"),
        ("Dr. 李伟", "伟", "李", "", "Dr.", ""),
        ("David 李", "David", "李", "", "", ""),
        ("山田さくら", "さくら", "山田", "", "", ""),
        ("김철수", "철수", "김", "", "", ""),
        ("Mustermann, Max", "Max", "Mustermann", "", "", ""),
        ("Mustermann, Max Horst", "Max", "Mustermann", "Horst", "", ""),
        ("Dr. Max Horst Mustermann jr.", "Max", "Mustermann", "Horst", "Dr.", "jr."),
        ("Prof. Dr. med. Eva Ost", "Eva", "Ost", "", "Prof. Dr. med.", ""),
        ("Max Mustermann, Jr.", "Max", "Mustermann", "", "", "Jr."),
        ("Phil Collins", "Phil", "Collins", "", "", ""),
        ("Anna van der Berg", "Anna", "van der Berg", "", "", ""),
        ("Berg, Anna van der", "Anna", "van der Berg", "", "", ""),
        ("LI Wei", "Wei", "LI", "", "", ""),
        ("Wei LI", "Wei", "LI", "", "", ""),
        ("Lin Dan", "Dan", "Lin", "", "", ""),
        ("Dan Lin", "Dan", "Lin", "", "", ""),
        ("Li Wei", "", "", "", "", ""),
        ("", "", "", "", "", ""),
    ],
)
def test_parts(text: str, given_name: str, family: str, additional: str, prefix: str, suffix: str) -> None:
    parsed = parse_name(text)
    assert (parsed.given, parsed.family, parsed.additional, parsed.prefix, parsed.suffix) == (
        given_name,
        family,
        additional,
        prefix,
        suffix,
    )
    assert parsed.name == text


@pytest.mark.parametrize(
    "same",
    [
        [
            "李伟",
            "Li Wei",
            "Wei Li",
            "LI Wei",
            "李 伟",
            "Li, Wei",
            "李偉",
            "李伟 (Li Wei)",
            "Li Wei 李伟",
            "Mr. Li Wei",
        ],
        ["欧阳娜娜", "歐陽娜娜", "Ouyang Nana", "Nana Ouyang", "Ou-Yang Na-Na"],
        ["单田芳", "Shan Tianfang", "Tian-Fang SHAN"],
        ["吕布", "Lü Bu", "LYU Bu", "Lv Bu"],
        ["李南", "Li Nan", "Linan"],
        ["Dr. Max Mustermann", "Mustermann, Max", "max  MUSTERMANN", "Mustermann, Dr. Max"],
        ["François Müller", "Muller Francois"],
    ],
)
def test_one_key_for_both_orders_and_scripts(same: list[str]) -> None:
    assert len({name_key(name) for name in same}) == 1


def test_different_names_have_different_keys() -> None:
    names = ["李伟", "李娜", "王伟", "Max Mustermann", "Max Musterfrau", "山田さくら", "山田", "김철수"]
    assert len({name_key(name) for name in names}) == len(names)


@given(st.lists(st.text(st.characters(codec="utf-8", categories=["L", "N"]), min_size=1), max_size=5), st.randoms())
def test_key_does_not_depend_on_order_of_latin_words(words: list[str], random: object) -> None:
    latin = [word for word in words if all(ord(character) < 0x250 for character in word)]
    assert name_key(" ".join(latin)) == name_key(" ".join(reversed(latin)))


@given(st.text())
def test_no_text_breaks_a_name(text: str) -> None:
    parsed = parse_name(text)
    name_key(text)
    assert parsed.name == " ".join(text.split())
    assert search_text(search_text(text)) == search_text(text)
    assert isinstance(sort_key(text, parsed.family, parsed.given), str)


def test_display_follows_the_script() -> None:
    assert display_name(given="伟", family="李") == "李伟"
    assert display_name(given="伟", family="李", suffix="先生") == "李伟先生"
    assert display_name(given="伟", family="李", prefix="Dr.") == "Dr. 李伟"
    assert (
        display_name(given="Max", family="Mustermann", additional="Horst", prefix="Dr.", suffix="jr.")
        == "Dr. Max Horst Mustermann jr."
    )
    assert display_name() == ""


def test_list_is_sorted_by_family_name_and_pinyin() -> None:
    people = [("", "Zoe", "Adam"), ("欧阳娜娜", "", ""), ("李伟", "", ""), ("", "Ann", "Öztürk"), ("", "Bea", "Lopez")]
    ordered = sorted(people, key=lambda person: sort_key(person[0], given=person[1], family=person[2]))
    assert [person[0] or person[2] for person in ordered] == ["Adam", "李伟", "Lopez", "欧阳娜娜", "Öztürk"]
    assert sort_key("李伟 (Li Wei)") == "li wei"


def test_search_text_folds() -> None:
    assert search_text("  Ｍüller-LÜDENSCHEIDT\t X ") == "muller-ludenscheidt x"
    assert search_text("Łódź Straße") == "lodz strasse"
    assert search_text("東京 ガ") == "東京 ガ"


def test_syllables() -> None:
    assert syllables("xiaoming") == ("xiao", "ming")
    assert syllables("linan") == ("li", "nan")
    assert syllables("xian") == ("xian",)
    assert syllables("mustermann") == ()


def test_readings_depend_on_use() -> None:
    assert romanise("单", surname=True) == ["shan"]
    assert romanise("尉迟恭", surname=True) == ["yu", "chi", "gong"]
    assert romanise_place("重庆") == "chongqing"


def test_plain_names_do_not_load_the_dictionary() -> None:
    code = (
        "import sys; from crmcore.model.names import name_key; name_key('Max Ü'); assert 'pypinyin' not in sys.modules"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
