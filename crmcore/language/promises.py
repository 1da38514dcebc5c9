"""Promises in notes and mails, English and Chinese (S1-V21, S1-V20).

A promise is a sentence by which somebody is bound: we to the customer (`us`) or the customer to us (`them`). What
counts:

- an offer of ours with a date or an amount (`we can deliver within 2 weeks`) counts, for the customer will hold us to
  it; without one it does not (`we can look into it`);
- questions, denials, hedges (`probably`, 尽量), conditions (`if you order`, 如果) and reports of what is done do not;
- what they want (`wants the quote by Friday`) is a follow-up of ours, found by `line`, not a promise;
- `promised` without a subject is ours, as notes are written by our people. With a name as subject the topic decides:
  delivery, quote, discount and installation are ours to promise, the rest is theirs.
"""

import re
from datetime import date, datetime
from typing import Literal

from attrs import frozen

from crmcore.language import claims_chinese, claims_english
from crmcore.language.amounts import Amount, find_amounts
from crmcore.language.claim import Claim
from crmcore.language.dates import FoundDate, find_dates
from crmcore.language.sentences import Part, clauses, sentences
from crmcore.language.topics import find_topic

Side = Literal["us", "them"]

_HAN = re.compile(r"[\u4e00-\u9fff]")
_TRIGGER = re.compile(
    r"\b(?:once|after|when|upon|from\s+(?:receipt|order)|as\s+soon\s+as|following|of\s+(?:the\s+"
    r"|your\s+|his\s+)?(?:order|receipt|payment|signature))\b|收到.{0,10}后|下单后|签约后|签合同后"
    r"|付款后|一旦|之后|到账后",
    re.IGNORECASE,
)
_SPANS = {"day", "working day", "week", "month", "year", "hour", "minute"}
_LIMIT = re.compile(r"前$|^(?:by|before|until|no later)\b", re.IGNORECASE)
_WORD_ALONE = re.compile(
    r"(?:(?:答应|承诺|保证|同意|许诺|说好|讲好)了?|\bpromised(?:\s+(?:that|him|her|them|you))?|\bguarantee)$",
    re.IGNORECASE,
)
_ALSO = re.compile(rf"\s+and\s+(?:also\s+|then\s+)?(?=(?:{claims_english.ACTIONS})\s+(?!and\b))", re.IGNORECASE)


@frozen(kw_only=True)
class FoundPromise:
    """A promise found in a text.

    `sentence` is the source sentence as written, at `text[start:end]`; `what` its part that names the thing promised.
    `due` is the last day to keep it, seen from the day of the text; None where no date is said or where it hangs on
    an event (`within 2 weeks after your order`).
    """

    start: int
    end: int
    sentence: str
    what: str
    by: Side
    due: date | None
    topic: str
    amount: Amount | None


def _pick(amounts: list[Amount], topic: str) -> Amount | None:
    """Return the amount that fits the topic best: a share for a discount, a time for a delivery."""

    def rank(amount: Amount) -> int:
        if topic == "discount":
            return 0 if amount.unit == "percent" else 1 if amount.unit not in _SPANS else 2
        if topic == "delivery":
            return 0 if amount.unit in _SPANS else 1
        return 0 if amount.unit not in _SPANS else 1

    return min(amounts, key=rank, default=None)


def _due(
    dates: list[FoundDate], clause: Part, offset: int, claim: Claim, triggered: bool, amount: Amount | None
) -> date | None:
    """Return the limit said in the clause, the one after the verb first."""
    if triggered and amount is not None and amount.unit in _SPANS:
        return None
    start, end = offset + clause.start, offset + clause.end
    here = [d for d in dates if start <= d.start < end and d.kind != "happened"]
    after = [d for d in here if d.start >= start + claim.what_start]
    # "On Monday I promised ..." is when it was said; "周五前保证 ..." is a limit all the same.
    before = [d for d in here if d not in after and (not claim.reported or _LIMIT.search(d.text))]
    chosen = after or before
    return max(d.date for d in chosen) if chosen else None


def _lone_date(dates: list[FoundDate], clause: Part | None, offset: int) -> date | None:
    """Return the date of a clause that is little more than a date (`..., Friday at the latest`)."""
    if clause is None:
        return None
    for found in dates:
        if offset + clause.start <= found.start < offset + clause.end and len(clause.text) - len(found.text) <= 16:
            return found.date if found.kind != "happened" else None
    return None


