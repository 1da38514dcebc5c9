"""The hook of service: what others know that may answer a question, such as the articles of a knowledge base.

Earlier solved tickets are service's own; whoever keeps articles, manuals or recordings offers them here, for all
questions of a page at once, and never learns who asked (row S1-V12).
"""

from collections.abc import Iterable
from typing import Any

from attrs import field, frozen

from crmcore.hooks.kinds import COLLECT, hook


@frozen(kw_only=True)
class Question:
    """What somebody asks, cleaned of names, addresses and numbers; `key` tells it from others of the same call.

    Where it is `public` the answer goes to a customer: only what anybody may read is to be offered.
    """

    key: int
    text: str
    public: bool = False


@frozen(kw_only=True)
class Article:
    """An answer to the question `question` (its key): a record `id` of the kind `entity`, with its title and text.

    `likeness` is 0 to 1: how much of the question it is about. `public` says that any customer may read it, at `url`
    where it has an address on the web; others are not offered to customers.
    """

    question: int
    entity: str
    id: int
    title: str
    likeness: float = field()
    text: str = ""
    url: str = ""
    public: bool = False

    @likeness.validator
    def _check_likeness(self, _attribute: object, value: float) -> None:
        if not 0 <= value <= 1:
            raise ValueError(f"the likeness of an article is 0 to 1, not {value}")


@hook(COLLECT)
def service_answers(questions: tuple[Question, ...], limit: int, reader: Any) -> Iterable[Article]:  # type: ignore[empty-body] # a specification
    """Offer at most `limit` articles for each of the questions, read set-wise: a few statements for all of them.

    `reader` shows what who asks may see.
    """
