"""What a script asks: the form's questions in the script's own words, and questions of its own."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from attrs import frozen

from crmcore.api import Form, InvalidInput, NotFound, PluginReader, Question, Reader, form_named
from crmcore_callcenter.i18n import _
from crmcore_callcenter.model.outbound import CallScript

KEYS = ("name", "ask", "label", "kind", "choices", "required", "ends")
"""What is said of a question of a script; `ends` is an answer after which nothing more is asked."""


@frozen(kw_only=True)
class Asked:
    """A question as a script asks it: `ask` are its words, `own` says that the form does not have it."""

    question: Question
    ask: str
    ends: str = ""
    own: bool = False


def form_of(reader: Reader | PluginReader, script: CallScript) -> Form | None:
    """Return the form that a script fills in; None where it has none, or nobody who keeps it is enabled."""
    try:
        return form_named(reader, script.form) if script.form else None
    except NotFound:
        return None


def asked(script: CallScript, form: Form | None) -> tuple[Asked, ...]:
    """Return what a script asks: its questions in their order, then what the form must have and it does not mention.

    A script without questions asks all that the form does.
    """
    known = {one.name: one for one in form.questions} if form is not None else {}
    said = [_asked(each, known) for each in script.questions]
    mentioned = {one.question.name for one in said}
    rest = [one for one in known.values() if one.name not in mentioned and (one.required or not script.questions)]
    return (*said, *(Asked(question=one, ask=one.label) for one in rest))


def checked(said: Sequence[Mapping[str, Any]], form: Form | None) -> list[dict[str, Any]]:
    """Return the questions of a script as they are kept; raises `InvalidInput` that names the wrong one.

    What the form asks has the form's kind; a script says of it only its wording.
    """
    known = {one.name: one for one in form.questions} if form is not None else {}
    kept: list[dict[str, Any]] = []
    for place, each in enumerate(said, 1):
        name = str(each.get("name", "")).strip()
        wrong = next(_wrong(name, each, known, {one["name"] for one in kept}), "")
        if wrong:
            raise InvalidInput(_("Question {n} ({name}): {why}.").format(n=place, name=name or "–", why=wrong))
        kept.append({key: each[key] for key in KEYS if each.get(key) not in (None, "", [], False)} | {"name": name})
        try:
            _asked(kept[-1], known)
        except ValueError as error:
            raise InvalidInput(_("Question {n} ({name}): {why}.").format(n=place, name=name, why=error)) from error
    return kept


def _wrong(name: str, each: Mapping[str, Any], known: Mapping[str, Question], before: set[str]) -> Iterator[str]:
    strange = [key for key in each if key not in KEYS]
    if strange:
        yield _("there is nothing called {key}; a question has {keys}").format(key=strange[0], keys=", ".join(KEYS))
    if not name:
        yield _("it has no name")
    if name in before:
        yield _("it is asked twice")
    if name in known and (each.get("kind") or each.get("choices")):
        yield _("its kind is the form's")


def _asked(each: Mapping[str, Any], known: Mapping[str, Question]) -> Asked:
    name = str(each["name"])
    ask, ends = str(each.get("ask", "")), str(each.get("ends", ""))
    question = known.get(name)
    if question is not None:
        return Asked(question=question, ask=ask or question.label, ends=ends)
    label = str(each.get("label", "")) or name
    own = Question(
        name=name,
        label=label,
        kind=str(each.get("kind", "") or "text"),
        choices=tuple(map(str, each.get("choices", ()))),
        required=bool(each.get("required", False)),
    )
    return Asked(question=own, ask=ask or label, ends=ends, own=True)
