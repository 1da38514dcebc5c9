"""From physical lines to cards: what stands between BEGIN:VCARD and END:VCARD."""

from collections.abc import Iterable, Iterator

from attrs import frozen

from crmcore.i18n import _
from crmcore.model.incoming import Rejection

LARGEST_CARD = 64 * 2**20
"""Bytes of one card that are read; a larger one is rejected, so that memory stays bounded."""

Line = tuple[int, bytes]


@frozen(kw_only=True)
class RawCard:
    """The physical lines of one card, without its BEGIN and END, each with its number; `line` is that of BEGIN."""

    line: int
    lines: list[Line]


def is_begin(line: bytes) -> bool:
    """Tell whether the line opens a card. Blanks around it and the case of its letters do not matter."""
    return line[:1] in b"Bb" and line.replace(b" ", b"").strip().upper() == b"BEGIN:VCARD"


def is_end(line: bytes) -> bool:
    """Tell whether the line closes a card."""
    return line[:1] in b"Ee" and line.replace(b" ", b"").strip().upper() == b"END:VCARD"


def split_cards(lines: Iterable[Line]) -> Iterator[RawCard | Rejection]:
    """Yield each card; text outside of cards, and cards that never end, are rejections.

    A card inside a card is kept as part of it when it follows AGENT (vCard 2.1); elsewhere it means that the END of
    the outer one is missing. A file without a single BEGIN yields nothing at all.
    """
    opened = 0  # the line of BEGIN, 0 outside of cards
    card: list[Line] = []
    stray: list[Line] = []
    size = depth = 0
    seen = False
    for number, line in _parted(lines):
        if not opened:
            if is_begin(line):
                yield from _outside(stray)
                opened, card, stray, size, depth = number, [], [], 0, 0
                seen = True
            elif line.strip(b" \t\x1a\0"):
                # A run of garbage may be any length: only its beginning is shown.
                stray = [*stray, (number, line[:500])] if len(stray) < 20 else stray
            elif stray and seen:
                yield from _outside(stray)
                stray = []
        elif is_begin(line) and _follows_agent(card):
            depth += 1
            card.append((number, line))
        elif is_begin(line):
            yield _unended(opened, card)
            opened, card, size, depth = number, [], 0, 0
        elif is_end(line) and depth:
            depth -= 1
            card.append((number, line))
        elif is_end(line):
            yield RawCard(line=opened, lines=card) if size <= LARGEST_CARD else _too_large(opened, card)
            opened, card = 0, []
        else:
            size += len(line)
            if size <= LARGEST_CARD:
                card.append((number, line))
    if opened:
        yield _unended(opened, card)
    if seen:
        yield from _outside(stray)


def _parted(lines: Iterable[Line]) -> Iterator[Line]:
    # Files joined without a line end between them.
    for number, line in lines:
        if line[:1] in b"Ee" and line.strip().upper() == b"END:VCARDBEGIN:VCARD":
            yield number, line[:9]
            yield number, line[9:]
        else:
            yield number, line


def _follows_agent(card: list[Line]) -> bool:
    for _number, line in reversed(card):
        if line.strip():
            return line[:5].upper() == b"AGENT" and line.rstrip().endswith(b":")
    return False


def _text(lines: list[Line]) -> str:
    return b"\n".join(line[:500] for _number, line in lines[:20]).decode("utf-8", "replace")


def _unended(line: int, card: list[Line]) -> Rejection:
    return Rejection(line=line, reason=_("The card has no END:VCARD."), raw=_text(card))


def _too_large(line: int, card: list[Line]) -> Rejection:
    reason = _("The card is larger than {size} bytes.").format(size=LARGEST_CARD)
    return Rejection(line=line, reason=reason, raw=_text(card))


def _outside(stray: list[Line]) -> Iterator[Rejection]:
    if stray:
        yield Rejection(line=stray[0][0], reason=_("This text is not part of any card."), raw=_text(stray))
