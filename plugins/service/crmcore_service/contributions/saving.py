"""What service does when changes are saved: what must not be is refused, and what follows is written."""

from collections.abc import Callable, Iterable, Iterator, Sequence

from crmcore.api import ApplyTransaction, Change, PluginTransaction, impl
from crmcore_service.answers import indexing as answers
from crmcore_service.formats import following
from crmcore_service.levels import following as clocks
from crmcore_service.returns import following as costs
from crmcore_service.returns import refusing as gains
from crmcore_service.tickets import categories

REFUSING: tuple[Callable[[Sequence[Change], PluginTransaction], Iterable[str]], ...] = (gains.refuse, categories.refuse)

FOLLOWING: tuple[Callable[[Sequence[Change], ApplyTransaction], None], ...] = (
    following.keep,
    clocks.keep,
    costs.keep,
    answers.keep,
)


@impl
def crm_before_save(changes: Sequence[Change], tx: PluginTransaction) -> Iterator[str]:
    """Let each feature refuse what must not be."""
    for refuse in REFUSING:
        yield from refuse(changes, tx)


@impl
def crm_apply(changes: Sequence[Change], tx: ApplyTransaction) -> None:
    """Let each feature write what follows."""
    for follow in FOLLOWING:
        follow(changes, tx)
