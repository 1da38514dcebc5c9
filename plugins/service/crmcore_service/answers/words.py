"""What of a text two questions about the same matter have in common: its words, and pairs of Chinese characters.

English words lose their endings (a light form of Porter's first step), so that `printers` and `printing` meet
`printer` or `print`; of Chinese, which is written without spaces, each two neighbouring characters count as a word, as
is usual in search. Words that tell nothing (the, 请问) do not count. Each word is kept as a number, which nobody reads
a text out of.
"""

import re
from collections import Counter
from collections.abc import Iterator
from hashlib import blake2b
from unicodedata import normalize

_MOST_READ = 4_000
"""Characters of a text that count: what is asked stands at its beginning."""
_MOST_WORDS = 48
_PIECE = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]+|[^\W_\u3400-\u9fff\uf900-\ufaff](?:[\w.\-/']*[^\W_])?")
_CHINESE = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
_ENDING = re.compile(r"(?:ies|ing|ed|es|s|ly|er)$")
_SAY_NOTHING = """
a about after all also am an and any anyone are as at be because been but by can cannot could dear did do does don't
each even every for from get got had has have he hello help her here hi his how however i i'm i've if in into is isn't
it it's its just kind know like me more much my need no not now of off on one only or other our out please problem
question regards she should so some still thank thanks that the their them then there they thing this those to too
tried try up us use very want was way we were what when where which while who why will with would yes you your re fw fwd
请问 你好 您好 我们 我的 你们 谢谢 怎么 什么 为什 一个 这个 那个 可以 不能 没有 现在 问题 如何 一下 是否 帮忙 麻烦
需要 已经 还是 就是 但是 因为 所以 如果 怎样 么办 办呢 了吗 的时 时候
"""
_IDLE = frozenset(_SAY_NOTHING.split())


def words(text: str) -> Counter[str]:
    """Return the words of a text that tell something, each with how often it is said; 48 different ones at most."""
    folded = normalize("NFKC", text[:_MOST_READ]).casefold()
    found: Counter[str] = Counter()
    for word in _words(folded):
        if word in found or len(found) < _MOST_WORDS:
            found[word] += 1
    return found


def term(word: str) -> int:
    """Return the number that stands for a word: 62 bits of its BLAKE2b."""
    return int.from_bytes(blake2b(word.encode(), digest_size=8).digest(), "big") >> 2


def _words(folded: str) -> Iterator[str]:
    for piece in _PIECE.findall(folded):
        if _CHINESE.match(piece):
            pairs = [piece[place : place + 2] for place in range(len(piece) - 1)] or [piece]
            yield from (pair for pair in pairs if pair not in _IDLE)
        elif piece not in _IDLE and (len(piece) > 1 or piece.isdigit()):
            yield _stem(piece)


def _stem(word: str) -> str:
    """Return an English word without its ending; one that holds a digit (a model, an error) stays as it is."""
    if any(each.isdigit() for each in word) or len(word) < 5:
        return word.removesuffix("'s")
    stem = _ENDING.sub("", word.removesuffix("'s"))
    if len(stem) > 3 and stem[-1] == stem[-2] and stem[-1] not in "lsz":
        stem = stem[:-1]  # stopped: stop
    return stem.removesuffix("e") if len(stem) > 3 else stem
