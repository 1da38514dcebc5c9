"""Compare names of people and organisations: order, script, short forms, typing errors."""

import re
from collections.abc import Iterator
from functools import lru_cache

from rapidfuzz.fuzz import ratio

from crmcore.matching.agreement import OTHER, alike, shared_bits, weighed
from crmcore.matching.prepared import Prepared
from crmcore.matching.record import Evidence
from crmcore.matching.weights import WEIGHTS, Rarity
from crmcore.model.pinyin import is_surname, syllables

_NUMBERS = re.compile(r"[0-9]+")
_SHORT_FORMS_TEXT = """
robert bob rob bobby robbie, william bill will billy liam, richard dick rick rich, margaret peggy maggie meg,
elizabeth liz beth betty lisa eliza, michael mike mick, james jim jimmy, john jack johnny, thomas tom tommy,
anthony tony, edward ed ted eddie ned, charles chuck charlie, henry harry hank, catherine kate cathy kathy,
alexander alex sandy sascha, andrew andy drew, joseph joe, daniel dan danny, samuel sam, benjamin ben, david dave,
christopher chris, steven steve, patricia pat patty trish, jennifer jen jenny, johannes hans, friedrich fritz,
joseph sepp, maximilian max, katharina kathi katrin, susan sue, theodore ted theo, lawrence larry, gerald jerry
"""
_SHORT_FORMS = {frozenset((names[0], name)) for names in map(str.split, _SHORT_FORMS_TEXT.split(",")) for name in names}


def names(a: Prepared, b: Prepared, rarity: Rarity) -> Iterator[Evidence]:
    """Yield what the names say: part by part where the parts are known, else word by word."""
    yield from _names(a, b, rarity)
    if a.han and b.han and a.key == b.key:
        yield from _characters(a.han, b.han)
    if a.organisation and b.organisation:
        yield _words("organisation", a.organisation, b.organisation, rarity)


def _names(a: Prepared, b: Prepared, rarity: Rarity) -> Iterator[Evidence]:
    if a.given and a.family and b.given and b.family:
        if a.han and b.han:  # nobody mistypes one character for another with a like sound, or swaps them
            yield from _exact_parts(a, b, rarity)
            return
        straight = alike(a.family, b.family) + _given_alike(a.given, b.given)
        crossed = 0.0 if straight == 2 else alike(a.family, b.given) + alike(a.given, b.family)
        if crossed > straight and crossed > 1:
            # Which of the two is the family name cannot be told; the answer must not depend on who comes first.
            if (a.family, a.given) <= (b.family, b.given):
                yield from _parts(a.family, a.given, b.given, b.family, rarity)
            else:
                yield from _parts(a.given, a.family, b.family, b.given, rarity)
        else:
            yield from _parts(a.family, a.given, b.family, b.given, rarity)
    elif (a.given or a.family) and (b.given or b.family):
        # One part is missing: what is there may be either.
        mine, theirs = [w for w in (a.given, a.family) if w], [w for w in (b.given, b.family) if w]
        pairs = ((alike(x, y), x, y) for x in mine for y in theirs)
        best = max(pairs, key=lambda found: (found[0], max(found[1:]), min(found[1:])))
        feature = "family name" if best[1] == a.family or best[2] == b.family else "given name"
        if len(mine) == len(theirs) == 1 and bool(a.given) != bool(b.given) and best[0] < OTHER:
            return  # a given name here and a family name there do not contradict each other
        yield weighed(feature, best[1], best[2], best[0], shared_bits(feature, best[1], best[2], rarity))
    elif a.tokens and b.tokens:
        yield _whole(a, b, rarity)


def _parts(family_a: str, given_a: str, family_b: str, given_b: str, rarity: Rarity) -> Iterator[Evidence]:
    bits = shared_bits("family name", family_a, family_b, rarity)
    yield weighed("family name", family_a, family_b, alike(family_a, family_b), bits)
    bits = shared_bits("given name", given_a, given_b, rarity)
    agreement = _given_alike(given_a, given_b)
    if agreement < 1 and (is_surname(family_a) or is_surname(family_b)):
        first, second = syllables(given_a), syllables(given_b)
        if first and second and len(first) != len(second):
            agreement = 0.0  # Fang is not short for Fangfang
    yield weighed("given name", given_a, given_b, agreement, bits)


