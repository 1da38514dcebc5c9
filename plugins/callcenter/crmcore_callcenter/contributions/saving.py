"""What the call centre does when changes are saved: what follows is written.

The features are imported by who saves: those who only read do without.
"""

from collections.abc import Sequence

from crmcore.api import ApplyTransaction, Change, impl


@impl
def crm_apply(changes: Sequence[Change], tx: ApplyTransaction) -> None:
    """Let each feature write what follows."""
    from crmcore_callcenter.agents import presence
    from crmcore_callcenter.calls import restoring
    from crmcore_callcenter.outbound import following

    for follow in (restoring.restore, presence.keep, following.keep):
        follow(changes, tx)
