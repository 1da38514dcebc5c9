"""Asking on the telephone, question after question: back, skip, and an end at any time that loses nothing."""

from collections.abc import Callable, Mapping, Sequence

from attrs import define, field

from crmcore.api import Here, InvalidInput, answer_said, answer_shown
from crmcore_callcenter.i18n import _
from crmcore_callcenter.scripts.questions import Asked

BACK, SKIP, QUIT = ("back", "返回"), ("skip", "-", "跳过"), ("quit", "结束")

Read = Callable[[Asked, str, str], str | None]
"""Shows a question, what is known as its answer, and what was wrong with the last one; returns what was typed.

None says that the agent hung up, or closed the terminal.
"""


@define(kw_only=True)
class Interview:
    """What is said so far, as texts that are read again as the same; `finished` unless it was ended before the end."""

    answers: dict[str, str] = field(factory=dict)
    finished: bool = True


def interview(questions: Sequence[Asked], known: Mapping[str, str], here: Here, read: Read) -> Interview:
    """Ask everything, in order. Nothing typed takes what is known; a wrong answer is asked again, with the reason.

    After the answer that `ends` it nothing more is asked. What is required cannot be skipped.
    """
    said, place, wrong = Interview(), 0, ""
    while place < len(questions):
        one = questions[place]
        name = one.question.name
        before = said.answers.get(name, known.get(name, ""))
        typed = read(one, before, wrong)
        word = None if typed is None else typed.strip().casefold()
        wrong = ""
        if word is None or word in QUIT:
            said.finished = False
            return said
        if word in BACK:
            place = max(0, place - 1)
            continue
        text = "" if word in SKIP else (typed or "").strip() or before
        if not text and one.question.required:
            wrong = _("An answer is needed here.")
            continue
        try:
            answer = answer_said(one.question, text, here)
        except InvalidInput as error:
            wrong = str(error)
            continue
        said.answers.pop(name, None)
        if answer is not None:
            said.answers[name] = answer_shown(answer)
            if ends(one, text, here):
                _forget_the_rest(said, questions[place + 1 :])
                return said
        place += 1
    return said


def ends(one: Asked, text: str, here: Here) -> bool:
    """Return whether an answer is the one after which nothing more is asked."""
    return bool(one.ends) and answer_said(one.question, text, here) == answer_said(one.question, one.ends, here)


def _forget_the_rest(said: Interview, rest: Sequence[Asked]) -> None:
    for one in rest:  # answered before one went back
        said.answers.pop(one.question.name, None)