def _exact_parts(a: Prepared, b: Prepared, rarity: Rarity) -> Iterator[Evidence]:
    for feature, mine, theirs in (("family name", a.family, b.family), ("given name", a.given, b.given)):
        agreement = 1.0 if mine == theirs else 0.0
        yield weighed(feature, mine, theirs, agreement, shared_bits(feature, mine, theirs, rarity))


def _given_alike(a: str, b: str) -> float:
    """Compare given names, knowing short forms (Bob, Robert), initials, and that a second one may be left out."""
    likeness = alike(a, b)
    shorter, longer = sorted((a, b), key=len)
    if frozenset((a, b)) in _SHORT_FORMS or (len(shorter) > 2 and longer.startswith(shorter)):
        return max(likeness, 0.8)
    return max(likeness, 0.6) if len(shorter) == 1 and longer.startswith(shorter) else likeness


def _whole(a: Prepared, b: Prepared, rarity: Rarity) -> Evidence:
    found = _words("name", a.tokens, b.tokens, rarity)
    if a.key == b.key and found.agreement < 1:
        bits = min(sum(rarity.bits("name", word) for word in tokens) for tokens in (a.tokens, b.tokens))
        return weighed("name", found.a, found.b, 1.0, min(bits, WEIGHTS["name"].most))
    return found


def _word_alike(a: str, b: str) -> float:
    """Compare words that may be cut short (deli, delicatessen)."""
    if a.isdigit() or b.isdigit():
        return 1.0 if a == b else 0.0
    shorter, longer = sorted((a, b), key=len)
    likeness = alike(a, b, 0.85)
    return max(likeness, 0.85) if len(shorter) > 3 and longer.startswith(shorter) else likeness


def _words(feature: str, a: tuple[str, ...], b: tuple[str, ...], rarity: Rarity) -> Evidence:
    """Compare two names word by word, each word weighing as much as it is rare (soft TF-IDF, Cohen et al. 2003)."""
    if len(a) > len(b) or (len(a) == len(b) and a > b):
        swapped = _words(feature, b, a, rarity)
        return Evidence(feature=feature, a=swapped.b, b=swapped.a, agreement=swapped.agreement, weight=swapped.weight)
    left = list(b)
    both = shorter = 0.0
    longer = sum(rarity.bits(feature, word) for word in b)
    for word in a:
        bits = rarity.bits(feature, word)
        shorter += bits
        if not left:
            continue
        best = max(left, key=lambda other: (_word_alike(word, other), other))
        agreement = _word_alike(word, best)
        if agreement > 0:
            left.remove(best)
            both += agreement * min(bits, rarity.bits(feature, best))
    # Words on one side only may have been left out; on both sides they tell two things of one house apart.
    other = max(0.0, min(shorter, longer) - both)
    agreement = 2 * (both - other) / (shorter + longer)
    if both >= 0.9 * shorter:  # all of one name is in the other: fenix, fenix at the argyle
        agreement = max(agreement, 0.85)
    joined_a, joined_b = "".join(a), "".join(b)
    if len(joined_a) > 4 and _NUMBERS.findall(joined_a) == _NUMBERS.findall(joined_b):
        agreement = max(agreement, (ratio(joined_a, joined_b) / 100 - 0.7) / 0.3)
    agree = min(WEIGHTS[feature].most, shorter)
    return weighed(feature, " ".join(a), " ".join(b), min(1.0, max(0.0, (agreement - 0.4) / 0.6)), agree)


def _characters(a: str, b: str) -> Iterator[Evidence]:
    """Compare Chinese names that sound alike: 伟 and 玮 are two names, 伟 and 偉 may be one in two scripts."""
    if a == b:
        yield weighed("characters", a, b, 1.0, WEIGHTS["characters"].most)
    elif len(a) == len(b) and any(x != y and _script(x) + _script(y) != 0 for x, y in zip(a, b, strict=True)):
        yield weighed("characters", a, b, 0.0, 0.0)


@lru_cache(maxsize=8192)
def _script(character: str) -> int:
    """Return 1 for a character of simplified writing only, -1 for traditional only, 2 for one that is in both.

    Simplified ones are in GB 2312 and traditional ones in Big5; what is in both is written alike.
    """
    simplified, traditional = _encodes(character, "gb2312"), _encodes(character, "big5")
    return 2 if simplified == traditional else 1 if simplified else -1


def _encodes(character: str, charset: str) -> bool:
    try:
        character.encode(charset)
    except UnicodeEncodeError:
        return False
    return True
