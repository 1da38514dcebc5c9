"""Messages in the user's language, through gettext; English costs no import."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path

_OWN = Path(__file__).parent / "locale"
_SPOKEN: ContextVar[str] = ContextVar("language", default="")


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Let messages be in a language (`zh`, `zh_CN`, `en`) within a block, whatever the environment says.

    For who answers several people in one process, such as a page of the web; other threads are not touched.
    """
    before = _SPOKEN.set(language)
    try:
        yield
    finally:
        _SPOKEN.reset(before)


def _language() -> str:
    if spoken := _SPOKEN.get():
        return spoken
    for name in ("CRM_LANG", "LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(name)
        if value:
            return value.split(":")[0].split(".")[0]
    return "en"


@cache
def _translator(language: str, domain: str, folder: Path) -> Callable[[str], str]:
    if language.startswith("en") or language in {"C", "POSIX"}:
        return str
    import gettext  # only when a catalogue is wanted: start-up stays cheap

    languages = [language, language.split("_")[0]]
    if language.startswith("zh"):
        languages.append("zh_CN")
    return gettext.translation(domain, folder, languages, fallback=True).gettext


def translator(domain: str, folder: Path, message: str) -> str:
    """Return `message` in the language of the environment, from the catalogue `domain` in a folder, else the core's."""
    if not message:
        return ""  # which is gettext's name for its own header
    found = _translator(_language(), domain, folder)(message)
    return found if found != message or folder == _OWN else translator("crmcore", _OWN, message)


def speak() -> None:
    """Let libraries that print through gettext, such as click, do so in the user's language, from our catalogue."""
    language = _language()
    if _translator(language, "crmcore", _OWN) is str:
        return
    import gettext

    os.environ["LANGUAGE"] = "zh_CN" if language.startswith("zh") else language  # the one variable they look at first
    gettext.bindtextdomain("crmcore", _OWN)
    gettext.textdomain("crmcore")


def _(message: str) -> str:
    """Return `message` in the language of the environment (`CRM_LANG`, then the usual variables).

    Values are filled in after translation: ``_("{n} records").format(n=3)``.
    """
    return translator("crmcore", _OWN, message)


def _n(one: str, many: str, n: object) -> str:
    """Return the message for one, or that for any other number, in the language of the environment.

    ``_n("{n} contact", "{n} contacts", n).format(n=n)``. English and Chinese need no more forms than these two.
    """
    return _(one if n == 1 else many)
