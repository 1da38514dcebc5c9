"""Names of people: their parts, how they are shown and sorted, and the forms by which they are found and compared."""

import re
import unicodedata
from functools import lru_cache

from attrs import frozen

from crmcore.model.pinyin import CJK, HAN, is_surname, romanise, split_han, syllables


@frozen(kw_only=True)
class PersonName:
    """A name as written, and the parts of vCard's N (RFC 6350, 6.2.2); a part that cannot be told is empty."""

    name: str
    given: str = ""
    family: str = ""
    additional: str = ""
    prefix: str = ""
    suffix: str = ""


_PREFIXES_TEXT = """
dr prof professor mr mrs ms miss mx sir dame rev herr frau hr fru mag dipl-ing dipl-kfm mme mlle monsieur madame
sra srta señor señora dott drs prof.dr dr.med dr.phil dr.jur dr.ing dr-ing univ-prof
"""
_PREFIXES = frozenset(_PREFIXES_TEXT.split())
_FURTHER_PREFIXES_TEXT = """
med. phil. rer. nat. jur. habil. h. c. h.c. hc. ing. dipl. pol. oec.
"""
_FURTHER_PREFIXES = frozenset(_FURTHER_PREFIXES_TEXT.split())  # Dr. phil.
_SUFFIXES_TEXT = """
jr jnr jun junior sr snr sen senior ii iii iv phd ph.d md m.d esq mba msc bsc ba ma llm ll.m cpa obe cbe
"""
_SUFFIXES = frozenset(_SUFFIXES_TEXT.split())
_CJK_SUFFIXES_TEXT = """
先生 女士 小姐 太太 教授 博士 老师 老師 医生 醫生 律师 律師 様 さん 씨 님
"""
_CJK_SUFFIXES = tuple(_CJK_SUFFIXES_TEXT.split())
_PARTICLES_TEXT = """
von van der den de del della di da du des la le dos das do zu zum zur ten ter af av al el bin ibn y e
"""
_PARTICLES = frozenset(_PARTICLES_TEXT.split())
_MARKS = re.compile("[\u0300-\u036f]+")
# Letters that Unicode does not take apart into a letter and an accent.
_LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "æ": "ae", "œ": "oe", "ı": "i", "þ": "th", "ħ": "h"})
_WORDS = re.compile(r"[^\W_]+")
_APOSTROPHES = re.compile(r"(?<=\w)['’`´‘](?=\w)")
_BRACKETS = re.compile(r"[()（）\[\]【】「」]+")


def search_text(text: str) -> str:
    """Return the form substring search uses: NFKC, case-folded, without accents, spaces collapsed to one.

    Chinese, Japanese and Korean characters stay as they are; ``Ｍüller-LÜDENSCHEIDT`` is ``muller-ludenscheidt``.
    """
    if text.isascii():
        return " ".join(text.lower().split())
    # Case folding may undo the normal form, so it stands between two of them (Unicode 3.13, D146).
    split = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return " ".join(unicodedata.normalize("NFKC", _MARKS.sub("", split)).translate(_LETTERS).split())


def _words(text: str) -> list[str]:
    return _WORDS.findall(_APOSTROPHES.sub("", search_text(text)))


@lru_cache(maxsize=16384)
def name_key(text: str) -> str:
    """Return one key for a person's name whatever its order and script, '' for a text without letters.

    The sorted syllables of Chinese names, in pinyin, and words of all others: ``李伟``, ``Li Wei`` and ``WEI, Li`` are
    ``li wei``; ``欧阳娜娜`` and ``Ouyang Nana`` are ``na na ou yang``. Titles are left out. Where a name stands in both
    scripts, ``李伟 (Li Wei)``, the Chinese one counts.
    """
    folded = search_text(text)
    if not folded.isascii() and HAN.search(folded):
        joined = _without_cjk_title("".join(CJK.findall(folded)))
        if len(joined) > 1 and HAN.fullmatch(joined):
            return " ".join(sorted(romanise(joined, surname=True)))
        folded = HAN.sub(lambda run: f" {' '.join(romanise(run[0], surname=True))} ", folded)
    words = _WORDS.findall(_APOSTROPHES.sub("", folded))
    parts: list[str] = []
    for word in [word for word in words if word not in _PREFIXES] or words:
        parts += syllables(word) or (word,)
    return " ".join(sorted(parts))


def sort_key(name: str, family: str = "", given: str = "") -> str:
    """Return the key people are listed by: folded as in `search_text`, Chinese in pinyin, family name first if known.

    ``李伟`` gives ``li wei``; ``欧阳娜娜`` gives ``ouyang nana``.
    """
    if not family and not given:
        if not CJK.search(name):
            return search_text(name)
        parsed = parse_name(name)
        family, given = parsed.family, parsed.given
    family_key = _in_latin(search_text(family), surname=True)
    return f"{family_key} {_in_latin(search_text(given))}".strip()


def _in_latin(folded: str, *, surname: bool = False) -> str:
    if folded.isascii():
        return folded
    return HAN.sub(lambda run: "".join(romanise(run[0], surname=surname)), folded)


