"""The wording of a script: whom one speaks with, and who speaks, put in where the script says {name}, {customer}."""

import re
from collections.abc import Mapping

_PLACE = re.compile(r"\{(name|customer|agent)\}")


def filled(text: str, words: Mapping[str, str]) -> str:
    """Return a text with {name}, {customer} and {agent} filled in; other braces, and what is not known, stay away.

    What is filled in is never looked at again, so a name in braces is a name.
    """
    return _PLACE.sub(lambda found: words.get(found[1], ""), text)
