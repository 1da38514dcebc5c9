"""Taking a person out of texts: names, addresses and numbers replaced where they stand, the rest left as it is."""

import re
from collections.abc import Callable, Iterable
from typing import Any

from crmcore.model.pinyin import CJK

MARK = "[erased]"
"""What stands where a name or address stood."""
NOBODY = "erased"
"""What is written where a text must not be empty."""

_COUNTS = frozenset({"moved", "kept"})
_REFERENCE = re.compile(r"(?:.*_)?id|version|merge|winner|loser")


class Redactor:
    """Replaces what tells of a person in texts and JSON values. `names` and `points` as people write them."""

    def __init__(self, names: Iterable[str], points: Iterable[str], words: Iterable[str] = ()) -> None:
        wanted = sorted({*names, *points, *words} - {""}, key=lambda each: (-len(each), each))
        self.needles = tuple(wanted)
        self._pattern = re.compile("|".join(map(_alternative, wanted)), re.IGNORECASE) if wanted else None

    @property
    def hints(self) -> tuple[str, ...]:
        """The fewest words, in lower case, of which a text that tells of the person holds at least one."""
        longest = {max(needle.split(), key=len).lower() for needle in self.needles}
        return tuple(sorted(one for one in longest if not any(other in one for other in longest - {one})))

    def finds(self, text: str | None) -> bool:
        """Return whether a text tells of the person."""
        return bool(text and self._pattern and self._pattern.search(text))

    def text(self, text: str) -> str:
        """Return a text without the person."""
        return self._pattern.sub(MARK, text) if self._pattern else text

    def data(self, value: Any) -> Any:
        """Return a JSON value without the person, keys too."""
        return replaced(value, self.text)


def _alternative(text: str) -> str:
    """Return the expression that finds a text as a whole: a name within a longer word is another's."""
    body = r"\s+".join(re.escape(word) for word in text.split())
    if CJK.search(text):  # written without spaces around it
        return body
    before = r"(?<!\w)" if text[0].isalnum() else ""
    after = r"(?!\w)" if text[-1].isalnum() else ""
    return f"{before}{body}{after}"


def replaced(value: Any, change: Callable[[str], str]) -> Any:
    """Return a JSON value with every text in it changed."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, list):
        return [replaced(each, change) for each in value]
    if isinstance(value, dict):
        return {change(name): replaced(each, change) for name, each in value.items()}
    return value


def emptied(value: Any, name: str = "") -> Any:
    """Return a journal entry's data without its values: which fields there were, references and counts stay."""
    if isinstance(value, dict):
        return {key: emptied(each, name if name in _COUNTS else key) for key, each in value.items()}
    if isinstance(value, list):
        return [emptied(each, name) for each in value]
    stays = isinstance(value, bool) or (isinstance(value, int) and (name in _COUNTS or _REFERENCE.fullmatch(name)))
    return value if stays else None
