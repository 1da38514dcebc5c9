"""Compare two prepared records feature by feature; each comparison gives evidence, or none where a value is missing."""

from collections.abc import Iterator

from rapidfuzz.distance import OSA, JaroWinkler
from rapidfuzz.fuzz import ratio

from crmcore.matching.prepared import Prepared
from crmcore.matching.record import Evidence
from crmcore.matching.weights import WEIGHTS, Rarity

_GENERIC_TEXT = """
info office contact mail admin sales service support kontakt post hello hi team reception verkauf buchhaltung
accounts billing enquiries inquiries marketing hr jobs webmaster postmaster noreply no-reply
"""
_GENERIC_MAILBOXES = frozenset(_GENERIC_TEXT.split())


def compare(a: Prepared, b: Prepared, rarity: Rarity) -> Iterator[Evidence]:
    """Yield the evidence for and against `a` and `b` being one."""
    yield from _names(a, b, rarity)
    yield from _birthdays(a, b)
    yield from _numbers("identifier", a.record.identifiers, b.record.identifiers, rarity)
    yield from _emails(a, b, rarity)
    yield from _numbers("phone", a.record.phones, b.record.phones, rarity)
    yield from _shared("url", a.record.urls, b.record.urls, rarity)
    if a.organisation and b.organisation:
        yield _words("organisation", a.organisation, b.organisation, rarity)
    yield from _places(a, b, rarity)


def _evidence(feature: str, a: str, b: str, agreement: float, agree: float) -> Evidence:
    """Weigh an agreement between disagreement, from the table, and full agreement, `agree` bits."""
    differ = WEIGHTS[feature].differ
    return Evidence(feature=feature, a=a, b=b, agreement=agreement, weight=differ + agreement * (agree - differ))


def _bits(feature: str, a: str, b: str, rarity: Rarity) -> float:
    """Return the bits of agreeing on `a` or `b`, whichever is more common: a misspelt value is always rare."""
    first = rarity.bits(feature, a)
    return first if a == b else min(first, rarity.bits(feature, b))


def alike(a: str, b: str, start: float = 0.75) -> float:
    """Return how far two words agree, 1 if they are equal, 0 if they are no more alike than chance (`start`)."""
    if a == b:
        return 1.0
    likeness = float(JaroWinkler.similarity(a, b))
    if OSA.distance(a, b, score_cutoff=1) == 1:  # one letter added, lost, changed or swapped with the next
        likeness = max(likeness, 1 - 0.5 / max(len(a), len(b)))
    return max(0.0, (likeness - start) / (1 - start))


def _names(a: Prepared, b: Prepared, rarity: Rarity) -> Iterator[Evidence]:
    if a.given and a.family and b.given and b.family:
        straight = alike(a.family, b.family) + alike(a.given, b.given)
        crossed = 0.0 if straight == 2 else alike(a.family, b.given) + alike(a.given, b.family)
        if crossed > straight and crossed > 1:
            yield from _parts(a.family, a.given, b.given, b.family, rarity)
        else:
            yield from _parts(a.family, a.given, b.family, b.given, rarity)
    elif (a.given or a.family) and (b.given or b.family):
        # One part is missing: what is there may be either.
        mine, theirs = [w for w in (a.given, a.family) if w], [w for w in (b.given, b.family) if w]
        best = max(((alike(x, y), x, y) for x in mine for y in theirs), key=lambda found: found[0])
        feature = "family name" if best[1] == a.family or best[2] == b.family else "given name"
        yield _evidence(feature, best[1], best[2], best[0], _bits(feature, best[1], best[2], rarity))
    elif a.tokens and b.tokens:
        yield _whole(a, b, rarity)


def _parts(family_a: str, given_a: str, family_b: str, given_b: str, rarity: Rarity) -> Iterator[Evidence]:
    bits = _bits("family name", family_a, family_b, rarity)
    yield _evidence("family name", family_a, family_b, alike(family_a, family_b), bits)
    bits = _bits("given name", given_a, given_b, rarity)
    yield _evidence("given name", given_a, given_b, alike(given_a, given_b), bits)


def _whole(a: Prepared, b: Prepared, rarity: Rarity) -> Evidence:
    found = _words("name", a.tokens, b.tokens, rarity)
    if a.key == b.key and found.agreement < 1:
        bits = sum(rarity.bits("name", word) for word in a.tokens)
        return _evidence("name", found.a, found.b, 1.0, min(bits, WEIGHTS["name"].most))
    return found


