"""Compare birthdays, identifying numbers, mailboxes, telephone numbers and web addresses."""

from collections.abc import Iterator

from rapidfuzz.distance import OSA
from rapidfuzz.fuzz import ratio

from crmcore.matching.agreement import shared_bits, weighed
from crmcore.matching.prepared import Prepared
from crmcore.matching.record import Evidence
from crmcore.matching.weights import WEIGHTS, Rarity

_GENERIC_TEXT = """
info office contact mail admin sales service support kontakt post hello hi team reception verkauf buchhaltung
accounts billing enquiries inquiries marketing hr jobs webmaster postmaster noreply no-reply
"""
_GENERIC_MAILBOXES = frozenset(_GENERIC_TEXT.split())
_PROVIDERS_TEXT = """
gmail.com googlemail.com outlook.com hotmail.com live.com msn.com yahoo.com icloud.com me.com aol.com gmx.de gmx.net
web.de t-online.de freenet.de qq.com 163.com 126.com sina.com sina.cn sohu.com foxmail.com 139.com aliyun.com mail.ru
proton.me protonmail.com yandex.ru orange.fr free.fr
"""
_PROVIDERS = frozenset(_PROVIDERS_TEXT.split())


def points(a: Prepared, b: Prepared, rarity: Rarity) -> Iterator[Evidence]:
    """Yield what birthdays, numbers and addresses on the net say."""
    yield from _birthdays(a, b)
    yield from _numbers("identifier", a.record.identifiers, b.record.identifiers, rarity)
    yield from _emails(a, b, rarity)
    yield from _numbers("phone", a.record.phones, b.record.phones, rarity)
    yield from _shared("url", a.record.urls, b.record.urls, rarity)


def _birthdays(a: Prepared, b: Prepared) -> Iterator[Evidence]:
    if not a.birthday or not b.birthday:
        return
    agreement = dates_agree(a.birthday, b.birthday)
    yield weighed("birthday", a.birthday, b.birthday, agreement, WEIGHTS["birthday"].most)


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
        yield weighed(feature, best, best, 1.0, rarity.bits(feature, best))
        return
    agreement, first, second = max((_digits_agree(feature, x, y), x, y) for x in a for y in b)
    yield weighed(feature, first, second, agreement, shared_bits(feature, first, second, rarity))


def _digits_agree(feature: str, a: str, b: str) -> float:
    """Compare two numbers digit by digit; neighbours in a company's range of phone numbers say little."""
    base_a, base_b = a.partition(";")[0].lstrip("+0"), b.partition(";")[0].lstrip("+0")
    if base_a == base_b:
        return 0.6  # the same line, another extension
    if min(len(base_a), len(base_b)) >= 7:
        if base_a.endswith(base_b) or base_b.endswith(base_a):
            return 0.9
        distance = OSA.distance(base_a, base_b, score_cutoff=2)
        return {1: 0.7, 2: 0.3}.get(distance, 0.0) if feature == "identifier" else {1: 0.3}.get(distance, 0.0)
    return 0.0


def _emails(a: Prepared, b: Prepared, rarity: Rarity) -> Iterator[Evidence]:
    mine, theirs = a.record.emails, b.record.emails
    if not mine or not theirs:
        return
    same = sorted(set(mine) & set(theirs))
    if same:
        best = max(same, key=lambda email: (_mailbox_bits(email, rarity), email))
        yield weighed("email", best, best, 1.0, _mailbox_bits(best, rarity))
        return
    agreement, first, second = max((_emails_agree(x, y), x, y) for x in mine for y in theirs)
    if agreement:
        bits = min(_mailbox_bits(first, rarity), _mailbox_bits(second, rarity))
        yield weighed("email", first, second, agreement, bits)
    elif _own_domains(mine) & _own_domains(theirs):
        # An organisation gives each of its people one address of their own.
        yield Evidence(feature="email", a=first, b=second, agreement=0.0, weight=3 * WEIGHTS["email"].differ)
    else:
        yield weighed("email", first, second, 0.0, 0.0)


def _own_domains(emails: tuple[str, ...]) -> set[str]:
    return {
        email.partition("@")[2] for email in emails if email.partition("@")[0] not in _GENERIC_MAILBOXES
    } - _PROVIDERS


def _mailbox_bits(email: str, rarity: Rarity) -> float:
    bits = rarity.bits("email", email)
    return min(bits, WEIGHTS["email"].least) if email.partition("@")[0] in _GENERIC_MAILBOXES else bits


def _emails_agree(a: str, b: str) -> float:
    local_a, _, domain_a = a.partition("@")
    local_b, _, domain_b = b.partition("@")
    if domain_a == domain_b:
        numbered = local_a.rstrip("0123456789") == local_b.rstrip("0123456789")  # smith and smith2 are two people
        near = len(local_a) > 4 and OSA.distance(local_a, local_b, score_cutoff=1) == 1
        return 0.6 if near and not numbered else 0.0
    likeness = float(ratio(a, b)) / 100
    agreement = 0.7 * (likeness - 0.7) / 0.3 if likeness > 0.8 else 0.0
    if local_a == local_b and local_a not in _GENERIC_MAILBOXES:
        return max(agreement, 0.3)  # often made of the name, so it says little more than the name
    return agreement


def _shared(feature: str, a: tuple[str, ...], b: tuple[str, ...], rarity: Rarity) -> Iterator[Evidence]:
    if not a or not b:
        return
    same = sorted(set(a) & set(b))
    if same:
        best = max(same, key=lambda value: (rarity.bits(feature, value), value))
        yield weighed(feature, best, best, 1.0, rarity.bits(feature, best))
    else:
        yield weighed(feature, min(a), min(b), 0.0, 0.0)
