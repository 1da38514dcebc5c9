"""How text is cut into index terms, the same on both databases.

Every word becomes its runs of three characters, padded at the end, so that any substring of any length is found: one of
three or more by all its own runs, one of one or two (most Chinese names) as the beginning of a run.
"""

import re
from collections.abc import Iterator

from crmcore.model.names import search_text

_WORD = re.compile(r"[^\W_]+")  # as SQLite's tokenizer cuts: an underscore is between two words
_PAD = "\u00b7"
SIZE = 3


def terms(text: str) -> list[str]:
    """Return the distinct index terms of a text that is already folded (`search_text`)."""
    found: dict[str, None] = {}
    for word in _WORD.findall(text):
        padded = word + _PAD * (SIZE - 1)
        for place in range(len(word)):
            found[padded[place : place + SIZE]] = None
    return list(found)


def query_terms(text: str) -> list[tuple[str, bool]]:
    """Return the terms a record must have to contain `text`, each with whether it is only the beginning of a term."""
    return list(dict.fromkeys(_query_terms(search_text(text))))


def _query_terms(folded: str) -> Iterator[tuple[str, bool]]:
    for word in _WORD.findall(folded):
        if len(word) < SIZE:
            yield word, True
        for place in range(len(word) - SIZE + 1):
            yield word[place : place + SIZE], False
