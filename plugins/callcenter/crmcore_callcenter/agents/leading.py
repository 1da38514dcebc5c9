"""Who may say who takes calls, and what is said in them: whoever may change what is everybody's."""

from crmcore.api import Denied, Transaction
from crmcore_callcenter.i18n import _


def must_lead(tx: Transaction) -> None:
    """Raise `Denied` unless the actor may change everybody's records: what is set up here decides everybody's calls."""
    if tx.scope.write != "all" and tx.actor.user_id:
        raise Denied(
            _(
                "Only administrators and managers set up agents, queues, wrap-up codes and scripts; {login} is {role}."
            ).format(login=tx.actor.login, role=tx.actor.role)
        )
