"""The place in a text where something was found, with a little around it."""

from crmcore.model.names import search_text

_AROUND = 30


def holds(text: str, sought: str) -> bool:
    """Return whether a text holds every word of `sought`, as search compares them."""
    folded = search_text(text)
    return all(word in folded for word in search_text(sought).split())


def snippet(text: str, sought: str) -> str:
    """Return the words around the first place where a word of `sought` stands; the beginning where none does."""
    flat = " ".join(text.split())
    places = [place for word in sought.split() if (place := _place(flat, word)) is not None]
    start = max(0, min(places, default=0) - _AROUND)
    end = min(len(flat), start + 2 * _AROUND + len(sought))
    return ("…" if start else "") + flat[start:end].strip() + ("…" if end < len(flat) else "")


def _place(text: str, word: str) -> int | None:
    """Return where a word begins in a text, written in any case and with or without accents."""
    place = text.lower().find(word.lower())
    if place >= 0:
        return place
    folded, places = "", []
    for index, character in enumerate(text):
        piece = search_text(character) or " "
        folded += piece
        places += [index] * len(piece)
    place = folded.find(search_text(word))
    return places[place] if place >= 0 else None
