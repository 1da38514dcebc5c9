"""A record in the forms that are compared: folded, in Latin letters, split into what matters. Made once a record."""

import re
from functools import lru_cache

from attrs import frozen

from crmcore.matching.record import MatchRecord
from crmcore.model.names import name_key, search_text
from crmcore.model.pinyin import HAN, romanise, romanise_place, split_han

_WORDS = re.compile(r"[^\W\d_]+|\d+(?:st|nd|rd|th)\b|\d+[a-z]?\b|\d+")
_NAME_WORDS = re.compile(r"[^\W_]+")
_JOINERS = re.compile(r"(?<=\w)['’`´‘](?=\w)")
_LEGAL_TEXT = """
ltd limited llc llp lp inc incorporated corp corporation co company plc gmbh ag kg kgaa ohg gbr ug eg ev se sa sas sarl
spa srl bv nv ab as asa oy oyj aps pty pte bhd sdn kk mbh cokg
"""
_LEGAL = frozenset(_LEGAL_TEXT.split())
_CHINESE_LEGAL = re.compile(r"(?:股份有限公司|有限责任公司|有限責任公司|有限公司|集团公司|公司|集团|集團)$")
_SHORT_TEXT = """
street st str st, avenue ave av ave, boulevard blvd blv blvd, road rd rd, drive dr dr, lane ln la ln, place pl pl,
court ct crt ct, crescent cres cr cir circuit circle cres, highway hwy hwy, parkway pkwy pkwy, square sq sq,
terrace tce ter tce, strasse str, north n n, south s s, east e e, west w w, first 1st, second 2nd, third 3rd,
fourth 4th, fifth 5th, sixth 6th, seventh 7th, eighth 8th, ninth 9th, tenth 10th, one 1, two 2, three 3
"""
_SHORT = {
    long: words[-1] for words in map(str.split, _SHORT_TEXT.replace("\n", " ").split(",")) for long in words
}  # each group is given the form of its last word
_DIRECTIONS = frozenset("nsew") | {"ne", "nw", "se", "sw"}
_BEYOND = re.compile(r",|，|\b(?:between|near|off|at|corner of|c/o)\b")
_DIGITS = re.compile(r"\D+")


@frozen(kw_only=True, slots=True)
class Prepared:
    """A `MatchRecord` ready to compare. Names are without spaces; `tokens` are the words of the whole name."""

    record: MatchRecord
    given: str
    family: str
    han: str  # the name in Chinese characters, if it is written so
    key: str
    tokens: tuple[str, ...]
    organisation: tuple[str, ...]
    number: str  # of the house
    street: str
    beyond: str  # what follows the street: building, suburb, crossing
    city: str
    postcode: str
    region: str
    country: str
    birthday: str


def _joined(folded: str) -> str:
    return "".join(_NAME_WORDS.findall(folded))


def _part(text: str, *, surname: bool = False) -> str:
    """Fold a part of a name, in Latin letters as far as known, without anything but letters and digits."""
    folded = search_text(text)
    if not folded.isascii():
        folded = HAN.sub(lambda run: "".join(romanise(run[0], surname=surname)), folded)
    return _joined(folded)


@lru_cache(maxsize=16384)
def _place(text: str) -> str:
    """Fold a place in the same way."""
    folded = search_text(text)
    return _joined(folded if folded.isascii() else HAN.sub(lambda run: romanise_place(run[0]), folded))


def _name_tokens(text: str) -> tuple[str, ...]:
    folded = _JOINERS.sub("", search_text(text))
    if folded.isascii():
        return tuple(_NAME_WORDS.findall(folded))
    return tuple(_NAME_WORDS.findall(HAN.sub(lambda run: f" {_spaced(run[0])} ", folded)))


def _spaced(run: str) -> str:
    if len(run) > 4:  # an organisation
        return romanise_place(run)
    family, _given = split_han(run)
    syllables = romanise(run, surname=True)
    cut = len(family)
    return f"{''.join(syllables[:cut])} {''.join(syllables[cut:])}"


@lru_cache(maxsize=8192)
def organisation_tokens(text: str) -> tuple[str, ...]:
    """Return the words of an organisation's name without its legal form: Ltd, GmbH & Co. KG, 有限公司."""
    folded = _CHINESE_LEGAL.sub("", search_text(text).rstrip(" .").replace("g.m.b.h", "gmbh"))
    words = _name_tokens(re.sub(r"\b(\w)\.(\w)\.?(?:(\w)\.?)?", r"\1\2\3", folded))
    kept = [word for word in words[1:] if word not in _LEGAL]
    return (*words[:1], *kept)


def _street(text: str) -> tuple[str, str, str]:
    """Split an address line into (house number, street, what follows)."""
    folded = search_text(text)
    cut = _BEYOND.search(folded, 1) if folded else None
    main, rest = (folded[: cut.start()], folded[cut.end() :]) if cut else (folded, "")
    number, words = "", []
    for word in _WORDS.findall(_JOINERS.sub("", main)):
        short = _SHORT.get(word, word)
        if not number and short[0].isdigit() and not short.endswith(("st", "nd", "rd", "th")):
            number = short
        elif short not in _DIRECTIONS:
            words.append(re.sub(r"(?<=\w)strasse$", "str", short))
    return number, "".join(words), "".join(_NAME_WORDS.findall(rest))


@lru_cache(maxsize=16384)
def _city(text: str) -> str:
    words = [_SHORT.get(word, word) for word in _NAME_WORDS.findall(search_text(text))]
    joined = "".join(word for word in words if word not in _DIRECTIONS and word != "city")
    return _place(joined or "".join(words))


def _birthday(text: str) -> str:
    if text.startswith("--"):
        return f"----{_DIGITS.sub('', text)}"
    return _DIGITS.sub("", text)[:8]


def prepare(record: MatchRecord) -> Prepared:
    """Return the forms of `record` that are compared."""
    number, street, beyond = _street(record.street)
    name = record.name or f"{record.given} {record.family}".strip()
    tokens = organisation_tokens(name) if record.kind == "customer" else _name_tokens(name)
    whole = "".join(HAN.findall(name))
    return Prepared(
        record=record,
        given=_part(record.given),
        family=_part(record.family, surname=True),
        han=whole if len(whole) > 1 else "",
        key=name_key(" ".join(tokens) if record.kind == "customer" else name),
        tokens=tokens,
        organisation=organisation_tokens(record.organisation) if record.organisation else (),
        number=number,
        street=_place(street),
        beyond=_place(beyond),
        city=_city(record.city),
        postcode="".join(_NAME_WORDS.findall(search_text(record.postcode))),
        region=_place(record.region),
        country=_place(record.country),
        birthday=_birthday(record.birthday),
    )
