"""What is still to do after a contact: wishes of theirs, notes to oneself, promises of either side."""

import re
from datetime import date, datetime

from attrs import evolve, frozen

from crmcore.language.dates import FoundDate
from crmcore.language.promises import FoundPromise, Side, find_promises
from crmcore.language.sentences import Part, clauses, sentences

_WISH = re.compile(
    r"\b(?:wants?|wanted|wishes|needs?|needed|would\s+like|'d\s+like|asks?\s+(?:for|us|to|me|if"
    r"|whether)|asked\s+(?:for|us|to|me|if|whether)|asking\s+for|requests?|requested|requires|expects?"
    r"|waiting\s+for|waits\s+for|looking\s+for"
    r"|interested\s+in\s+(?:a|an)\s+(?:quote|demo|visit|trial|sample|offer))\b|要求|希望|想要|想看"
    r"|想了解|想知道|想约|需要|(?<![只主重不])要(?!点|是|不|么)|请(?:我们|我|求|发|寄|尽快|提供|给|在"
    r"|于|周|明天|下周)|催|索取",
    re.IGNORECASE,
)
_TO_DO = re.compile(
    r"^(?:\W*(?:and|then|so|also|next\s+step:?|next:|action:?|todo:?|to\s+do:?|task:?|->"
    r"|→)\s*)*(?:please\s+|pls\s+|must\s+|need\s+to\s+|to\s+|i\s+(?:need|have|must"
    r"|should)\s+(?:to\s+)?|we\s+(?:need|have|must|should)\s+(?:to\s+)?|don'?t\s+forget\s+to\s+"
    r"|remember\s+to\s+|remind\s+(?:me|him|her|them)\s+(?:to\s+)?|should\s+)?"
    r"(?P<verb>follow[\s-]?up|call\s+(?:back|again|him|her|them|on|in|tomorrow|next|mon|tue|wed|thu"
    r"|fri)|callback|ring\s+back|get\s+back|send|prepare|email\s+(?:him|her|them|the)|mail\s+(?:him"
    r"|her|them|the)|write\s+(?:him|her|them|up|the|a)|schedule|arrange|book|check|remind|quote"
    r"|deliver|order|ship|confirm|review|bring|visit\s+(?:him|her|them|again|next|on|in)"
    r"|meet\s+(?:again|next|on|him|her|them)|draft|ask|find\s+out|forward|invite|update|invoice|return"
    r"|set\s+up|organi[sz]e|share|talk\s+again|speak\s+again|see\s+(?:him|her|them)\s+again)\b",
    re.IGNORECASE,
)
_MUST = re.compile(
    r"\b(?:remind\s+me|need\s+to|must|don'?t\s+forget|to\s+do|todo|follow[\s-]?up|call(?:ing)?\s+back"
    r"|next\s+(?:call|meeting|visit|step|appointment))\b(?!.*\bdone\b)",
    re.IGNORECASE,
)
_HAN_TO_DO = re.compile(
    r"^(?:.{0,3}?(?:然后|再|另外|待办|下一步|接下来|后续)[：:]?)?(?:我们?)?(?:需要?|得|要|记得|别忘了?"
    r"|提醒我|准备|安排)|记得|别忘|不要忘|提醒我|待办|跟进|回访|再联系|再打|再约|再谈|需回电"
    r"|下次(?:见面|会议|拜访|通话|沟通)"
)
_HAN_VERB = re.compile(
    r"发(?!现|生|展|了)|送(?!了)|寄(?!了)|提供|报价|报个价|准备|安排|回电|回复|联系|打电话|致电|拜访"
    r"|上门|演示|签|寄样|见面|开会|面谈|跟进|回访|给.{0,6}(?:方案|资料|合同|报价|样品)|约(?!了|定|好"
    r"|\d)"
)
_DONE = re.compile(r"[发送寄给付签打开报回谈见聊完]了|已|刚|\b(?:done|already|sent|was|were)\b", re.IGNORECASE)
_MEETING_AHEAD = re.compile(
    r"\b(?:meeting|visit|demo|call|appointment|lunch|dinner|zoom|training|next)\b", re.IGNORECASE
)
# "Friday at the latest": so many characters may stand round a date that is alone in its clause.
_ROUND_A_DATE = 16


@frozen(kw_only=True)
class FollowUp:
    """Something to do by `due` (None: no date said), by `us` or `them`; a task, or a promise with its `sentence`."""

    text: str
    due: date | None
    kind: str
    by: Side
    sentence: str


@frozen(kw_only=True)
class Clause:
    """A clause of a line: where it stands in the whole text, and the follow-up it holds, if any."""

    part: Part
    follow_up: FollowUp | None


def _due(dates: list[FoundDate], part: Part) -> date | None:
    ahead = [d for d in dates if part.start <= d.start < part.end and d.kind != "happened"]
    return ahead[-1].date if ahead else None


def _is_task(text: str, due: date | None) -> bool:
    if _DONE.search(text) and not _WISH.search(text):
        return False
    if _WISH.search(text) or _TO_DO.match(text) or _MUST.search(text) or _HAN_TO_DO.search(text):
        return True
    return due is not None and bool(_HAN_VERB.search(text) or _MEETING_AHEAD.search(text))


def _is_lone_date(part: Part, dates: list[FoundDate]) -> bool:
    return any(part.start <= d.start < part.end and len(part.text) - len(d.text) <= _ROUND_A_DATE for d in dates)


def _from_promise(promise: FoundPromise) -> FollowUp:
    return FollowUp(text=promise.what, due=promise.due, kind="promise", by=promise.by, sentence=promise.sentence)


def _in_sentence(sentence: Part, dates: list[FoundDate], now: datetime) -> list[Clause]:
    found: list[Clause] = []
    promises = find_promises(sentence.text, now)
    for piece in clauses(sentence.text):
        start = sentence.start + piece.start
        part = Part(start=start, end=start + len(piece.text), text=piece.text)
        due = _due(dates, part)
        made_here = [p for p in promises if p.what in piece.text.replace("\n", " ").replace("’", "'")]
        promises = [p for p in promises if p not in made_here]
        last = found[-1].follow_up if found else None
        if made_here:
            found += [Clause(part=part, follow_up=_from_promise(promise)) for promise in made_here]
        elif _is_task(piece.text, due):
            task = FollowUp(text=piece.text, due=due, kind="task", by="us", sentence=sentence.text)
            found.append(Clause(part=part, follow_up=task))
        elif due and last and last.due is None and last.kind == "task" and _is_lone_date(part, dates):
            found[-1] = evolve(found[-1], follow_up=evolve(last, due=due))
            found.append(Clause(part=part, follow_up=None))
        else:
            found.append(Clause(part=part, follow_up=None))
    # What was promised across clauses belongs to the whole sentence.
    return found + [Clause(part=sentence, follow_up=_from_promise(promise)) for promise in promises]


def read_clauses(text: str, dates: list[FoundDate], now: datetime) -> list[Clause]:
    """Return the clauses of `text` in order, each with the follow-up it holds.

    A promise in the clause goes before a task. A wish of theirs (`wants quote by Friday`) is a task of ours. A clause
    with a date ahead and a word for meeting or sending is a task too (`demo on Tuesday`, 周五前发报价). A clause that
    is little more than a date gives it to the task before it (`wants a quote, Friday at the latest`).
    """
    return [clause for sentence in sentences(text) for clause in _in_sentence(sentence, dates, now)]
