"""Who may say who takes calls: whoever may change what is everybody's."""

from crmcore.api import Denied, Transaction
from crmcore_callcenter.i18n import _


def must_lead(tx: Transaction) -> None:
    """Raise `Denied` unless the actor may change everybody's records: an extension decides whose calls are whose."""
    if tx.scope.write != "all" and tx.actor.user_id:
        raise Denied(
            _("Only administrators and managers set up agents, queues and wrap-up codes; {login} is {role}.").format(
                login=tx.actor.login, role=tx.actor.role
            )
        )
