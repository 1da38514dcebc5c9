"""Reading a vCard file: one card at a time, in constant memory."""

from collections.abc import Iterator
from itertools import chain, islice

from crmcore.errors import InvalidInput
from crmcore.formats.vcard.cards import RawCard, split_cards
from crmcore.formats.vcard.charset import codec_of, decode, guess
from crmcore.formats.vcard.collected import Card
from crmcore.formats.vcard.lines import unfold
from crmcore.formats.vcard.octets import WIDE, physical_lines
from crmcore.formats.vcard.properties import foreign_values, parse
from crmcore.formats.vcard.record import record_of
from crmcore.hooks.formats import Source
from crmcore.i18n import _
from crmcore.model.incoming import IncomingContact, IncomingCustomer, Rejection

_LOOKED_AT_FIRST = 200
"""Cards that are looked at together, to find the charset of a file that does not say it."""


def read(source: Source) -> Iterator[IncomingContact | IncomingCustomer | Rejection]:
    """Yield a record for each card of the file, and a rejection for each card or text that cannot be taken.

    Option `encoding`: the charset of values that are not UTF-8 and do not declare one.

    Raises InvalidInput: the file cannot be read, is binary, holds no vCard, or the encoding asked for is unknown.
    """
    for card in read_cards(source):
        yield card if isinstance(card, Rejection) else record_of(card)


def read_cards(source: Source) -> Iterator[Card | Rejection]:
    """Yield each card with its properties, as they are in the file; otherwise as `read`."""
    encoding = source.options.get("encoding", "").lower().replace("_", "-")
    wide = encoding in WIDE
    if encoding and not wide and not codec_of(encoding):
        raise InvalidInput(_("{file}: there is no encoding {name}.").format(file=source.path, name=encoding))
    found = split_cards(physical_lines(source.path, encoding))
    first = list(islice(found, _LOOKED_AT_FIRST))
    if not first:
        raise InvalidInput(_("{file} holds no vCard.").format(file=source.path))
    hint = codec_of(encoding) if encoding and not wide else _charset_of(first)
    for item in chain(first, found):
        yield item if isinstance(item, Rejection) else _card(item, hint)


def _card(raw: RawCard, hint: str) -> Card:
    beginning = b"\n".join(line[:500] for _number, line in raw.lines[:20])
    return Card(
        line=raw.line,
        properties=parse(list(unfold(raw.lines)), hint),
        raw=decode(beginning, "", hint or "utf-8"),
    )


def _charset_of(items: list[RawCard | Rejection]) -> str:
    lines = [line for item in items if isinstance(item, RawCard) for line in unfold(item.lines)]
    foreign = b"\n".join(foreign_values(lines))
    return guess(foreign) if foreign else ""
