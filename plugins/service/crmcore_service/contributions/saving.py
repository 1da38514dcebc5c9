"""What service does when changes are saved: what must not be is refused, and what follows is written.

The features are imported by who saves: those who only read do without.
"""

from collections.abc import Iterator, Sequence

from crmcore.api import ApplyTransaction, Change, PluginTransaction, impl


@impl
def crm_before_save(changes: Sequence[Change], tx: PluginTransaction) -> Iterator[str]:
    """Let each feature refuse what must not be."""
    from crmcore_service.returns import refusing as gains
    from crmcore_service.tickets import categories

    for refuse in (gains.refuse, categories.refuse):
        yield from refuse(changes, tx)


@impl
def crm_apply(changes: Sequence[Change], tx: ApplyTransaction) -> None:
    """Let each feature write what follows."""
    from crmcore_service.answers import indexing as answers
    from crmcore_service.formats import following
    from crmcore_service.levels import following as clocks
    from crmcore_service.returns import following as costs

    for follow in (following.keep, clocks.keep, costs.keep, answers.keep):
        follow(changes, tx)
