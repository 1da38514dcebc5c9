"""Selecting: what may be asked of people and organisations when some of them are chosen."""

from collections.abc import Callable, Iterable
from typing import Any

from attrs import field, frozen
from attrs.validators import in_, matches_re

from crmcore.hooks.kinds import DECLARE, hook

CONTACT, CUSTOMER = "contact", "customer"
NUMBER, TEXT, DATE, INSTANT, TRUTH = "number", "text", "date", "instant", "truth"
KINDS = (NUMBER, TEXT, DATE, INSTANT, TRUTH)


@frozen(kw_only=True, eq=False)
class Trait:
    """Something known of contacts or customers that a selection may ask for, as SQL.

    A plugin's trait is written with its name before it, `sales.won_amount`. `source` (a table, or a subquery without a
    name, of SQLAlchemy) has at most one row for each party, whose id is the column `key`; `value` is made of its
    columns, of the `kind` number, text, date, instant or truth. A party without a row, or with NULL there, has the
    value `empty`; None means that nothing is known of it. Traits that share one source object are joined once. `TODAY`,
    `NOW` and `BASE` (the workspace's currency) of `crmcore.api` are those of the selection.

    A `truth` without a `value` is true of who has a row, or several, and false of all others.

    With `by` a trait is asked with a text, `marketing.interest("routers")`: it is given a reader and the text, and
    answers the trait for it, which has the source; what it raises refuses the selection.
    """

    name: str = field(validator=matches_re(r"[a-z][a-z0-9_]*"))
    title: str
    of: str = field(validator=in_((CONTACT, CUSTOMER)))
    kind: str = field(validator=in_(KINDS))
    source: Any = None
    key: Any = None
    value: Any = None
    empty: Any = None
    by: "Callable[[Any, str], Trait] | None" = None

    def __attrs_post_init__(self) -> None:
        """Check that the trait says where its values are."""
        told = self.source is not None and self.key is not None and (self.value is not None or self.kind == TRUTH)
        if (self.by is None) is not told:
            raise ValueError(f"trait {self.name}: either `source`, `key` and `value`, or `by`")


@hook(DECLARE)
def crm_traits() -> Iterable[Trait]:  # type: ignore[empty-body] # a specification
    """Declare what selections of contacts and customers may ask thanks to this plugin.

    Selections are CEL, compiled to SQL: a trait is read set-wise, and only where it is asked for.
    """