def _pieces(sentence: str) -> list[Part]:
    """Return the clauses; one joined by `and` before a further verb is cut, one cut after its `promised` is joined."""
    pieces: list[Part] = []
    for clause in clauses(sentence):
        if pieces and _WORD_ALONE.search(pieces[-1].text):
            start = pieces.pop().start
            pieces.append(Part(start=start, end=clause.end, text=sentence[start : clause.end]))
            continue
        cut = _ALSO.search(clause.text)
        if cut and not re.search(r"\b(?:come|go|call|stop|try)$", clause.text[: cut.start()], re.IGNORECASE):
            first, second = clause.text[: cut.start()], clause.text[cut.end() :]
            pieces.append(Part(start=clause.start, end=clause.start + len(first), text=first))
            pieces.append(Part(start=clause.end - len(second), end=clause.end, text=second))
        else:
            pieces.append(clause)
    return pieces


def _conditional(pieces: list[Part]) -> set[int]:
    """Return the places of the clauses that a condition governs: the next one, or the one before at the end."""
    governed = set()
    for place, piece in enumerate(pieces):
        starts = claims_english.is_condition(piece.text) or claims_chinese.is_condition(piece.text)
        if starts:
            governed.add(place)
            governed.add(place + 1 if place + 1 < len(pieces) else place - 1)
    return governed


def _claim(clause: str, following: Claim | None) -> Claim | None:
    if _HAN.search(clause):
        return claims_chinese.read_chinese(clause)
    claim = claims_english.read_english(clause)
    if claim is None and following is not None and re.match(rf"(?:{claims_english.ACTIONS})\b", clause, re.IGNORECASE):
        return Claim(by=following.by, what_start=0)
    return claim


def _in_sentence(sentence: Part, dates: list[FoundDate], author: Side) -> list[FoundPromise]:
    plain = sentence.text.replace("\n", " ").replace("’", "'")
    pieces = _pieces(plain.rstrip(" .。!！"))
    governed = _conditional(pieces)
    asked = plain.endswith(("?", "？"))
    triggered = bool(_TRIGGER.search(plain))
    found: list[FoundPromise] = []
    last: Claim | None = None
    for place, piece in enumerate(pieces):
        joined = place > 0 and plain[pieces[place - 1].end : piece.start].strip().lower().startswith("and")
        is_asked = asked and (place == len(pieces) - 1 or claims_english.is_question(pieces[0].text))
        last = None if place in governed or is_asked else _claim(piece.text, last if joined else None)
        if last is None:
            continue
        what = piece.text[last.what_start :].strip(" ，,")
        # "安装费全免，我已经答应他了": what is promised was said before.
        named_before = place > 0 and last.reported and len(what) <= 3
        told = pieces[place - 1] if named_before else piece
        what = told.text if named_before else what or piece.text
        topic = find_topic(what)
        if topic == "other":
            topic = find_topic(told.text)
        amount = _pick(find_amounts(told.text), topic)
        if topic == "other" and amount is not None and amount.unit == "percent":
            topic = "discount"
        due = _due(dates, piece, sentence.start, last, triggered, amount)
        due = due or _lone_date(dates, pieces[place + 1] if place + 1 < len(pieces) else None, sentence.start)
        if last.needs_measure and due is None and (amount is None or amount.unit in ("hour", "minute")):
            last = None
            continue
        by: Side = "us" if last.by == author else "them"
        found.append(
            FoundPromise(
                start=sentence.start,
                end=sentence.end,
                sentence=sentence.text,
                what=what,
                by=by,
                due=due,
                topic=topic,
                amount=amount,
            )
        )
    return found


def find_promises(text: str, at: datetime, *, author: Side = "us") -> list[FoundPromise]:
    """Return the promises in `text`, in order, one for each clause that makes one.

    `at` is when the text was written: relative dates count from its day. `author` says who wrote it: in a mail from the
    customer (`them`), `we` are they.
    """
    dates = find_dates(text, at.date())
    return [promise for sentence in sentences(text) for promise in _in_sentence(sentence, dates, author)]
