"""How alike two texts are in what they are about: the words they share, English and Chinese, whatever their order.

English words are cut to their stems (leaks, leaking: leak). Chinese is compared by characters, which count in full
where two that stand together stand together in the other text too.
What says nothing of a matter, such as greetings or “any news?”, does not count.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence

from attrs import frozen

from crmcore_service.tickets.empty_words import EMPTY, EMPTY_HAN

_LONGEST = 3_000
_LATIN = re.compile(r"[a-z0-9][a-z0-9'’./_-]*[a-z0-9]|[a-z0-9]")
_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]+")
_ENDINGS = (("ies", "y"), ("ing", ""), ("ed", ""), ("es", ""), ("s", ""), ("ly", ""))
_DOUBLED = "bdgmnprt"
"""Letters that are doubled before an ending: stopping, jammed."""
_STEM, _TELLING, _LONG = 3, 3, 4
_THANKS = re.compile(r"\b(thanks?|thank you|thx|cheers)\b|谢|感谢|辛苦|收到|好的", re.IGNORECASE)
_ASKS = re.compile(r"[?？吗呢]|\bstill\b|还是|仍", re.IGNORECASE)
_WORD, _NAME, _NUMBER, _CHARACTER, _ALONE = 2.0, 1.0, 3.0, 1.0, 0.5
"""What each counts. A name, such as compressor K40, says which thing it is rather than what is the matter with it; a
long number, such as that of an order or an error, is of one matter."""


@frozen(kw_only=True)
class Likeness:
    """How alike two texts are: `share` of the smaller one's words that both have, from 0 to 1, and `words`, which."""

    share: float = 0.0
    weight: float = 0.0
    words: tuple[str, ...] = ()


def words(text: str) -> Mapping[str, float]:
    """Return the words that say what a text is about, each with what it counts; none for a text that says nothing."""
    plain = _plain(text)
    said = _latin(plain)
    found = {stem(one): _counts(said[at : at + 2]) for at, one in enumerate(said)}
    for run in _HAN.findall(EMPTY_HAN.sub(" ", plain)):
        found |= dict.fromkeys(run, _CHARACTER)
        found |= {run[place : place + 2]: 0.0 for place in range(len(run) - 1)}
    return found


def as_said(text: str, found: Iterable[str]) -> list[str]:
    """Return words of a text as they were said in it, rather than their stems."""
    forms = {stem(one): one for one in reversed(_latin(_plain(text)))}
    return [forms.get(one, one) for one in found]


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text[:_LONGEST]).lower().replace("’", "'")


def _latin(plain: str) -> list[str]:
    return [one for one in _LATIN.findall(plain) if one not in EMPTY and len(one) > 1 and not _is_small(one)]


def _is_small(word: str) -> bool:
    """Return whether a word is a number that says nothing, such as the hours and minutes of a chat."""
    return word.isdigit() and len(word) < _TELLING


def _counts(two: Sequence[str]) -> float:
    """Return what a word counts, given it and the one after it."""
    if sum(each.isdigit() for each in two[0]) >= _LONG:
        return _NUMBER
    return _NAME if any(each.isdigit() for word in two for each in word) else _WORD


def is_thanks(text: str) -> bool:
    """Return whether a text thanks for what was done, and neither asks nor tells of anything else."""
    return bool(_THANKS.search(text)) and not _ASKS.search(text) and not words(text)


def stem(word: str) -> str:
    """Return an English word without its ending, where enough is left of it; what has a digit stays whole."""
    if any(each.isdigit() for each in word):
        return re.sub(r"[^a-z0-9]", "", word)
    word = word.removesuffix("'s")
    for ending, instead in _ENDINGS:
        if word.endswith(ending) and not word.endswith("ss") and len(word) - len(ending) >= _STEM:
            cut = word.removesuffix(ending) + instead
            return cut[:-1] if cut[-1] == cut[-2] and cut[-1] in _DOUBLED else cut
    return word[:-1] if word[-1] == "e" and len(word) > _STEM else word


def alike(one: Mapping[str, float], other: Mapping[str, float]) -> Likeness:
    """Return how alike two texts are, given their words."""
    shared = [each for each in one if each in other]
    least = min(sum(one.values()), sum(other.values()))
    if not shared or not least:
        return Likeness()
    together = {each for pair in shared if len(pair) == 2 and _HAN.fullmatch(pair) for each in pair}
    weight = sum(
        _ALONE if len(each) == 1 and _HAN.fullmatch(each) and each not in together else one[each] for each in shared
    )
    told = tuple(each for each in shared if len(each) > 1 or each not in together)
    return Likeness(share=weight / least, weight=weight, words=told)