def _words(feature: str, a: tuple[str, ...], b: tuple[str, ...], rarity: Rarity) -> Evidence:
    """Compare two names word by word, each word weighing as much as it is rare (soft TF-IDF, Cohen et al. 2003)."""
    if len(a) > len(b) or (len(a) == len(b) and a > b):
        swapped = _words(feature, b, a, rarity)
        return Evidence(feature=feature, a=swapped.b, b=swapped.a, agreement=swapped.agreement, weight=swapped.weight)
    left = list(b)
    both = shorter = 0.0
    longer = sum(rarity.bits(feature, word) for word in b)
    for word in a:
        bits = rarity.bits(feature, word)
        shorter += bits
        if not left:
            continue
        best = max(left, key=lambda other: (alike(word, other, 0.85), other))
        agreement = alike(word, best, 0.85)
        if agreement > 0:
            left.remove(best)
            both += agreement * min(bits, rarity.bits(feature, best))
    agreement = 2 * both / (shorter + longer)
    if both >= 0.9 * shorter:  # all of one name is in the other: fenix, fenix at the argyle
        agreement = max(agreement, 0.85)
    joined_a, joined_b = "".join(a), "".join(b)
    agreement = max(agreement, (ratio(joined_a, joined_b) / 100 - 0.5) * 2 if len(joined_a) > 4 else 0.0)
    agree = min(WEIGHTS[feature].most, shorter)
    return _evidence(feature, " ".join(a), " ".join(b), min(1.0, max(0.0, (agreement - 0.4) / 0.6)), agree)


def _birthdays(a: Prepared, b: Prepared) -> Iterator[Evidence]:
    if not a.birthday or not b.birthday:
        return
    agreement = dates_agree(a.birthday, b.birthday)
    yield _evidence("birthday", a.birthday, b.birthday, agreement, WEIGHTS["birthday"].most)


def dates_agree(a: str, b: str) -> float:
    """Return how far two dates yyyymmdd (or ----mmdd, yyyy, yyyymm) agree: typing errors, day and month swapped."""
    if a == b:
        return 1.0 if len(a) == 8 and a[0] != "-" else 0.8
    if a.startswith("----") or b.startswith("----"):
        return 0.8 if a[4:] == b[4:] else 0.0
    if a.startswith(b) or b.startswith(a):
        return 0.6
    if len(a) == len(b) == 8 and a[:4] == b[:4] and a[4:6] == b[6:] and a[6:] == b[4:6]:
        return 0.85
    if OSA.distance(a, b, score_cutoff=1) == 1:
        return 0.75
    same = (a[:4] == b[:4]) + (a[4:6] == b[4:6]) + (a[6:] == b[6:])
    return 0.5 if same == 2 else 0.2 if a[:4] == b[:4] else 0.0


def _numbers(feature: str, a: tuple[str, ...], b: tuple[str, ...], rarity: Rarity) -> Iterator[Evidence]:
    """Compare numbers: the same one, one with a typing error, or one without its country code."""
    if not a or not b:
        return
    same = sorted(set(a) & set(b))
    if same:
        best = max(same, key=lambda number: (rarity.bits(feature, number), number))
        yield _evidence(feature, best, best, 1.0, rarity.bits(feature, best))
        return
    agreement, first, second = max((_digits_agree(x, y), x, y) for x in a for y in b)
    yield _evidence(feature, first, second, agreement, _bits(feature, first, second, rarity))


def _digits_agree(a: str, b: str) -> float:
    base_a, base_b = a.partition(";")[0].lstrip("+0"), b.partition(";")[0].lstrip("+0")
    if base_a == base_b:
        return 0.6  # the same line, another extension
    if min(len(base_a), len(base_b)) >= 7:
        if base_a.endswith(base_b) or base_b.endswith(base_a):
            return 0.9
        distance = OSA.distance(base_a, base_b, score_cutoff=2)
        return {1: 0.7, 2: 0.3}.get(distance, 0.0)
    return 0.0


