"""Who a line is about: marks such as `@name`, hits in the address book, then what looks like a name."""

import re
from collections.abc import Callable, Sequence

from attrs import frozen

from crmcore.language import names_chinese, names_english
from crmcore.language.names_english import FoundName
from crmcore.language.reach import find_marks

_HAN = re.compile(r"[\u4e00-\u9fff]+")
_WORD = re.compile(r"[^\W\d_][\w'’.\-]*")
_MOST_LOOKUPS = 40


@frozen(kw_only=True)
class NameHit:
    """A contact or customer in the address book whose name fits a span of text.

    `name` as stored, `kind` contact or customer, `score` from 0 to 1.
    """

    name: str
    kind: str = "contact"
    id: str = ""
    score: float = 1.0


Lookup = Callable[[str], Sequence[NameHit]]


@frozen(kw_only=True)
class People:
    """Candidate texts for who was dealt with, likeliest first, and the organisation where one is named."""

    who: tuple[str, ...]
    organisation: str = ""


def _spans(text: str, guesses: Sequence[FoundName]) -> list[str]:
    """Return the spans worth looking up: guesses, then runs of up to three words, then pieces of Chinese text."""
    spans = [guess.text for guess in guesses]
    words = list(_WORD.finditer(text))
    for length in (3, 2, 1):
        for first, last in zip(words, words[length - 1 :], strict=False):
            if text[first.start() : first.end()].isascii() and last.end() - first.start() <= 60:
                spans.append(text[first.start() : last.end()])
    for run in _HAN.findall(text):
        spans += [
            run[start : start + length] for length in (4, 3, 2) for start in range(min(len(run), 10) - length + 1)
        ]
    return list(dict.fromkeys(span for span in spans if len(span) > 1))[:_MOST_LOOKUPS]


def _from_book(text: str, guesses: Sequence[FoundName], names: Lookup) -> tuple[list[str], str]:
    """Return the spans the address book knows as contacts, then as customers, best score first."""
    contacts: list[tuple[float, str]] = []
    customers: list[tuple[float, str]] = []
    for span in _spans(text, guesses):
        # A part of a span that was found already says nothing more.
        if any(span in known for _, known in contacts + customers):
            continue
        hits = names(span)
        if hits:
            best = max(hits, key=lambda hit: hit.score)
            (contacts if best.kind == "contact" else customers).append((best.score, span))
    contacts.sort(key=lambda hit: -hit[0])
    customers.sort(key=lambda hit: -hit[0])
    return [span for _, span in contacts + customers], customers[0][1] if customers else ""


def find_people(text: str, names: Lookup | None = None) -> People:
    """Return who `text` is about. `names` looks a span up in the address book; it is asked at most 40 times."""
    marks = find_marks(text)
    # Marks are blanked, not cut: the places of everything else stay as they are, and no name reaches across.
    plain = text
    for mark in marks:
        plain = plain[: mark.start] + ";" * (mark.end - mark.start) + plain[mark.end :]
    guesses = names_english.find_names(plain)
    if _HAN.search(plain):
        guesses = [*names_chinese.find_names(plain), *(guess for guess in guesses if guess.text[:1].isupper())]
    who = [mark.value for mark in sorted(marks, key=lambda mark: mark.kind != "handle")]
    organisation = next((guess.text for guess in guesses if guess.organisation), "")
    if names is not None:
        known, customer = _from_book(plain, guesses, names)
        who += known
        organisation = customer or organisation
    persons = sorted((guess for guess in guesses if not guess.organisation), key=lambda guess: -guess.weight)
    who += [guess.text for guess in persons]
    if organisation:
        who.append(organisation)
    return People(who=tuple(dict.fromkeys(who)), organisation=organisation)
