"""What two questions about the same matter have in common, as numbers, which nobody reads a text out of."""

from collections.abc import Iterable
from hashlib import blake2b
from itertools import islice

from crmcore_service.answers.gist import gist
from crmcore_service.tickets import likeness

_MOST = 48
"""So many words of a text count: what is asked stands at its beginning."""


def words(text: str, names: Iterable[str | None] = ()) -> list[str]:
    """Return the words that say what a message is about, in its order: stems, and pairs of Chinese characters.

    The `names` of who wrote it, and of his firm, are no such words.
    """
    said = gist(text)
    for name in names:
        if name:
            said = said.replace(name, " ")
    found = (word for word in likeness.words(said) if len(word) > 1)
    return list(islice(found, _MOST))


def terms(said: Iterable[str]) -> set[int]:
    """Return the numbers that stand for words: 62 bits of the BLAKE2b of each."""
    return {int.from_bytes(blake2b(word.encode(), digest_size=8).digest(), "big") >> 2 for word in said}