def _emails(a: Prepared, b: Prepared, rarity: Rarity) -> Iterator[Evidence]:
    mine, theirs = a.record.emails, b.record.emails
    if not mine or not theirs:
        return
    same = sorted(set(mine) & set(theirs))
    if same:
        best = max(same, key=lambda email: (_mailbox_bits(email, rarity), email))
        yield _evidence("email", best, best, 1.0, _mailbox_bits(best, rarity))
        return
    agreement, first, second = max((_emails_agree(x, y), x, y) for x in mine for y in theirs)
    if agreement:
        bits = min(_mailbox_bits(first, rarity), _mailbox_bits(second, rarity))
        yield _evidence("email", first, second, agreement, bits)
    elif first.partition("@")[2] == second.partition("@")[2]:
        # An organisation gives each of its people one address of their own.
        yield Evidence(feature="email", a=first, b=second, agreement=0.0, weight=3 * WEIGHTS["email"].differ)
    else:
        yield _evidence("email", first, second, 0.0, 0.0)


def _mailbox_bits(email: str, rarity: Rarity) -> float:
    bits = rarity.bits("email", email)
    return min(bits, WEIGHTS["email"].least) if email.partition("@")[0] in _GENERIC_MAILBOXES else bits


def _emails_agree(a: str, b: str) -> float:
    local_a, _, domain_a = a.partition("@")
    local_b, _, domain_b = b.partition("@")
    if local_a == local_b and local_a not in _GENERIC_MAILBOXES:
        return 0.5 if len(local_a) > 4 else 0.3
    if domain_a == domain_b and len(local_a) > 4 and OSA.distance(local_a, local_b, score_cutoff=1) == 1:
        return 0.6
    likeness = float(ratio(a, b)) / 100
    return 0.7 * (likeness - 0.7) / 0.3 if likeness > 0.8 and domain_a != domain_b else 0.0


def _shared(feature: str, a: tuple[str, ...], b: tuple[str, ...], rarity: Rarity) -> Iterator[Evidence]:
    if not a or not b:
        return
    same = sorted(set(a) & set(b))
    if same:
        best = max(same, key=lambda value: (rarity.bits(feature, value), value))
        yield _evidence(feature, best, best, 1.0, rarity.bits(feature, best))
    else:
        yield _evidence(feature, min(a), min(b), 0.0, 0.0)


def _places(a: Prepared, b: Prepared, rarity: Rarity) -> Iterator[Evidence]:
    if (a.street or a.beyond) and (b.street or b.beyond):
        yield from _streets(a, b, rarity)
    if a.number and b.number:
        agreement = 1.0 if a.number == b.number else 0.0
        yield _evidence(
            "house number", a.number, b.number, agreement, _bits("house number", a.number, b.number, rarity)
        )
    if a.postcode and b.postcode:
        near = OSA.distance(a.postcode, b.postcode, score_cutoff=1)
        agreement = {0: 1.0, 1: 0.6}.get(near, 0.0)
        yield _evidence(
            "postcode", a.postcode, b.postcode, agreement, _bits("postcode", a.postcode, b.postcode, rarity)
        )
    if a.city and b.city:
        yield _evidence("city", a.city, b.city, alike(a.city, b.city), _bits("city", a.city, b.city, rarity))
    for feature, mine, theirs in (("region", a.region, b.region), ("country", a.country, b.country)):
        if mine and theirs:
            agreement = 1.0 if mine == theirs else 0.0
            yield _evidence(feature, mine, theirs, agreement, _bits(feature, mine, theirs, rarity))


def _streets(a: Prepared, b: Prepared, rarity: Rarity) -> Iterator[Evidence]:
    if a.street and b.street:
        straight = _street_alike(a.street, b.street)
        crossed = max(_street_alike(a.street, b.beyond), _street_alike(a.beyond, b.street)) if straight < 0.8 else 0.0
        bits = _bits("street", a.street, b.street, rarity)
        yield _evidence("street", a.street, b.street, max(straight, crossed), bits)
    if a.beyond and b.beyond:
        agreement = alike(a.beyond, b.beyond)
        bits = _bits("further address", a.beyond, b.beyond, rarity)
        yield _evidence("further address", a.beyond, b.beyond, agreement, bits)


def _street_alike(a: str, b: str) -> float:
    if a == b:
        return 1.0 if a else 0.0
    return max(0.0, (float(ratio(a, b)) / 100 - 0.65) / 0.35)
