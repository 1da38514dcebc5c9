"""What the word patterns of a language say about a clause."""

from attrs import frozen


@frozen(kw_only=True)
class Claim:
    """A clause that may be a promise.

    `by`: us or them. `what_start`: where the thing promised begins in the clause. `reported`: the promising itself was
    told (`promised`), so only dates after it are limits. `needs_measure`: counts only with a date or an amount
    (`we can deliver by Friday`).
    """

    by: str
    what_start: int
    reported: bool = False
    needs_measure: bool = False
