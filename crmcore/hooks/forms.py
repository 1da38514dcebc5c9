"""Forms: what one part of a business asks of people, and others may fill in without knowing it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from attrs import field, frozen
from attrs.validators import in_, matches_re

from crmcore.hooks.kinds import DECLARE, hook

TEXT, NUMBER, MONEY, DATE, YES_NO, CHOICE = "text", "number", "money", "date", "yes_no", "choice"
KINDS = (TEXT, NUMBER, MONEY, DATE, YES_NO, CHOICE)


@frozen(kw_only=True)
class Question:
    """What a form asks. The answer's type follows from its `kind`.

    text: str; number: Decimal; money: `Sum`, whose currency is empty where none was said; date: date; yes_no: bool;
    choice: one of `choices`, as it is written there.
    """

    name: str = field(validator=matches_re(r"[a-z][a-z0-9_]*"))
    label: str
    kind: str = field(default=TEXT, validator=in_(KINDS))
    choices: tuple[str, ...] = field(default=())
    required: bool = False

    @choices.validator
    def _check_choices(self, _attribute: object, value: tuple[str, ...]) -> None:
        if (self.kind == CHOICE) != bool(value):
            raise ValueError(f"question {self.name}: a choice has choices, and nothing else has")


@frozen(kw_only=True)
class Answered:
    """What a contact answered, to whom of us (`user_id`) and when (UTC); `values` has what was answered, by question.

    `about` names in words what it was asked for, such as a campaign by its code or name. `origin` is the record that
    the answers come from, as (entity, id): what is kept of them is linked to it. `interaction_id` is the talk.
    """

    contact_id: int
    at: datetime
    values: Mapping[str, Any]
    customer_id: int | None = None
    user_id: int | None = None
    about: str = ""
    origin: tuple[str, int] | None = None
    interaction_id: int | None = None


@frozen(kw_only=True)
class Kept:
    """What became of answers: the record, (entity, id), that keeps them; a word for the `result`, and a sentence.

    With `problem`, a sentence too, they were not kept, and why; then there is no record.
    """

    entity: str = ""
    id: int = 0
    result: str = ""
    sentence: str = ""
    problem: str = ""


@frozen(kw_only=True)
class Form:
    """A form: what it asks, and `keep(tx, answers)`, which keeps what was answered and tells what became of each.

    It answers one `Kept` for each of the answers, in their order; one that is not sound is told as a `problem` and
    holds up no other. It is called once for all of them, in the transaction of who fills in, with what a `notify` hook
    is lent; what it raises refuses the whole. `known(reader, contact_ids)`, where there is one, answers what is known
    already of contacts, by question, so that nobody asks or types it again.
    """

    name: str = field(validator=matches_re(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*"))
    title: str
    questions: tuple[Question, ...] = field()
    keep: Callable[[Any, Sequence[Answered]], Sequence[Kept]] = field(eq=False)
    known: Callable[[Any, Sequence[int]], Mapping[int, Mapping[str, Any]]] | None = field(default=None, eq=False)

    @questions.validator
    def _check_questions(self, _attribute: object, value: tuple[Question, ...]) -> None:
        names = [one.name for one in value]
        if not names or len(names) != len(set(names)):
            raise ValueError(f"form {self.name}: it asks something, and each question has a name of its own")


@hook(DECLARE)
def crm_forms() -> Iterable[Form]:  # type: ignore[empty-body] # a specification
    """Declare the forms that others may fill in (`tx.fill_in`): a script on the telephone, a wrap-up (row S4-03)."""