def display_name(given: str = "", family: str = "", additional: str = "", prefix: str = "", suffix: str = "") -> str:
    """Return the name to show for its parts: family name first without a space in Chinese, Japanese and Korean."""
    core = (family + given).replace(" ", "")
    if core and CJK.fullmatch(core):
        name = f"{family}{additional}{given}"
        # 李伟先生, but Dr. 李伟
        ending = suffix if CJK.fullmatch(suffix) else f" {suffix}"
        beginning = prefix if CJK.fullmatch(prefix) else f"{prefix} "
        return f"{beginning}{name}{ending}".strip()
    return " ".join(part for part in (prefix, given, additional, family, suffix) if part)


def parse_name(text: str) -> PersonName:
    """Split a name as written into its parts.

    Understands Chinese names (``欧阳娜娜``, ``李 伟``, also beside their Latin form), ``Family, Given``, titles,
    ``jr.``, particles (``van der Berg``) and a family name in capitals (``LI Wei``). A romanised Chinese name whose
    order cannot be told (``Li Wei``) keeps its parts empty: a wrong family name is worse than none.
    """
    name = " ".join(text.split())
    plain = " ".join(_BRACKETS.sub(" ", name).split())
    if CJK.search(plain):
        return _parse_cjk(name, plain)
    return _parse_latin(name, plain)


def _without_cjk_title(text: str) -> str:
    for title in _CJK_SUFFIXES:
        if text.endswith(title) and len(text) > len(title):
            return text.removesuffix(title)
    return text


def _parse_cjk(name: str, plain: str) -> PersonName:
    runs: list[str] = CJK.findall(plain)
    latin = CJK.sub(" ", plain).split()
    joined = "".join(runs)
    core = _without_cjk_title(joined)
    suffix = joined[len(core) :]
    prefix = ""
    while latin and _is_title(latin[0], after=bool(prefix)):
        prefix = f"{prefix} {latin.pop(0)}".strip()
    if len(core) == 1 and latin:  # David 李
        return PersonName(name=name, given=" ".join(latin), family=core, prefix=prefix, suffix=suffix)
    han = HAN.match(core)
    if len(runs) == 2 and core == joined:
        family, given = runs
    elif han and len(han[0]) < len(core):  # 山田さくら
        family, given = han[0], core[len(han[0]) :]
    else:
        family, given = split_han(core)
    return PersonName(name=name, given=given, family=family, prefix=prefix, suffix=suffix)


def _bare(word: str) -> str:
    return word.rstrip(".,").casefold()


def _is_title(word: str, *, after: bool) -> bool:
    """Tell whether `word` is a title; `after` another one, more words are: Dr. phil."""
    return _bare(word) in _PREFIXES or (after and word.casefold() in _FURTHER_PREFIXES)


def _parse_latin(name: str, plain: str) -> PersonName:
    before, comma, after = plain.partition(",")
    if comma and all(_bare(word) in _SUFFIXES for word in after.replace(",", " ").split()):
        before, comma, after = f"{before} {after.replace(',', ' ')}", "", ""
    words = (after.replace(",", " ") if comma else before).split()
    surname = before.split() if comma else []
    titles: list[str] = []
    endings: list[str] = []
    for part in (surname, words):
        while len(part) > 1 and _is_title(part[0], after=bool(titles)):
            titles.append(part.pop(0))
        while len(part) > 1 and (_bare(part[-1]) in _SUFFIXES or (comma and _bare(part[-1]) in _PREFIXES)):
            ending = part.pop()
            (titles if _bare(ending) in _PREFIXES else endings).insert(0, ending)
    family, given, additional = _order(surname, words)
    return PersonName(
        name=name,
        given=given,
        family=family,
        additional=additional,
        prefix=" ".join(titles),
        suffix=" ".join(endings),
    )


def _order(surname: list[str], words: list[str]) -> tuple[str, str, str]:
    """Tell (family, given, additional) in `words`, where `surname` holds what stood before a comma."""
    if surname:
        particles = [word for word in words[1:] if _bare(word) in _PARTICLES and word.islower()]
        rest = [word for word in words[1:] if word not in particles]  # Berg, Anna van der
        return " ".join([*particles, *surname]), " ".join(words[:1]), " ".join(rest)
    if len(words) < 2:
        return "", " ".join(words), ""
    capitals = [len(word) > 1 and word.isupper() for word in words]
    if capitals[0] and not any(capitals[1:]):
        return words[0], " ".join(words[1:2]), " ".join(words[2:])
    if not any(capitals) or all(capitals):
        folded = [_words(word) for word in words]
        if len(words) <= 3 and all(len(w) == 1 and syllables(w[0]) for w in folded):
            first, last = is_surname(folded[0][0]), is_surname(folded[-1][0])
            if first and not last:
                return words[0], " ".join(words[1:]), ""
            if first or not last:
                return "", "", ""
    start = len(words) - 1
    while start > 1 and _bare(words[start - 1]) in _PARTICLES:
        start -= 1
    return " ".join(words[start:]), words[0], " ".join(words[1:start])
