"""Keys by which possible duplicates meet, so that not every record is compared with every other (blocking).

A database stores the keys of each record in an indexed column; records that share one are candidates.
"""

from itertools import combinations

from crmcore.matching.prepared import Prepared, prepare
from crmcore.matching.record import MatchRecord
from crmcore.model.pinyin import is_surname

_COMMON = 4  # letters that make a word worth a key of its own


def blocking_keys(record: MatchRecord) -> set[str]:
    """Return the keys of `record`, about ten; each begins with a letter that says what it is of."""
    return prepared_keys(prepare(record))


def prepared_keys(p: Prepared) -> set[str]:
    """Return the keys of a prepared record."""
    record = p.record
    keys = {f"i:{number}" for number in record.identifiers}
    keys.update(f"e:{email.partition('@')[0]}" for email in record.emails)
    keys.update(f"t:{phone.partition(';')[0][-8:]}" for phone in record.phones)
    keys.update(f"u:{url.partition('/')[0]}" for url in record.urls)
    if p.birthday:
        keys.add(f"b:{p.birthday}")
    if p.key:
        keys.add(f"n:{p.key}")
    # Two words of the name by their beginnings, in either order.
    heads = sorted(
        {word[:3] for word in (p.given, p.family) if word} or {word[:3] for word in p.tokens if len(word) > 2}
    )
    keys.update(f"h:{a}|{b}" for a, b in combinations(heads[:4], 2))
    if p.organisation:
        keys.update(f"o:{''.join(p.organisation)}|{head}" for head in heads[:4])
    place = p.postcode or p.city[:6]
    words = {word for word in (p.given, p.family, *p.tokens) if len(word) >= _COMMON and not is_surname(word)}
    if place:
        keys.update(f"p:{word[:6]}|{place}" for word in words)
    if p.street:
        keys.add(f"s:{p.number}|{p.street[:6]}")
    if p.beyond:
        keys.add(f"s:{p.number}|{p.beyond[:6]}")
    return {f"{record.kind[:2]}{key}" for key in keys}
